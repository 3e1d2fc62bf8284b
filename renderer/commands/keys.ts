import type { Chord } from './chord.ts';
import { chordOf, typesText } from './chord.ts';
import type { Command, CommandScope } from './command.ts';
import { isCursorShown, isSegmenting, runCommand } from './registry.ts';
import type { CommandId } from './table.ts';

/** Where the focus is, as far as keys care. */
export interface Focus {
  /** A text field, a select, or anything else that wants characters. */
  readonly inField: boolean;
  readonly inDialog: boolean;
  readonly inGrid: boolean;
  readonly inList: boolean;
  readonly inViewer: boolean;
  readonly cursor: boolean;
  readonly segmenting: boolean;
}

const FIELDS =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=button]), textarea, select, [contenteditable=true]';
const DIALOGS = '[role=dialog], [role=alertdialog], [role=menu]';

/** Reads the focus from the page. */
function focusOf(target: EventTarget | null): Focus {
  const element = target instanceof Element ? target : null;
  const within = (selector: string): boolean => element?.closest(selector) != null;
  return {
    inField: within(FIELDS),
    inDialog: within(DIALOGS),
    inGrid: within('[data-command-scope="grid"]'),
    inList: within('[data-command-scope="list"]'),
    inViewer: document.querySelector('[data-command-scope="viewer"]') !== null,
    cursor: isCursorShown(),
    segmenting: isSegmenting(),
  };
}

/** Keys that edit text: a field keeps them, whatever they are bound to. */
const EDITING: ReadonlySet<Chord> = new Set([
  'Ctrl+Z',
  'Ctrl+Y',
  'Ctrl+Shift+Z',
  'Ctrl+B',
  'Ctrl+J',
  'Ctrl+Backspace',
  'Ctrl+Delete',
  'Ctrl+ArrowLeft',
  'Ctrl+ArrowRight',
  'Ctrl+ArrowUp',
  'Ctrl+ArrowDown',
  'Alt+ArrowLeft',
  'Alt+ArrowRight',
]);

/** Whether a command of `scope` hears `chord` while the focus is there. */
export function hears(scope: CommandScope, chord: Chord, focus: Focus): boolean {
  if (focus.inField && (typesText(chord) || EDITING.has(chord))) return false;
  if (scope === 'always') return true;
  if (focus.inDialog) return false;
  switch (scope) {
    case 'everywhere':
      return true;
    case 'list':
      return focus.inList;
    case 'viewer':
      return focus.inViewer && !focus.inField;
    case 'grid':
      return focus.inGrid && !focus.inField;
    case 'cursor':
      return focus.inGrid && !focus.inField && focus.cursor;
    case 'segment':
      return focus.inGrid && !focus.inField && focus.segmenting;
  }
}

/** The commands that hear a press, the most particular first. */
export function listeners(commands: readonly Command[], chord: Chord, focus: Focus): readonly Command[] {
  const heard = commands.filter((command) => hears(command.scope, chord, focus));
  const isOfMode = ({ scope }: Command): number => Number(scope === 'cursor' || scope === 'segment');
  return heard.sort((a, b) => isOfMode(b) - isOfMode(a));
}

/**
 * Hears every key press of the page (in the capture phase, so that no widget takes Ctrl+L away) and runs the command.
 * @param lookup the keys in force.
 * @param mac Cmd is Ctrl.
 * @returns the function that stops listening.
 */
export function listenToKeys(lookup: () => ReadonlyMap<Chord, readonly Command[]>, mac: boolean): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.getModifierState('AltGraph')) return;
    const chord = chordOf(event, mac);
    if (chord === null) return;
    for (const command of listeners(lookup().get(chord) ?? [], chord, focusOf(event.target))) {
      if (event.repeat && command.repeat !== true) {
        // Held keys of a toggle do nothing, but they don't fall through to the page either.
        event.preventDefault();
        return;
      }
      if (!runCommand(command.id as CommandId, 'key')) continue;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
}
