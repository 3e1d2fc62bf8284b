/**
 * The moments at which a crash is most likely to be noticed: right after something reached the disk and before the next
 * step did. Product code names them by `reach`, which does nothing. A test that wants to die there imports this module and
 * calls `onReach`; nothing in the product does, there is no switch, and no environment variable is read, so that a
 * packaged application can't be made to stop anywhere.
 */
export const WRITE_POINTS = {
  /** begun: marked as running in the catalogue. object: an object's file is whole and flushed. */
  import: ['begun', 'study-made', 'object', 'staged', 'manifest', 'before-commit', 'committed'],
  annotate: ['note', 'row'],
  /** Undoing an import that a crash had cut short, and making the catalogue anew. */
  recover: ['swept', 'undone', 'kept-aside', 'marked', 'rebuilt', 'unmarked'],
  backup: ['begun', 'part', 'object', 'key', 'header', 'audit', 'catalogue', 'list', 'body', 'signed', 'pruned'],
  restore: ['begun', 'part', 'object', 'audit', 'catalogue', 'header', 'finished'],
  repair: ['part', 'aside', 'replaced'],
  scrub: ['position'],
  state: ['inside', 'outside'],
  /** reseal-…, new-key to old-destroyed: one study on its way to a new key; whole: its new folder is complete. */
  rotate: [
    'header',
    'catalogue',
    'study-key',
    'records',
    'dropped',
    'reseal-begun',
    'new-key',
    'object',
    'whole',
    'taken-out',
    'put-in',
    'old-destroyed',
  ],
  shred: ['recorded', 'key', 'objects', 'catalogue', 'finished', 'signed'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Points = typeof WRITE_POINTS;

/** `operation.point`. */
export type WritePoint = { [Name in keyof Points]: `${Name}.${Points[Name][number]}` }[keyof Points];

let hook: ((point: WritePoint) => void) | null = null;

/** Says that what comes before this line is on disk. */
export function reach(point: WritePoint): void {
  hook?.(point);
}

/** For tests: `told` is called at every point, before the next step; null ends that. */
export function onReach(told: ((point: WritePoint) => void) | null): void {
  hook = told;
}
