/** Fields that the files of this stage have in common, as schemas. */
import { z } from 'zod';
import { fromBase64 } from './base64.ts';

/** Canonical base64 of exactly `length` bytes. */
export const base64 = (length: number) =>
  z.string().refine((text) => {
    try {
      return fromBase64(text).length === length;
    } catch {
      return false;
    }
  });

/**
 * Bytes of an X-Wing public key and of what its holder makes the shared secret of. They stand here as well as in hybrid.ts,
 * because a header is read before anything of that is loaded; a test holds the two together.
 */
export const PUBLIC_KEY = 1216;
export const ENCAPSULATED = 1120;

/** ISO 8601 in UTC. */
export const date = z.iso.datetime();

const count = z.int().min(0).max(0xffffffff);

/** Argon2id's cost and salt. Whether it is within bounds `checkArgon2Parameters` says. */
export const cost = z.strictObject({ memoryKiB: count, iterations: count, parallelism: count, salt: base64(16) });
