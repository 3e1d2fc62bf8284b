/**
 * The printed recovery code: 160 random bits in eight groups of four characters, and a ninth group that checks them, so that
 * a slip of the pen is told apart from the code of another vault. The alphabet has no 0 O 1 I, whatever the typeface.
 *
 * `7QFK-9TMX-…`: 36 characters. A code is a string because people read it; it is never stored.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { RandomFill } from '../seal/engine.ts';
import { decode, encode, foreignGroup, groups, normalise } from './code-text.ts';
import { keysError } from './errors.ts';

const SECRET_LENGTH = 20;
const CHECK_CHARACTERS = 4;
const SECRET_CHARACTERS = (SECRET_LENGTH * 8) / 5;
const CHECK_DOMAIN = utf8('vitrine/recovery-check/v1');

/** Twenty bits of a hash: a slip passes unseen once in a million. */
function checkOf(secret: Uint8Array): string {
  return encode(sha256(concatBytes(CHECK_DOMAIN, secret)).subarray(0, 5)).slice(0, CHECK_CHARACTERS);
}

/** The secret of a new code: 160 random bits. */
export function createRecoverySecret(randomFill: RandomFill): Uint8Array {
  const secret = new Uint8Array(SECRET_LENGTH);
  randomFill(secret);
  return secret;
}

/** The code to print, nine groups joined by hyphens. */
export function formatRecoveryCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_LENGTH) throw keysError('keys/bad-argument', 'a recovery secret has 20 bytes');
  return groups(encode(secret) + checkOf(secret));
}

/**
 * The secret of a typed code. Case, spaces and hyphens of any kind don't matter.
 * @throws VitrineError `keys/recovery-code-mistyped`; details: `group`, the first group (from 1) that holds a character which
 *   no code has, or 0 when it isn't known which
 */
export function parseRecoveryCode(typed: string): Uint8Array {
  const text = normalise(typed);
  const group = foreignGroup(text);
  const mistyped = () => keysError('keys/recovery-code-mistyped', 'not a recovery code', { details: { group } });
  if (group > 0 || text.length !== SECRET_CHARACTERS + CHECK_CHARACTERS) throw mistyped();
  const secret = decode(text.slice(0, SECRET_CHARACTERS));
  if (!secret) throw mistyped();
  if (checkOf(secret) !== text.slice(SECRET_CHARACTERS)) {
    wipe(secret);
    throw mistyped();
  }
  return secret;
}
