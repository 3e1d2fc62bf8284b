import type { Settings } from '../../core/contract/session.ts';
import { type Chord, isReserved, typesText } from './chord.ts';
import type { Command, CommandScope } from './command.ts';
import { COMMANDS, type CommandId, commandOf, scopesMeet } from './table.ts';

export type KeyProfile = Settings['keyProfile'];
type Keys = Readonly<Partial<Record<CommandId, readonly Chord[]>>>;

/**
 * What other viewers' users have in their fingers. Only what differs from the table is listed.
 *
 * Weasis: preset digits of `weasis-distributions/resources/presets.xml` (0 auto, 1 the file's, 3 brain, …).
 * OHIF: `platform/core/src/defaults/hotkeyBindings.ts`; its letters do flip and rotate, which is why they are a choice.
 */
const PROFILES: Readonly<Record<KeyProfile, Keys>> = {
  vitrine: {},
  weasis: {
    'preset.file': ['1'],
    'preset.softTissue': [],
    'preset.lung': ['7'],
    'preset.bone': ['6'],
    'preset.brain': ['3'],
    'preset.liver': [],
    'preset.mediastinum': ['5'],
    'preset.abdomen': ['4'],
    'preset.angio': ['8'],
  },
  ohif: {
    'tool.crosshair': ['Shift+H'],
    'mpr.toggle': ['Shift+V'],
    'flip.horizontal': ['H'],
    'flip.vertical': ['V'],
    'rotate.left': ['L'],
    'rotate.right': ['R'],
    'invert.toggle': ['I'],
    'overlay.cycle': ['Shift+O'],
    'view.reset': ['Space'],
    'overlay.hide': ['U'],
    'link.toggle': ['N'],
    'mark.remove': ['Backspace', 'Delete'],
  },
};

/** Chords of every command that has some. */
export type KeyMap = ReadonlyMap<CommandId, readonly Chord[]>;

/** Settings keep a command's own chords as text, parted by spaces; empty text means that it has none. */
export function readChords(text: string): readonly Chord[] {
  return text.split(' ').filter((chord) => chord !== '');
}

/** The keys in force: the table's, changed by the profile, changed by the person. */
export function keyMap(profile: KeyProfile, own: Readonly<Record<string, string>>): KeyMap {
  const map = new Map<CommandId, readonly Chord[]>();
  for (const command of COMMANDS) {
    const changed = own[command.id];
    map.set(command.id, changed === undefined ? (PROFILES[profile][command.id] ?? command.keys) : readChords(changed));
  }
  return map;
}

/** Why a chord can't be a command's key. */
export type ChordProblem =
  | { readonly kind: 'reserved' | 'types-text' }
  | { readonly kind: 'taken'; readonly by: CommandId };

/** Scopes in which a bare letter is heard: the focus is among the images. */
const IN_GRID: ReadonlySet<CommandScope> = new Set(['grid', 'cursor', 'segment']);

/**
 * Whether `chord` may become a key of `id`. Null means that it may.
 * A bare letter outside of the viewer grid would be typed into a field or heard by a screen reader, so it is refused there.
 */
export function chordProblem(id: CommandId, chord: Chord, keys: KeyMap): ChordProblem | null {
  if (isReserved(chord)) return { kind: 'reserved' };
  const { scope } = commandOf(id);
  if (!IN_GRID.has(scope) && typesText(chord)) return { kind: 'types-text' };
  for (const [other, chords] of keys) {
    if (other !== id && chords.includes(chord) && scopesMeet(scope, commandOf(other).scope)) {
      return { kind: 'taken', by: other };
    }
  }
  return null;
}

/** Commands by chord: what a key press looks up. */
export function byChord(keys: KeyMap): ReadonlyMap<Chord, readonly Command[]> {
  const found = new Map<Chord, Command[]>();
  for (const [id, chords] of keys) {
    for (const chord of chords) {
      const list = found.get(chord) ?? [];
      list.push(commandOf(id));
      found.set(chord, list);
    }
  }
  return found;
}
