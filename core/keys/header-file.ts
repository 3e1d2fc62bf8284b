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
import { base64, cost, date, ENCAPSULATED, PUBLIC_KEY } from './file-fields.ts';
import { MAX_SHARES, MIN_THRESHOLD } from './share-set.ts';
import type { KeySlot, MasterKey, VaultHeader } from './types.ts';

const FORMAT = 'vitrine-vault';
const VERSION = 2;
const MAC_DOMAIN = 'vitrine/header/v1\n';
const MAX_LENGTH = 1024 * 1024;

const id = z.string().regex(/^[0-9a-f]{32}$/);
/** Nonce, key, tag. */
const wrapped = base64(24 + 32 + 16);
const label = z.string().min(1).max(80);

/** Kinds that there were in version 1. */
const firstKinds = <Common extends z.ZodRawShape>(common: Common) =>
  [
    z.strictObject({ kind: z.literal('keychain'), ...common }),
    z.strictObject({ kind: z.literal('passphrase'), ...common, argon2id: cost }),
    z.strictObject({ kind: z.literal('recovery'), ...common }),
  ] as const;
const common = { id, createdAt: date, wrapped };
const commonNow = { ...common, testedAt: date.nullable() };
const slotV1 = z.discriminatedUnion('kind', firstKinds(common));
const slotV2 = z.discriminatedUnion('kind', [
  ...firstKinds(commonNow),
  z.strictObject({
    kind: z.literal('shares'),
    ...commonNow,
    threshold: z.int().min(MIN_THRESHOLD).max(MAX_SHARES),
    count: z.int().min(MIN_THRESHOLD).max(MAX_SHARES),
  }),
  z.strictObject({
    kind: z.literal('escrow'),
    ...commonNow,
    label,
    publicKey: base64(PUBLIC_KEY),
    encapsulated: base64(ENCAPSULATED),
  }),
]);

const headerFields = {
  format: z.literal(FORMAT),
  vaultId: id.transform((text) => parseId<VaultId>(text)),
  name: z.string().min(1).max(200),
  createdAt: date,
  recoveryConfirmed: z.boolean(),
  mac: base64(48),
};

/** Schemas of `vault.json`. Strict: a field that nobody reads is a field that nobody authenticates. */
const vaultHeaderV1 = z
  .strictObject({ ...headerFields, version: z.literal(1), slots: z.array(slotV1).max(64) })
  .transform(({ slots, ...header }) => ({
    ...header,
    slots: slots.map((slot) => ({ ...slot, testedAt: null })),
    rotation: null,
    auditSeed: null,
    retiredSets: [],
  }));
const vaultHeaderV2 = z.strictObject({
  ...headerFields,
  version: z.literal(VERSION),
  slots: z.array(slotV2).max(64),
  rotation: z.strictObject({ startedAt: date, wrapped }).nullable(),
  auditSeed: wrapped.nullable(),
  retiredSets: z.array(z.strictObject({ setId: z.string().regex(/^\w{4}-\w{4}$/), retiredAt: date })).max(64),
});

/** What a header says before it is authenticated. */
export type HeaderFields = Omit<VaultHeader, 'format' | 'version' | 'mac'>;

/** What a kind has beside what all slots have, in one fixed order. */
function ownFields(slot: KeySlot): Record<string, unknown> {
  switch (slot.kind) {
    case 'passphrase': {
      const { memoryKiB, iterations, parallelism, salt } = slot.argon2id;
      return { argon2id: { memoryKiB, iterations, parallelism, salt } };
    }
    case 'shares':
      return { threshold: slot.threshold, count: slot.count };
    case 'escrow':
      return { label: slot.label, publicKey: slot.publicKey, encapsulated: slot.encapsulated };
    case 'keychain':
    case 'recovery':
      return {};
  }
}

function canonicalSlot(slot: KeySlot, version: 1 | 2): Record<string, unknown> {
  const { kind, id: slotId, createdAt, testedAt } = slot;
  const head = { kind, id: slotId, createdAt, ...(version === 1 ? {} : { testedAt }) };
  return { ...head, ...ownFields(slot), wrapped: slot.wrapped };
}

/** Fields in one fixed order, whatever order they were given in: what is written and what is authenticated. */
function canonical(header: HeaderFields, version: 1 | 2): Record<string, unknown> {
  const { vaultId, name, createdAt, recoveryConfirmed, auditSeed } = header;
  const slots = header.slots.map((slot) => canonicalSlot(slot, version));
  const first = { format: FORMAT, version, vaultId, name, createdAt, slots, recoveryConfirmed };
  if (version === 1) return first;
  const rotation = header.rotation && { startedAt: header.rotation.startedAt, wrapped: header.rotation.wrapped };
  const retiredSets = header.retiredSets.map(({ setId, retiredAt }) => ({ setId, retiredAt }));
  return { ...first, rotation, auditSeed, retiredSets };
}

function macOf(header: HeaderFields, version: 1 | 2, master: MasterKey): Uint8Array {
  const keys = deriveVaultKeys(master);
  const mac = hmac(sha384, keys.headerKey, utf8(MAC_DOMAIN + JSON.stringify(canonical(header, version))));
  wipeVaultKeys(keys);
  return mac;
}

/** Authenticates a header in the newest version: run after every change, and to make an edited one whole again. */
export function sealHeader(header: HeaderFields, master: MasterKey): VaultHeader {
  const { vaultId, name, createdAt, slots, recoveryConfirmed, rotation, auditSeed, retiredSets } = header;
  const fields = { vaultId, name, createdAt, slots, recoveryConfirmed, rotation, auditSeed, retiredSets };
  return { format: FORMAT, version: VERSION, ...fields, mac: toBase64(macOf(fields, VERSION, master)) };
}

/** False when the header was edited since Vitrine wrote it. */
export function verifyHeaderMac(header: VaultHeader, master: MasterKey): boolean {
  const mac = macOf(header, header.version, master);
  const same = equalBytes(mac, fromBase64(header.mac));
  wipe(mac);
  return same;
}

/** The text of `vault.json`. */
export function serialiseHeader(header: VaultHeader): string {
  return `${JSON.stringify({ ...canonical(header, header.version), mac: header.mac }, null, 2)}\n`;
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
  const parsed = (version === 1 ? vaultHeaderV1 : vaultHeaderV2).safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw keysError('keys/header-damaged', 'a field of the vault header is damaged', { details: { field } });
}
