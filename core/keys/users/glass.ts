/**
 * The break-glass key in a radiologist's ring. It lies there sealed under a key of the audit log, and the log gives it out
 * only after it has written, durably, that the glass was broken and why (electron/audit). Nobody reads past a rule in this
 * application without an entry; whoever takes his ring out of it and writes a program of his own can.
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { bigEndian, concatBytes, utf8, wipe } from '../../bytes.ts';
import type { RandomFill } from '../../seal/engine.ts';
import { encodeFields } from '../../seal/v1/context.ts';

const NONCE_LENGTH = 24;

/** The key that only the audit log holds. The caller wipes it. */
export function deriveGlassKey(auditSeed: Uint8Array): Uint8Array {
  return hkdf(sha384, auditSeed, utf8('vitrine/break-glass/v1'), utf8('seal'), 32);
}

function aad(epoch: number): Uint8Array {
  return encodeFields(utf8('vitrine/break-glass/v1'), bigEndian(epoch, 4));
}

/** An epoch's break-glass key as it lies in a ring. */
export function sealGlass(seed: Uint8Array, auditSeed: Uint8Array, epoch: number, randomFill: RandomFill): Uint8Array {
  const nonce = new Uint8Array(NONCE_LENGTH);
  randomFill(nonce);
  const key = deriveGlassKey(auditSeed);
  const sealed = xchacha20poly1305(key, nonce, aad(epoch)).encrypt(seed);
  wipe(key);
  return concatBytes(nonce, sealed);
}

/** Null when it was sealed for another log or epoch, or altered. */
export function openGlass(glassKey: Uint8Array, epoch: number, sealed: Uint8Array): Uint8Array | null {
  try {
    const cipher = xchacha20poly1305(glassKey, sealed.subarray(0, NONCE_LENGTH), aad(epoch));
    return cipher.decrypt(sealed.subarray(NONCE_LENGTH));
  } catch {
    return null;
  }
}
