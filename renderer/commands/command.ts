import type { Chord } from './chord.ts';

/** Groups in the order in which the key sheet and the palette show them. */
export const GROUPS = [
  'everywhere',
  'study',
  'tools',
  'measure',
  'draw',
  'segment',
  'images',
  'window',
  'view',
  'overlay',
  'layout',
  'panels',
] as const;
export type CommandGroup = (typeof GROUPS)[number];

/**
 * Where a command's keys act:
 * - `everywhere`: any screen that isn't locked, fields included, but not under a dialog
 * - `always`: that, and dialogs too
 * - `list`: the study list, focus anywhere in it
 * - `viewer`: the reading screen, focus anywhere but in a field or a dialog
 * - `grid`: focus in the viewer grid (an element inside `[data-command-scope="grid"]`). Letters act only there (WCAG 2.1.4)
 * - `cursor`: as `grid`, while the pixel cursor is shown; goes before `grid`
 * - `segment`: as `grid`, while segments are painted; goes before `grid`
 */
export type CommandScope = 'everywhere' | 'always' | 'list' | 'viewer' | 'grid' | 'cursor' | 'segment';

export interface Command {
  readonly id: string;
  readonly group: CommandGroup;
  readonly scope: CommandScope;
  /** Chords of the profile "Vitrine". Several are equal. */
  readonly keys: readonly Chord[];
  /** Holding the key repeats it. Toggles and tools must not flutter, so the default is no. */
  readonly repeat?: true;
  /** Not in the palette: it makes sense by key only (steps of a cursor). */
  readonly keysOnly?: true;
}
