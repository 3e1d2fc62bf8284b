import { useEffect } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { ReadingSession } from './session.ts';

/** Turning distance of a wheel that stands for one image, in pixels; a notch of a mouse wheel is about 100. */
const WHEEL_NOTCH = 60;
/** A right click moves less than this between press and release (ui.md section 1), in CSS pixels. */
const CLICK = 4;
const ZOOM_PER_NOTCH = 1.15;

function notches(event: WheelEvent, left: number): number {
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_NOTCH;
  return left + pixels / WHEEL_NOTCH;
}

/** Wheel and right click of a viewport. Drags belong to the tools. */
export function useMouse(view: StackView | null, session: ReadingSession, cell: number): void {
  useEffect(() => {
    if (view === null) return;
    const { element } = view;
    let turned = 0;
    let pressed: readonly [number, number] | null = null;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      session.activate(cell);
      turned = notches(event, turned);
      // A notch always moves one image at least, however little its driver reports.
      const steps =
        Math.abs(turned) >= 1
          ? Math.trunc(turned)
          : event.deltaMode === 0 && Math.abs(event.deltaY) < 40
            ? 0
            : Math.sign(turned);
      if (steps === 0) return;
      turned = 0;
      if (event.ctrlKey) view.zoomBy(ZOOM_PER_NOTCH ** -steps);
      else view.scrollBy(event.shiftKey ? Math.sign(steps) * 10 : steps);
    };
    const down = (event: PointerEvent): void => {
      if (event.button === 2) pressed = [event.clientX, event.clientY];
    };
    const menu = (event: MouseEvent): void => {
      event.preventDefault();
      const at = pressed;
      pressed = null;
      if (at === null || Math.hypot(event.clientX - at[0], event.clientY - at[1]) >= CLICK) return;
      session.activate(cell);
      session.set({ menu: { x: event.clientX, y: event.clientY } });
    };
    const still = (event: Event): void => event.preventDefault();
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    // The menu opens on release on every system, so that a right drag never opens it.
    element.addEventListener('contextmenu', still);
    const up = (event: MouseEvent): void => {
      if (event.button === 2) menu(event);
    };
    window.addEventListener('mouseup', up);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('contextmenu', still);
      window.removeEventListener('mouseup', up);
    };
  }, [view, session, cell]);
}
