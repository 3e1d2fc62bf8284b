import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { utf8 } from '../bytes.ts';
import type { StudyKey } from '../seal/types.ts';

/** What the audit seed of the vault gives. */
export interface AuditKeys {
  /** The 32 bytes of an Ed25519 private key (RFC 8032, 5.1.5): signs checkpoints. */
  readonly signingSeed: Uint8Array;
  /** Root of the keys that seal the log's files: what a study's key is to a study. */
  readonly sealingKey: StudyKey & Uint8Array;
}

const SALT = utf8('vitrine/audit-keys/v1');
const KEY_LENGTH = 32;

/** HKDF-SHA-384 (RFC 5869), one label per use. The caller wipes seed and keys. */
export function deriveAuditKeys(auditSeed: Uint8Array): AuditKeys {
  const key = (label: string) => hkdf(sha384, auditSeed, SALT, utf8(label), KEY_LENGTH);
  return { signingSeed: key('signing'), sealingKey: key('sealing') as StudyKey & Uint8Array };
}
