/** Markers of a JPEG 2000 codestream's main header (ISO/IEC 15444-1 A.2). */
const SOC = 0xff4f;
const COD = 0xff52;
const SOT = 0xff90;

/** Bytes from a COD marker to the kind of its wavelet transformation (A.6.1). */
const TRANSFORMATION = 13;

/**
 * Whether a JPEG 2000 codestream, high-throughput or not, was written with the irreversible 9-7 transformation: then its
 * samples aren't those that were recorded, and may overshoot them. False where the header doesn't say.
 */
export function isIrreversible(bytes: Uint8Array): boolean {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (word(0) !== SOC) return false;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = word(at);
    if (marker === COD) return bytes[at + TRANSFORMATION] === 0;
    if (marker === SOT || marker < 0xff00) return false;
    at += 2 + Math.max(2, word(at + 2));
  }
  return false;
}
