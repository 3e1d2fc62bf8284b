import type { Annotation, MarkEntry } from './annotation.ts';

/** One thing the reader did: the mark before and after. Null means "did not exist". */
export interface Change {
  readonly before: Annotation | null;
  readonly after: Annotation | null;
}

function entryFor(target: Annotation | null, other: Annotation | null): MarkEntry {
  if (target !== null) return { op: 'put', annotation: target };
  if (other === null) throw new RangeError('a change needs a before or an after');
  return { op: 'remove', uid: other.uid };
}

/**
 * Undo and redo of one open study. Every step answers the journal entry that makes it durable, so the sealed journal
 * and the screen can't disagree.
 */
export class History {
  #done: Change[] = [];
  #undone: Change[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Records a change that was just made; what was undone before it can't be redone any more. */
  record(change: Change): MarkEntry {
    const entry = entryFor(change.after, change.before);
    this.#done.push(change);
    this.#undone = [];
    return entry;
  }

  /** Steps back. Null means "nothing to undo". */
  undo(): { entry: MarkEntry; change: Change } | null {
    const change = this.#done.pop();
    if (change === undefined) return null;
    this.#undone.push(change);
    return { entry: entryFor(change.before, change.after), change };
  }

  /** Steps forward again. Null means "nothing to redo". */
  redo(): { entry: MarkEntry; change: Change } | null {
    const change = this.#undone.pop();
    if (change === undefined) return null;
    this.#done.push(change);
    return { entry: entryFor(change.after, change.before), change };
  }
}
