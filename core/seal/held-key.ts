/** Keys that may be bytes here or held by an engine. */
import { wipe } from '../bytes.ts';
import type { BulkEngine, HeldKey } from './engine.ts';
import { sealError } from './errors.ts';
import type { KeyMaterial } from './types.ts';

/** Lends a key to `use` as an engine that holds keys wants it. Bytes are held just as long. */
export function withHeld<T>(bulk: BulkEngine, key: KeyMaterial, use: (held: HeldKey) => T): T {
  if (!(key instanceof Uint8Array)) return use(key);
  const held = bulk.holdKey(key);
  try {
    return use(held);
  } finally {
    held.close();
  }
}

/** The bytes of a key. @throws VitrineError `seal/bad-argument` when another engine holds it */
export function keyBytes(key: KeyMaterial): Uint8Array {
  if (key instanceof Uint8Array) return key;
  throw sealError('seal/bad-argument', 'the key is held by another engine');
}

/** The handle of a key that an engine holds. @throws VitrineError `seal/bad-argument` when it is bytes */
export function keyHandle(key: KeyMaterial): HeldKey {
  if (!(key instanceof Uint8Array)) return key;
  throw sealError('seal/bad-argument', 'no engine holds the key');
}

/** Ends a key: wipes its bytes, here or in the engine that holds it. */
export function closeKey(key: KeyMaterial): void {
  if (key instanceof Uint8Array) wipe(key);
  else key.close();
}
