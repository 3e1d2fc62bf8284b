/**
 * Escrow: an administrator's key pair, whose public half wraps a vault's master key (hybrid.ts). The secret half is 32 bytes,
 * kept in a file under a passphrase by the construction of a passphrase slot (Argon2id, XChaCha20-Poly1305).
 */
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { concatBytes, utf8, wipe } from '../bytes.ts';
import type { RandomFill } from '../seal/engine.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { encode, groups } from './code-text.ts';
import { keysError } from './errors.ts';
import { base64, cost, date, PUBLIC_KEY } from './file-fields.ts';
import { createHybridSeed, HYBRID_SEED_LENGTH, hybridPublicKey } from './hybrid.ts';
import { checkArgon2Parameters, DEFAULT_ARGON2 } from './passphrase.ts';
import type { Argon2id, Argon2Parameters } from './types.ts';

const NONCE_LENGTH = 24;
const SALT_LENGTH = 16;
const KEY_LENGTH = 32;
const MAX_FILE = 64 * 1024;

const common = {
  version: z.literal(1),
  label: z.string().min(1).max(80),
  createdAt: date,
  publicKey: base64(PUBLIC_KEY),
};
const publicFile = z.strictObject({ format: z.literal('vitrine-escrow-public'), ...common });
const secretFile = z.strictObject({
  format: z.literal('vitrine-escrow-secret'),
  ...common,
  argon2id: cost,
  wrapped: base64(NONCE_LENGTH + HYBRID_SEED_LENGTH + 16),
});
type SecretFile = z.infer<typeof secretFile>;

/** The public half as an administrator gives it to vaults. */
export interface EscrowPublicKey {
  readonly label: string;
  readonly publicKey: Uint8Array;
}

/** Twenty characters that two people compare, so that a vault is escrowed to the right key. */
export function escrowFingerprint(publicKey: Uint8Array): string {
  const hash = sha256(concatBytes(utf8('vitrine/escrow-fingerprint/v1'), publicKey));
  return groups(encode(hash.subarray(0, 15)).slice(0, 20));
}

/** All of a secret file but the secret, so that none of it can be exchanged. */
function fileAad({ label, createdAt, publicKey, argon2id }: Omit<SecretFile, 'wrapped' | 'format' | 'version'>) {
  const { memoryKiB, iterations, parallelism, salt } = argon2id;
  const fields = [label, createdAt, publicKey, `${memoryKiB}`, `${iterations}`, `${parallelism}`, salt];
  return encodeFields(utf8('vitrine/escrow-secret/v1'), ...fields.map(utf8));
}

async function fileKey(passphrase: Uint8Array, argon2id: SecretFile['argon2id'], derive: Argon2id) {
  const { salt, ...parameters } = argon2id;
  checkArgon2Parameters(parameters);
  return derive(passphrase, fromBase64(salt), parameters, KEY_LENGTH).catch((cause: unknown) => {
    throw keysError('keys/derivation-failed', 'Argon2id failed', { cause });
  });
}

/** What a new escrow key pair is made of. */
export interface NewEscrowKeys {
  /** Whose it is; 1 to 80 characters. */
  readonly label: string;
  readonly createdAt: string;
  /** From `passphraseBytes`; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly argon2id: Argon2id;
  readonly argon2Parameters?: Argon2Parameters;
  readonly randomFill: RandomFill;
}

/**
 * A new key pair as the texts of its two files.
 * @throws VitrineError `keys/empty-passphrase`, `keys/weak-parameters`, `keys/derivation-failed`
 */
export async function createEscrowFiles(wanted: NewEscrowKeys) {
  const { label, createdAt, randomFill } = wanted;
  if (wanted.passphrase.length === 0) throw keysError('keys/empty-passphrase', 'the passphrase is empty');
  const draw = (length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    randomFill(bytes);
    return bytes;
  };
  const seed = createHybridSeed(randomFill);
  const publicKey = hybridPublicKey(seed);
  const cost = wanted.argon2Parameters ?? DEFAULT_ARGON2;
  const argon2id = { ...cost, salt: toBase64(draw(SALT_LENGTH)) };
  const head = { label, createdAt, publicKey: toBase64(publicKey) };
  const key = await fileKey(wanted.passphrase, argon2id, wanted.argon2id);
  const nonce = draw(NONCE_LENGTH);
  const sealed = xchacha20poly1305(key, nonce, fileAad({ ...head, argon2id })).encrypt(seed);
  wipe(key, seed);
  const wrapped = toBase64(concatBytes(nonce, sealed));
  const text = (file: object): string => `${JSON.stringify(file, null, 2)}\n`;
  return {
    publicText: text({ format: 'vitrine-escrow-public', version: 1, ...head }),
    secretText: text({ format: 'vitrine-escrow-secret', version: 1, ...head, argon2id, wrapped }),
    fingerprint: escrowFingerprint(publicKey),
  };
}

function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  let json: unknown = null;
  try {
    if (text.length <= MAX_FILE) json = JSON.parse(text);
  } catch (cause) {
    throw keysError('keys/not-an-escrow-key', 'the file is not JSON', { cause });
  }
  const result = schema.safeParse(json);
  if (!result.success) throw keysError('keys/not-an-escrow-key', 'not an escrow key file of this kind');
  return result.data;
}

/** Reads a public file. @throws VitrineError `keys/not-an-escrow-key` (a secret file included: it stays where it is) */
export function parseEscrowPublic(text: string): EscrowPublicKey {
  const { label, publicKey } = parsed(text, publicFile);
  return { label, publicKey: fromBase64(publicKey) };
}

/**
 * The secret half of a secret file; the caller wipes it.
 * @throws VitrineError `keys/not-an-escrow-key`, `keys/wrong-escrow-passphrase`, `keys/weak-parameters`,
 *   `keys/excessive-parameters`, `keys/derivation-failed`
 */
export async function openEscrowSecret(
  text: string,
  passphrase: Uint8Array,
  argon2id: Argon2id,
): Promise<{ publicKey: Uint8Array; secretKey: Uint8Array }> {
  const file = parsed(text, secretFile);
  const key = await fileKey(passphrase, file.argon2id, argon2id);
  const bytes = fromBase64(file.wrapped);
  try {
    const nonce = bytes.subarray(0, NONCE_LENGTH);
    const secretKey = xchacha20poly1305(key, nonce, fileAad(file)).decrypt(bytes.subarray(NONCE_LENGTH));
    return { publicKey: fromBase64(file.publicKey), secretKey };
  } catch (cause) {
    throw keysError('keys/wrong-escrow-passphrase', 'the escrow key does not open', { cause });
  } finally {
    wipe(key);
  }
}
