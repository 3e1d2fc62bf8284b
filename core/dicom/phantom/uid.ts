/**
 * A UID derived from a text: `2.25.` and a 128-bit number (PS3.5 B.2). The same text always gives the same UID, which
 * is what makes generated studies reproducible. Not for anything that must not be guessed.
 */
export function derivedUid(text: string): string {
  let number = 0n;
  for (let word = 0; word < 4; word++) number = (number << 32n) | BigInt(hash32(`${word}/${text}`));
  return `2.25.${number}`;
}

/** FNV-1a with a final avalanche (MurmurHash3's), so that texts that differ little give numbers that differ much. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
