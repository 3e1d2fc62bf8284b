import { type Types as CoreTypes, triggerEvent } from '@cornerstonejs/core';
import { Enums, type Types } from '@cornerstonejs/tools';

/**
 * Cornerstone's own mouse listener holds every press back for 400 ms to see whether it becomes a double click. A mark
 * would then come, and be saved, that much too late, and a key pressed meanwhile would give the press to another tool.
 * So this listener stands in front of it: the tools get the same events, at once.
 */
type Points = Types.IPoints;

/** A press that is over sooner than this is a click, in milliseconds; tools then follow the pointer until the next one. */
const CLICK_MS = 200;

/** Native events that Cornerstone listens to and that must not reach it. */
const SHADOWED = ['mousedown', 'mousemove', 'touchstart'] as const;

/** A place of the canvas that nothing is near to. */
const FAR_AWAY: CoreTypes.Point2 = [-1e6, -1e6];

interface Surface {
  readonly element: HTMLDivElement;
  readonly viewportId: string;
  readonly renderingEngineId: string;
  canvasToWorld(point: CoreTypes.Point2): CoreTypes.Point3;
}

interface Press {
  readonly button: number;
  readonly at: number;
  readonly start: Points;
  last: Points;
}

function pointsOf(event: PointerEvent, surface: Surface): Points {
  const box = surface.element.getBoundingClientRect();
  const canvas: CoreTypes.Point2 = [event.clientX - box.left, event.clientY - box.top];
  return {
    page: [event.pageX, event.pageY],
    client: [event.clientX, event.clientY],
    canvas,
    world: surface.canvasToWorld(canvas),
  };
}

function minus2(a: CoreTypes.Point2, b: CoreTypes.Point2): CoreTypes.Point2 {
  return [a[0] - b[0], a[1] - b[1]];
}

function minus(a: Points, b: Points): Points {
  return {
    page: minus2(a.page, b.page),
    client: minus2(a.client, b.client),
    canvas: minus2(a.canvas, b.canvas),
    world: [a.world[0] - b.world[0], a.world[1] - b.world[1], a.world[2] - b.world[2]],
  };
}

/** Hands the pointer of a viewport to Cornerstone's tools. Answers the function that stops it. */
export function bridgePointer(surface: Surface): () => void {
  const { element, viewportId, renderingEngineId } = surface;
  const { Events } = Enums;
  let press: Press | null = null;

  const tell = (name: string, event: PointerEvent, current: Points): boolean => {
    const start = press?.start ?? current;
    const last = press?.last ?? current;
    const places = { startPoints: start, lastPoints: last, currentPoints: current, deltaPoints: minus(current, last) };
    const where = { element, viewportId, renderingEngineId, camera: {} };
    return triggerEvent(element, name, { event, eventName: name, mouseButton: press?.button, ...where, ...places });
  };

  const down = (event: PointerEvent): void => {
    if (press !== null) return;
    const current = pointsOf(event, surface);
    press = { button: event.buttons, at: event.timeStamp, start: current, last: current };
    element.setPointerCapture(event.pointerId);
    if (tell(Events.MOUSE_DOWN, event, current)) tell(Events.MOUSE_DOWN_ACTIVATE, event, current);
  };

  const move = (event: PointerEvent): void => {
    const current = pointsOf(event, surface);
    tell(press === null ? Events.MOUSE_MOVE : Events.MOUSE_DRAG, event, current);
    if (press !== null) press.last = current;
  };

  const up = (event: PointerEvent): void => {
    if (press === null) return;
    const isClick = event.timeStamp - press.at < CLICK_MS;
    tell(isClick ? Events.MOUSE_CLICK : Events.MOUSE_UP, event, pointsOf(event, surface));
    press = null;
  };

  // Tools light up what the pointer is near. The last they hear before it is gone would leave that lit for good.
  const leave = (event: PointerEvent): void => {
    if (press !== null) return;
    const { world, ...places } = pointsOf(event, surface);
    tell(Events.MOUSE_MOVE, event, { ...places, canvas: FAR_AWAY, world });
  };

  const shadow = (event: Event): void => event.stopPropagation();
  for (const name of SHADOWED) element.addEventListener(name, shadow, { capture: true, passive: true });
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  return () => {
    for (const name of SHADOWED) element.removeEventListener(name, shadow, { capture: true });
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
  };
}
