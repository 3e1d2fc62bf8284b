/**
 * Named keys in one piece of memory: what an account's passphrase opens (its ring), and what the vault keeps of its accounts
 * (the keyring). Binary, so that no key ever becomes a string.
 */
import { utf8, wipe } from '../../bytes.ts';
import { decodeFields, encodeFields } from '../../seal/v1/context.ts';

/** Name → key. Names: see `ringOf` in entitlements.ts. */
export type Ring = ReadonlyMap<string, Uint8Array>;

/** The ring as one piece. The caller wipes it. */
export function ringBytes(ring: Ring): Uint8Array {
  return encodeFields(...[...ring].flatMap(([name, key]) => [utf8(name), key]));
}

/** Views into `bytes`, whose wiping ends them all; null when it is no ring. */
export function parseRing(bytes: Uint8Array): Ring | null {
  const fields = decodeFields(bytes);
  if (fields === null || fields.length % 2 !== 0) return null;
  const ring = new Map<string, Uint8Array>();
  for (let i = 0; i < fields.length; i += 2) {
    const [name, key] = [fields[i], fields[i + 1]];
    if (name && key) ring.set(new TextDecoder().decode(name), key);
  }
  return ring;
}

/** Ends every key of a ring. */
export function wipeRing(ring: Ring): void {
  wipe(...ring.values());
}

/** The keys whose names are `prefix` and an epoch, with their epochs. */
export function byEpoch(ring: Ring, prefix: string): { epoch: number; key: Uint8Array }[] {
  const found: { epoch: number; key: Uint8Array }[] = [];
  for (const [name, key] of ring) {
    const epoch = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isSafeInteger(epoch)) found.push({ epoch, key });
  }
  return found;
}
