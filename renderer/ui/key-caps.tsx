import { type Chord, partsOf } from '../commands/chord.ts';
import { type Text, type TextKey, useText } from '../text/text.ts';

/** Keys whose cap shows a character. */
const CHARACTERS: Readonly<Record<string, string>> = {
  Comma: ',',
  Period: '.',
  BracketLeft: '[',
  BracketRight: ']',
  Plus: '+',
  Minus: '-',
  Equal: '=',
  Question: '?',
};

const NAMED = [
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'Enter',
  'Space',
  'Delete',
  'Backspace',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Tab',
  'Ctrl',
  'Shift',
  'Alt',
] as const;

function capOf(part: string, t: Text): string {
  const named = NAMED.find((name) => name === part);
  return named === undefined ? (CHARACTERS[part] ?? part) : t(`key.${named}` satisfies TextKey);
}

/** A chord as text: "Ctrl+K". */
export function chordText(chord: Chord, t: Text): string {
  return partsOf(chord)
    .map((part) => capOf(part, t))
    .join('+');
}

/** A chord as caps. The bundled font has no glyphs for arrows or modifier signs, so caps carry words. */
export function KeyCaps({ chord }: { readonly chord: Chord }) {
  const t = useText();
  return (
    <kbd className="keys">
      {partsOf(chord).map((part) => (
        <span className="key" key={part}>
          {capOf(part, t)}
        </span>
      ))}
    </kbd>
  );
}
