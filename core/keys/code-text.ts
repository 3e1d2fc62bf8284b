/**
 * How secrets are printed for people: five bits a character, in groups of four. The alphabet has no 0 O 1 I, whatever the
 * typeface.
 */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUP_LENGTH = 4;

/** Five bits a character, most significant first; `bytes` is a multiple of five bytes long. */
export function encode(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return text;
}

/** The inverse of `encode`, or null when a character isn't in the alphabet. */
export function decode(text: string): Uint8Array | null {
  const bytes = new Uint8Array((text.length * 5) / 8);
  let held = 0;
  let bits = 0;
  let filled = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[filled++] = (held >> bits) & 0xff;
  }
  return bytes;
}

/** Groups of four characters, joined by hyphens. */
export function groups(text: string): string {
  return (text.match(/.{1,4}/g) ?? []).join('-');
}

/** What was typed, without what doesn't matter: case, spaces, hyphens of any kind. */
export function normalise(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '');
}

/** The first group (from 1) that holds a character which no code has, or 0. */
export function foreignGroup(text: string): number {
  const foreign = [...text].findIndex((character) => !ALPHABET.includes(character));
  return foreign < 0 ? 0 : Math.floor(foreign / GROUP_LENGTH) + 1;
}
