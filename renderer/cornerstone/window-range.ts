import { utilities } from '@cornerstonejs/core';
import type { Window } from './view-state.ts';

/** True for two windows that show the same. */
export function sameWindow(a: { center: number; width: number }, b: { center: number; width: number }): boolean {
  return a.center === b.center && a.width === b.width;
}

/** Lower and upper end of a window (PS3.3 C.11.2.1.2.1). */
export function windowRange(window: Window): [number, number] {
  const { lower, upper } = utilities.windowLevel.toLowHighRange(window.width, window.center);
  return lower < upper ? [lower, upper] : [window.center - window.width / 2, window.center + window.width / 2];
}
