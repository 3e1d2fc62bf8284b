import { z } from 'zod';
import { id } from './catalogue.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Why a study was shredded: somebody asked, or a rule of retention with this id. */
export const shredReason = z.union([z.literal('asked'), z.strictObject({ ruleId: id })]);
export type ShredReason = z.infer<typeof shredReason>;

/**
 * What is left of a shredded study: that it was, and which sealed objects it had. No value of a patient is in it: ids are
 * random, hashes are of ciphertext. While the shredding runs `finishedAt` is null; until it is signed `signature` is.
 */
export const shredCertificate = z.strictObject({
  format: z.literal('vitrine-shred-certificate'),
  version: z.literal(1),
  vaultId: id,
  studyId: id,
  reason: shredReason,
  /** The account that asked, and what it asked with. */
  by: z.strictObject({ user: z.string().max(256), application: z.string().max(256) }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** SHA-256 of the sealed file, as it lay on disk; null for one that could not be read. */
  objects: z.array(
    z.strictObject({
      objectId: z.string().max(64),
      kind: z.string().max(32),
      bytes: z.int().nonnegative(),
      sha256: hash.nullable(),
    }),
  ),
  /** What it certifies and what it can't, in words. */
  statement: z.string().max(2048),
  /** Ed25519 of the vault's audit log over everything else. */
  signature: z.strictObject({ key: z.string().max(256), value: z.string().max(128) }).nullable(),
});
export type ShredCertificate = z.infer<typeof shredCertificate>;

/** What a check of a certificate finds. */
export const certificateVerdict = z.enum([
  'valid',
  'altered',
  'unsigned',
  'unfinished',
  'wrong-key',
  'not-a-certificate',
]);
export type CertificateVerdict = z.infer<typeof certificateVerdict>;
