import { useEffect } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { ReadingSession } from './session.ts';
import { wheelSteps } from './wheel.ts';

/** A right click moves less than this between press and release (ui.md section 1), in CSS pixels. */
const CLICK = 4;
const ZOOM_PER_NOTCH = 1.15;

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
      const { steps, left } = wheelSteps(event, turned);
      turned = left;
      if (steps === 0) return;
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
