export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'strong';

/** Fewer characters are refused by main as well (`keys/weak-passphrase`). */
const MINIMUM = 8;
/** Bits below which a passphrase is refused. An attacker with the vault's files pays Argon2id for each guess. */
const FLOOR_BITS = 36;
const STRONG_BITS = 60;

const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[^A-Za-z\d\s]/, 33],
  [/\s/, 1],
];

/** True when a character follows from the one before: the same, or the next or last in order (abc, 321). */
function follows(before: number | undefined, code: number): boolean {
  return before !== undefined && Math.abs(code - before) <= 1;
}

/**
 * A rough estimate, on the low side: bits of a random text over the classes that occur, where repeated characters and
 * runs count for little. It never sees a word list, so it can't know that a well-known phrase is well known.
 */
function bitsOf(passphrase: string): number {
  const pool = CLASSES.reduce((sum, [pattern, size]) => sum + (pattern.test(passphrase) ? size : 0), 0);
  const perCharacter = Math.log2(Math.max(pool, 2));
  const seen = new Set<string>();
  let bits = 0;
  let before: number | undefined;
  for (const character of passphrase) {
    const code = character.codePointAt(0) ?? 0;
    const fresh = !seen.has(character);
    bits += follows(before, code) ? 0.5 : fresh ? perCharacter : perCharacter / 2;
    seen.add(character);
    before = code;
  }
  return bits;
}

/** How strong a passphrase is. Only `fair` and `strong` are accepted. */
export function strengthOf(passphrase: string): Strength {
  if (passphrase === '') return 'empty';
  if ([...passphrase].length < MINIMUM) return 'short';
  const bits = bitsOf(passphrase);
  if (bits < FLOOR_BITS) return 'weak';
  return bits < STRONG_BITS ? 'fair' : 'strong';
}

/** True when a vault may be made with a passphrase of this strength. */
export function isAccepted(strength: Strength): boolean {
  return strength === 'fair' || strength === 'strong';
}
