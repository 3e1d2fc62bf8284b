import type { RenderingEngine } from '@cornerstonejs/core';

/** A picture that follows the size of its element. */
interface Sized {
  readonly element: HTMLElement;
  /** Whether it filled its element when it was last drawn. */
  isFitted(): boolean;
  /** Its canvas has the element's new size. */
  resized(wasFitted: boolean): void;
}

const live = new Map<Element, Sized>();
let frame = 0;

function resizeAll(engine: RenderingEngine): void {
  const before = [...live.values()].map((view) => [view, view.isFitted()] as const);
  engine.resize(true, true);
  for (const [view, wasFitted] of before) view.resized(wasFitted);
}

/** Sees to it now that no canvas is of another size than its element: a picture that is fitted before would be cut. */
export function settleSizes(engine: RenderingEngine): void {
  const isStale = ({ element }: Sized): boolean => {
    const canvas = element.querySelector('canvas');
    return canvas !== null && Math.abs(canvas.width - element.clientWidth * window.devicePixelRatio) > 1;
  };
  if ([...live.values()].some(isStale)) resizeAll(engine);
}

/**
 * Gives a viewport's canvas the size of its element, whenever that changes and whatever changed it: the window, the
 * layout, a panel. Answers the function that stops it.
 */
export function followSize(view: Sized, engine: RenderingEngine): () => void {
  // All viewports are resized together, once a frame: the engine knows no other way.
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => resizeAll(engine));
  });
  live.set(view.element, view);
  observer.observe(view.element);
  return () => {
    observer.disconnect();
    live.delete(view.element);
  };
}
