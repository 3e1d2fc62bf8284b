/**
 * The vault header `vault.json`: everything that is readable before a vault is unlocked. It holds no secret. Each slot is
 * authenticated by itself; the header as a whole by a MAC under a key of the master key, so that an edit (a slot removed, a
 * flag turned) is seen after unlocking. An older copy of a whole header can't be told from the current one by the header
 * alone; that is what the vault's manifest is for.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { equalBytes, utf8, wipe } from '../bytes.ts';
import { parseId, type VaultId } from '../ids.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { deriveVaultKeys, wipeVaultKeys } from './derive.ts';
import { keysError } from './errors.ts';
import type { KeySlot, MasterKey, VaultHeader } from './types.ts';

const FORMAT = 'vitrine-vault';
const VERSION = 1;
const MAC_DOMAIN = 'vitrine/header/v1\n';
const MAX_LENGTH = 1024 * 1024;

/** Canonical base64 of exactly `length` bytes. */
const base64 = (length: number) =>
  z.string().refine((text) => {
    try {
      return fromBase64(text).length === length;
    } catch {
      return false;
    }
  });
const id = z.string().regex(/^[0-9a-f]{32}$/);
const date = z.iso.datetime();
const count = z.int().min(0).max(0xffffffff);
/** Nonce, key, tag. */
const wrapped = base64(24 + 32 + 16);
const common = { id, createdAt: date, wrapped };
const slotSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain'), ...common }),
  z.strictObject({
    kind: z.literal('passphrase'),
    ...common,
    argon2id: z.strictObject({ memoryKiB: count, iterations: count, parallelism: count, salt: base64(16) }),
  }),
  z.strictObject({ kind: z.literal('recovery'), ...common }),
]);

/** Schema of `vault.json` of version 1. Strict: a field that nobody reads is a field that nobody authenticates. */
const vaultHeaderSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  vaultId: id.transform((text) => parseId<VaultId>(text)),
  name: z.string().min(1).max(200),
  createdAt: date,
  slots: z.array(slotSchema).max(64),
  recoveryConfirmed: z.boolean(),
  mac: base64(48),
});

/** What a header says before it is authenticated. */
export type HeaderFields = Omit<VaultHeader, 'format' | 'version' | 'mac'>;

/** Fields in one fixed order, whatever order they were given in: what is written and what is authenticated. */
function canonicalSlot(slot: KeySlot): Record<string, unknown> {
  const { kind, id: slotId, createdAt } = slot;
  if (slot.kind !== 'passphrase') return { kind, id: slotId, createdAt, wrapped: slot.wrapped };
  const { memoryKiB, iterations, parallelism, salt } = slot.argon2id;
  return {
    kind,
    id: slotId,
    createdAt,
    argon2id: { memoryKiB, iterations, parallelism, salt },
    wrapped: slot.wrapped,
  };
}

function canonical(header: HeaderFields): Record<string, unknown> {
  const { vaultId, name, createdAt, recoveryConfirmed } = header;
  const slots = header.slots.map(canonicalSlot);
  return { format: FORMAT, version: VERSION, vaultId, name, createdAt, slots, recoveryConfirmed };
}

function macOf(header: HeaderFields, master: MasterKey): Uint8Array {
  const keys = deriveVaultKeys(master);
  const mac = hmac(sha384, keys.headerKey, utf8(MAC_DOMAIN + JSON.stringify(canonical(header))));
  wipeVaultKeys(keys);
  return mac;
}

/** Authenticates a header: run after every change, and to make an edited one whole again. */
export function sealHeader(header: HeaderFields, master: MasterKey): VaultHeader {
  const { vaultId, name, createdAt, slots, recoveryConfirmed } = header;
  const mac = toBase64(macOf(header, master));
  return { format: FORMAT, version: VERSION, vaultId, name, createdAt, slots, recoveryConfirmed, mac };
}

/** False when the header was edited since Vitrine wrote it. */
export function verifyHeaderMac(header: VaultHeader, master: MasterKey): boolean {
  const mac = macOf(header, master);
  const same = equalBytes(mac, fromBase64(header.mac));
  wipe(mac);
  return same;
}

/** The text of `vault.json`. */
export function serialiseHeader(header: VaultHeader): string {
  return `${JSON.stringify({ ...canonical(header), mac: header.mac }, null, 2)}\n`;
}

/**
 * Reads `vault.json`. Nothing of it is trusted yet but its shape.
 * @throws VitrineError `keys/header-damaged`, `keys/newer-version`
 */
export function parseHeader(text: string): VaultHeader {
  let json: unknown = null;
  try {
    if (text.length <= MAX_LENGTH) json = JSON.parse(text);
  } catch (cause) {
    throw keysError('keys/header-damaged', 'the vault header is not JSON', { cause });
  }
  const named = z.object({ format: z.literal(FORMAT), version: z.int().min(1) }).safeParse(json);
  if (!named.success) throw keysError('keys/header-damaged', 'not a vault header');
  const { version } = named.data;
  if (version > VERSION) throw keysError('keys/newer-version', 'vault of a newer version', { details: { version } });
  const parsed = vaultHeaderSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw keysError('keys/header-damaged', 'a field of the vault header is damaged', { details: { field } });
}
