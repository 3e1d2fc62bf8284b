/** `users.json` as text and under its signature. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { z } from 'zod';
import { utf8 } from '../../bytes.ts';
import { parseId, type VaultId } from '../../ids.ts';
import { isAttribute } from '../abe/rule.ts';
import { fromBase64, toBase64 } from '../base64.ts';
import { usersError } from './errors.ts';
import { type Account, ROLES, type UsersFile } from './types.ts';

const MAX_LENGTH = 16 * 1024 * 1024;
const DOMAIN = 'vitrine/users/v1\n';

/** Most accounts of a vault. */
export const MAX_ACCOUNTS = 200;
/** Most attributes of an account. */
export const MAX_ATTRIBUTES = 16;

function decodes(text: string, length: number | null): boolean {
  try {
    return length === null || fromBase64(text).length === length;
  } catch {
    return false;
  }
}
const base64 = (length: number | null) => z.string().refine((text) => decodes(text, length));
const count = z.int().min(0).max(0xffffffff);
const epoch = z.int().min(1).max(999_999_999);

/** Small letters, digits, `.`, `_` and `-`; begins with a letter or digit; at most 32 characters. */
export function isAccountId(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text);
}

const accountSchema = z.strictObject({
  id: z.string().refine(isAccountId),
  displayName: z.string().min(1).max(80),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  attributes: z.array(z.string().refine(isAttribute)).max(MAX_ATTRIBUTES),
  createdAt: z.iso.datetime(),
  publicKey: base64(1216),
  ring: base64(null),
  slot: z.strictObject({
    argon2id: z.strictObject({ memoryKiB: count, iterations: count, parallelism: count, salt: base64(16) }),
    wrapped: base64(24 + 32 + 16),
  }),
});

/** Strict: a field that nobody reads is a field that nobody authenticates. */
const usersSchema = z.strictObject({
  format: z.literal('vitrine-users'),
  version: z.literal(1),
  vaultId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .transform((text) => parseId<VaultId>(text)),
  revision: count,
  epoch,
  oldestEpoch: epoch,
  authority: base64(32),
  vaultKey: base64(1216),
  recipients: z.array(z.strictObject({ role: z.enum(['radiologist', 'break-glass']), publicKey: base64(1216) })).max(8),
  policyKey: base64(null),
  importRule: z.string().max(500).nullable(),
  keyring: base64(null),
  accounts: z.array(accountSchema).max(MAX_ACCOUNTS),
  signature: base64(64),
});

/** Fields in one fixed order, whatever order they came in. */
function canonical(file: Omit<UsersFile, 'signature'>, account: (account: Account) => unknown): string {
  const { vaultId, revision, oldestEpoch, authority, vaultKey, policyKey, importRule, keyring } = file;
  const recipients = file.recipients.map(({ role, publicKey }) => ({ role, publicKey }));
  const head = { format: 'vitrine-users', version: 1, vaultId, revision, epoch: file.epoch, oldestEpoch, authority };
  const body = { vaultKey, recipients, policyKey, importRule, keyring, accounts: file.accounts.map(account) };
  return JSON.stringify({ ...head, ...body }, null, 1);
}

function signed(file: Omit<UsersFile, 'signature'>): Uint8Array {
  const text = canonical(file, ({ id, displayName, roles, attributes, createdAt, publicKey, ring }) => ({
    id,
    displayName,
    roles,
    attributes,
    createdAt,
    publicKey,
    ring,
  }));
  return utf8(DOMAIN + text);
}

/** The file under its authority's signature. */
export function signUsers(file: Omit<UsersFile, 'signature'>, authoritySeed: Uint8Array): UsersFile {
  return { ...file, signature: toBase64(ed25519.sign(signed(file), authoritySeed)) };
}

/** True when the authority that the file names has signed it. Whether that is the right one is the reader's to know. */
export function isSigned(file: UsersFile): boolean {
  try {
    return ed25519.verify(fromBase64(file.signature), signed(file), fromBase64(file.authority));
  } catch {
    return false;
  }
}

/** The text of `users.json`. */
export function serialiseUsers(file: UsersFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Reads `users.json`. Nothing of it is trusted yet but its shape.
 * @throws VitrineError `users/file-damaged`, `users/newer-version`
 */
export function parseUsers(text: string, vaultId: VaultId): UsersFile {
  let json: unknown = null;
  try {
    if (text.length <= MAX_LENGTH) json = JSON.parse(text);
  } catch (cause) {
    throw usersError('users/file-damaged', 'the accounts’ file is not JSON', { cause });
  }
  const named = z.object({ format: z.literal('vitrine-users'), version: z.int().min(1) }).safeParse(json);
  if (!named.success) throw usersError('users/file-damaged', 'not an accounts’ file');
  const { version } = named.data;
  if (version > 1) throw usersError('users/newer-version', 'accounts of a newer version', { details: { version } });
  const parsed = usersSchema.safeParse(json);
  if (!parsed.success || parsed.data.vaultId !== vaultId)
    throw usersError('users/file-damaged', 'the accounts’ file is damaged or of another vault');
  return parsed.data;
}
