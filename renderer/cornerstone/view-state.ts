import type { FrameFacts } from './facts.ts';
import type { VoiTable } from './voi.ts';

/** The images that a viewport leafs through. */
export interface Stack {
  readonly seriesUid: string;
  readonly imageIds: readonly string[];
}

/** A window in the unit of the drawn values. `name` is shown beside the numbers; empty when set by hand. */
export interface Window {
  readonly center: number;
  readonly width: number;
  readonly name: string;
  /** The file's own table that is drawn through in place of the window's line. */
  readonly table?: VoiTable | null;
}

export interface ViewState {
  readonly stack: Stack | null;
  /** Slice that is painted, from 0; never one that is only asked for. */
  readonly index: number;
  /** Slice that was asked for last, from 0; the same as `index` once it is painted. */
  readonly target: number;
  /** A series was asked for and nothing is painted yet. */
  readonly opening: boolean;
  /** Null for colour, and before the first image. */
  readonly window: Window | null;
  /** True while the window follows each image's own. */
  readonly fileWindow: boolean;
  readonly inverted: boolean;
  /** The lower end of the window stays at zero while the upper one moves, as emission images are read (IHE BIR). */
  readonly zeroBound: boolean;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  /** Degrees clockwise. */
  readonly rotation: number;
  /** Screen pixels (CSS) per image column. */
  readonly zoom: number;
  /** Why the slice at `index` isn't shown; null when it is. */
  readonly error: string | null;
}

/** A view before its first series. */
export const EMPTY_VIEW: ViewState = {
  stack: null,
  index: 0,
  target: 0,
  opening: false,
  window: null,
  fileWindow: false,
  inverted: false,
  zeroBound: false,
  flippedHorizontally: false,
  flippedVertically: false,
  rotation: 0,
  zoom: 1,
  error: null,
};

/** How a series opens. A null window stands for the 1 to 99 % range of the image. */
export interface Opening {
  readonly window: Window | null;
  /** On top of what the photometric interpretation says, as PET is read. */
  readonly inverted: boolean;
}
export type OpeningChooser = (facts: FrameFacts) => Opening;

/** What a reset throws away, for undo. */
export interface ViewSnapshot {
  readonly window: Window | null;
  readonly fileWindow: boolean;
  readonly inverted: boolean;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  readonly rotation: number;
  readonly zoom: number;
  /** Image pixel in the middle of the viewport. */
  readonly center: readonly [number, number];
}

/** Whether two lists name the same images, as far as their ends tell: lists of one series never differ in between. */
export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1);
}
