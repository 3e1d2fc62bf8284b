import { EMPTY_VIEW, type Stack, type ViewState } from './view-state.ts';

/** A slice that somebody asked for. */
interface Target {
  readonly stack: Stack;
  readonly index: number;
}

/**
 * What a viewport was asked for, what it has been told, and what is really painted. The three differ while a frame is
 * on its way; whatever names the image (overlay, attributes, marks) reads `shown`, which changes only when a picture is
 * on the screen, so that no name ever stands over another image's pixels.
 */
export class ViewModel {
  #target: Target | null = null;
  #told = EMPTY_VIEW;
  #shown = EMPTY_VIEW;

  /** What is painted, or the slice that failed in its place. */
  get shown(): ViewState {
    return this.#shown;
  }

  /** What the viewport has been told: the next painting shows it. Commands count from here. */
  get told(): ViewState {
    return this.#told;
  }

  get target(): Target | null {
    return this.#target;
  }

  /** A slice is wanted. What is shown stays what is painted; only the slider goes ahead. */
  ask(stack: Stack, index: number): void {
    this.#target = { stack, index };
    const opening = this.#shown.stack === null;
    this.#shown = { ...this.#shown, opening, target: this.#shown.stack === stack ? index : this.#shown.index };
  }

  /** The wanted slice is going to the viewport. True when its series is new there: it opens fitted and windowed. */
  begin(isNew: boolean): boolean {
    if (this.#target === null) return false;
    const { stack, index } = this.#target;
    const fresh = isNew || this.#told.stack !== stack;
    this.#told = fresh ? { ...EMPTY_VIEW, stack, index } : { ...this.#told, index, error: null };
    return fresh;
  }

  /** The viewport was told something else than a slice. */
  change(change: Partial<ViewState>): void {
    this.#told = { ...this.#told, ...change };
  }

  /** The wanted slice can't be shown: its place is named, its picture must go. */
  fail(code: string): void {
    if (this.#target === null) return;
    const { stack, index } = this.#target;
    const base = this.#told.stack === stack ? this.#told : EMPTY_VIEW;
    this.#told = { ...base, stack, index, target: index, error: code };
    this.#shown = this.#told;
  }

  /** A picture of `imageId` is on the screen. True when it is one to be shown. */
  painted(imageId: string, zoom: number): boolean {
    const told = this.#told;
    if (told.stack === null || told.error !== null) return false;
    const isTold = told.stack.imageIds[told.index] === imageId;
    const index = isTold ? told.index : told.stack.imageIds.indexOf(imageId);
    if (index === -1) return false;
    const target = this.#target?.stack === told.stack ? this.#target.index : index;
    const next = { ...told, index, target, zoom, opening: false };
    const before = this.#shown;
    this.#shown = sameState(before, next) ? before : next;
    return true;
  }
}

function sameState(a: ViewState, b: ViewState): boolean {
  const same = (key: keyof ViewState): boolean => key === 'zoom' || Object.is(a[key], b[key]);
  return (Object.keys(b) as (keyof ViewState)[]).every(same) && Math.abs(a.zoom - b.zoom) <= 1e-4;
}
