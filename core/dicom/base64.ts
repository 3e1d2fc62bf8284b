const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Bytes per piece of text: a multiple of three, so that only the last piece is padded. */
const PIECE = 6144;

/** Base64 (RFC 4648 section 4) of `bytes`, with padding. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) pieces.push(encode(bytes.subarray(at, at + PIECE)));
  return pieces.join('');
}

function encode(bytes: Uint8Array): string {
  const codes: number[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    codes.push(digit(group >> 18), digit(group >> 12));
    codes.push(left > 1 ? digit(group >> 6) : PAD, left > 2 ? digit(group) : PAD);
  }
  return String.fromCharCode(...codes);
}

const PAD = 0x3d;

function digit(value: number): number {
  return DIGITS.charCodeAt(value & 63);
}
