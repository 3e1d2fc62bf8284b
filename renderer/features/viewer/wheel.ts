/** What a wheel event says of its turn; `deltaMode` 0 counts pixels, 1 lines, 2 pages. */
interface Turn {
  readonly deltaY: number;
  readonly deltaMode: number;
}

/** A turn of at least this many pixels comes from the notches of a mouse wheel; a trackpad sends less, but often. */
const NOTCHED = 50;
/** Pixels of a notch under X11; Windows sends 100, which rounds to one notch too. */
const NOTCH = 120;
const LINES_PER_NOTCH = 3;
/** Way of the fingers on a trackpad that stands for one image, in pixels. */
const TRACKPAD_STEP = 60;

/**
 * Images that a turn of the wheel moves on by, and the trackpad's way that is left over for the next turn, in pixels. A
 * notch is one image on every system, so that none can be jumped over.
 */
export function wheelSteps({ deltaY, deltaMode }: Turn, left: number): { steps: number; left: number } {
  const size = Math.abs(deltaY);
  if (size === 0) return { steps: 0, left };
  if (deltaMode !== 0 || size >= NOTCHED) {
    const perNotch = deltaMode === 0 ? NOTCH : deltaMode === 1 ? LINES_PER_NOTCH : 1;
    return { steps: Math.sign(deltaY) * Math.max(1, Math.round(size / perNotch)), left: 0 };
  }
  // Fingers that turn back begin anew.
  const way = deltaY * left < 0 ? deltaY : left + deltaY;
  const steps = Math.trunc(way / TRACKPAD_STEP) + 0;
  return { steps, left: way - steps * TRACKPAD_STEP };
}
