/**
 * A chord is text such as `Ctrl+K`, `Shift+ArrowLeft`, `W` or `Comma`: modifiers in the order Ctrl, Alt, Shift, then the
 * key. It is what settings keep and what the key sheet shows as caps.
 *
 * Keys are told apart by the character that they make, so that letters follow the layout. Digits and `, . [ ]` go by their
 * place on the keyboard: on AZERTY digits need Shift and a preset must not (ui.md section 1).
 */
export type Chord = string;

/** The parts of a KeyboardEvent that say what was pressed. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

const BY_PLACE: Readonly<Record<string, string>> = {
  Comma: 'Comma',
  Period: 'Period',
  BracketLeft: 'BracketLeft',
  BracketRight: 'BracketRight',
};

/** Characters that some layouts make with Shift and others without: Shift is part of the character, not of the chord. */
const SYMBOLS: Readonly<Record<string, string>> = {
  '+': 'Plus',
  '-': 'Minus',
  '=': 'Equal',
  '?': 'Question',
  ' ': 'Space',
};

const MODIFIERS: ReadonlySet<string> = new Set([
  'Control',
  'Shift',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'NumLock',
  'OS',
]);

const digitOf = (press: KeyPress): string | null => /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1] ?? null;

function keyOf(press: KeyPress): { name: string; withShift: boolean } | null {
  const { key, code, shiftKey } = press;
  if (MODIFIERS.has(key) || key === 'Dead' || key === 'Unidentified' || key === 'Process') return null;
  const digit = digitOf(press);
  // A numeric pad without NumLock sends Home, arrows and the like under the same code: those are what was meant.
  if (digit !== null && !shiftKey && key.length === 1) return { name: digit, withShift: false };
  const symbol = SYMBOLS[key];
  if (symbol !== undefined) return { name: symbol, withShift: symbol === 'Space' && shiftKey };
  if (digit !== null && key.length === 1) return { name: digit, withShift: shiftKey };
  const place = BY_PLACE[code];
  if (place !== undefined) return { name: place, withShift: shiftKey };
  return { name: key.length === 1 ? key.toUpperCase() : key, withShift: shiftKey };
}

/**
 * The chord that was pressed, or null for a lone modifier or a dead key.
 * @param mac Cmd counts as Ctrl there; elsewhere the Meta key belongs to the system and gives null.
 */
export function chordOf(press: KeyPress, mac: boolean): Chord | null {
  const key = keyOf(press);
  if (key === null || (press.metaKey && !mac)) return null;
  const ctrl = press.ctrlKey || press.metaKey;
  return [
    ...(ctrl ? ['Ctrl'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(key.withShift ? ['Shift'] : []),
    key.name,
  ].join('+');
}

/** The parts of a chord, for key caps: modifiers first, the key last. */
export function partsOf(chord: Chord): readonly string[] {
  return chord.split('+');
}

/** True when a chord types text into a field: no Ctrl, no Alt, and a key that makes a character or moves the caret. */
export function typesText(chord: Chord): boolean {
  if (/^(?:Ctrl|Alt)\+/.test(chord)) return false;
  const key = partsOf(chord).at(-1) ?? '';
  return !/^F\d+$/.test(key) && key !== 'Escape';
}

const RESERVED: ReadonlySet<Chord> = new Set([
  // Roles that Electron gives these keys (menu-item-roles.ts), and the developer tools.
  'Ctrl+R',
  'Ctrl+Shift+R',
  'Ctrl+Shift+I',
  'Ctrl+0',
  'Ctrl+M',
  'Ctrl+Q',
  'Ctrl+H',
  // The scale of the interface.
  'Ctrl+Plus',
  'Ctrl+Minus',
  'Ctrl+Equal',
  // Reload, full screen and the like of browsers and systems.
  'F5',
  'F10',
  'F12',
  'Alt+F4',
  'Alt+Tab',
  'Tab',
  'Shift+Tab',
  'Escape',
  // Text editing, which every field needs.
  'Ctrl+A',
  'Ctrl+C',
  'Ctrl+V',
  'Ctrl+X',
]);

/** True for chords that are never bound, because the system, Electron or text fields own them (ui.md section 1). */
export function isReserved(chord: Chord): boolean {
  return RESERVED.has(chord) || chord.startsWith('Ctrl+Alt+') || /^Ctrl\+Shift\+\d$/.test(chord);
}
