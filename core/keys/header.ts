/** What is done with a vault's key slots: create, open, replace, remove. Every change gives a new, authenticated header. */
import { wipe } from '../bytes.ts';
import type { VaultId } from '../ids.ts';
import type { RandomFill } from '../seal/engine.ts';
import { createMasterKey } from './derive.ts';
import { keysError } from './errors.ts';
import { sealHeader, verifyHeaderMac } from './header-file.ts';
import { checkArgon2Parameters, DEFAULT_ARGON2 } from './passphrase.ts';
import { createRecoverySecret, formatRecoveryCode, parseRecoveryCode } from './recovery-code.ts';
import { retire } from './share-set.ts';
import {
  createKeychainSlot,
  createPassphraseSlot,
  createRecoverySlot,
  openKeychainSlot,
  openPassphraseSlot,
  openRecoverySlot,
  type SlotMaterial,
} from './slots.ts';
import type { Argon2id, Argon2Parameters, KeySlot, MasterKey, SlotKind, UnlockedHeader, VaultHeader } from './types.ts';

export { parseHeader, sealHeader, serialiseHeader, verifyHeaderMac } from './header-file.ts';

/** What a new vault is made of. */
export interface NewVault {
  readonly vaultId: VaultId;
  /** The user's name for it; 1 to 200 characters. */
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** From `passphraseBytes`; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly argon2id: Argon2id;
  readonly argon2Parameters?: Argon2Parameters;
  readonly randomFill: RandomFill;
  /** From `createKeychainSecret`, already stored in the keychain; absent where the user wants none or there is none. */
  readonly keychainSecret?: Uint8Array;
}

/** Beside the new header: what changes a slot. */
export interface SlotChange {
  readonly randomFill: RandomFill;
  readonly createdAt: string;
}

function slotOf<Kind extends SlotKind>(header: VaultHeader, kind: Kind): Extract<KeySlot, { kind: Kind }> {
  const found = header.slots.find((slot): slot is Extract<KeySlot, { kind: Kind }> => slot.kind === kind);
  if (!found) throw keysError('keys/no-such-slot', 'no slot of this kind', { details: { kind } });
  return found;
}

/**
 * A new vault's header, its master key, and the recovery code to be shown once.
 * @throws VitrineError `keys/empty-passphrase`, `keys/weak-parameters`, `keys/excessive-parameters`,
 *   `keys/derivation-failed`, `keys/bad-argument`
 */
export async function createHeader(
  vault: NewVault,
): Promise<{ header: VaultHeader; masterKey: MasterKey; recoveryCode: string }> {
  const { vaultId, name, createdAt, randomFill } = vault;
  if (name.length < 1 || name.length > 200)
    throw keysError('keys/bad-argument', 'a vault name has 1 to 200 characters');
  const masterKey = createMasterKey(randomFill);
  const material: SlotMaterial = { vaultId, masterKey, randomFill, createdAt };
  const cost = vault.argon2Parameters ?? DEFAULT_ARGON2;
  const slots: KeySlot[] = [await createPassphraseSlot(material, vault.passphrase, cost, vault.argon2id)];
  if (vault.keychainSecret) slots.push(createKeychainSlot(material, vault.keychainSecret));
  const secret = createRecoverySecret(randomFill);
  slots.push(createRecoverySlot(material, secret));
  const recoveryCode = formatRecoveryCode(secret);
  wipe(secret);
  const fresh = { recoveryConfirmed: false, rotation: null, auditSeed: null, retiredSets: [] };
  const header = sealHeader({ vaultId, name, createdAt, slots, ...fresh }, masterKey);
  return { header, masterKey, recoveryCode };
}

function unlocked(header: VaultHeader, slot: KeySlot, masterKey: MasterKey): UnlockedHeader {
  return { masterKey, slotId: slot.id, headerIntact: verifyHeaderMac(header, masterKey) };
}

/**
 * Unlocks by passphrase; the caller wipes it.
 * @throws VitrineError `keys/wrong-passphrase`, `keys/no-such-slot`, `keys/weak-parameters`, `keys/excessive-parameters`,
 *   `keys/derivation-failed`
 */
export async function openWithPassphrase(
  header: VaultHeader,
  passphrase: Uint8Array,
  argon2id: Argon2id,
): Promise<UnlockedHeader> {
  const slot = slotOf(header, 'passphrase');
  const masterKey = await openPassphraseSlot(header.vaultId, slot, passphrase, argon2id);
  if (!masterKey) throw keysError('keys/wrong-passphrase', 'the passphrase slot does not open');
  return unlocked(header, slot, masterKey);
}

/** @throws VitrineError `keys/recovery-code-mistyped`, `keys/wrong-recovery-code`, `keys/no-such-slot` */
export function openWithRecoveryCode(header: VaultHeader, code: string): UnlockedHeader {
  const slot = slotOf(header, 'recovery');
  const secret = parseRecoveryCode(code);
  const masterKey = openRecoverySlot(header.vaultId, slot, secret);
  wipe(secret);
  if (!masterKey) throw keysError('keys/wrong-recovery-code', 'the recovery slot does not open');
  return unlocked(header, slot, masterKey);
}

/** Unlocks by the keychain's secret; the caller wipes it. @throws VitrineError `keys/wrong-keychain-secret`, `keys/no-such-slot` */
export function openWithKeychainSecret(header: VaultHeader, secret: Uint8Array): UnlockedHeader {
  const slot = slotOf(header, 'keychain');
  const masterKey = openKeychainSlot(header.vaultId, slot, secret);
  if (!masterKey) throw keysError('keys/wrong-keychain-secret', 'the keychain slot does not open');
  return unlocked(header, slot, masterKey);
}

/** The header with its slots of one kind replaced by `slot`, in the place of the first. */
function withSlot(header: VaultHeader, masterKey: MasterKey, slot: KeySlot): VaultHeader {
  const at = header.slots.findIndex(({ kind }) => kind === slot.kind);
  const others = header.slots.filter(({ kind }) => kind !== slot.kind);
  const slots = at < 0 ? [...others, slot] : [...others.slice(0, at), slot, ...others.slice(at)];
  return sealHeader({ ...header, slots }, masterKey);
}

/** @throws VitrineError as `createHeader` */
export async function replacePassphrase(
  header: VaultHeader,
  masterKey: MasterKey,
  change: SlotChange & { passphrase: Uint8Array; argon2id: Argon2id; argon2Parameters?: Argon2Parameters },
): Promise<VaultHeader> {
  const cost = change.argon2Parameters ?? DEFAULT_ARGON2;
  checkArgon2Parameters(cost);
  const material = { ...change, vaultId: header.vaultId, masterKey };
  return withSlot(header, masterKey, await createPassphraseSlot(material, change.passphrase, cost, change.argon2id));
}

/** A new recovery code; the old one is worth nothing from the moment that the new header is on disk. */
export function replaceRecovery(
  header: VaultHeader,
  masterKey: MasterKey,
  change: SlotChange,
): { header: VaultHeader; recoveryCode: string } {
  const secret = createRecoverySecret(change.randomFill);
  const slot = createRecoverySlot({ ...change, vaultId: header.vaultId, masterKey }, secret);
  const recoveryCode = formatRecoveryCode(secret);
  wipe(secret);
  return { header: withSlot({ ...header, recoveryConfirmed: false }, masterKey, slot), recoveryCode };
}

/** Adds the keychain slot or replaces it, e.g. after the keychain was lost. Store the secret in the keychain first. */
export function replaceKeychainSlot(
  header: VaultHeader,
  masterKey: MasterKey,
  change: SlotChange & { secret: Uint8Array },
): VaultHeader {
  const slot = createKeychainSlot({ ...change, vaultId: header.vaultId, masterKey }, change.secret);
  return withSlot(header, masterKey, slot);
}

/**
 * Removes a slot.
 * @throws VitrineError `keys/no-such-slot`; `keys/last-slot` when no way in would remain that a person holds: the keychain
 *   is a convenience and never the only way in
 */
export function removeSlot(header: VaultHeader, masterKey: MasterKey, slotId: string, removedAt: string): VaultHeader {
  const removed = header.slots.find(({ id }) => id === slotId);
  if (removed === undefined) throw keysError('keys/no-such-slot', 'no slot of this id');
  const slots = header.slots.filter((slot) => slot !== removed);
  if (!slots.some(({ kind }) => kind !== 'keychain'))
    throw keysError('keys/last-slot', 'the last slot that a person holds');
  const retiredSets = removed.kind === 'shares' ? retire(header, [removed], removedAt) : header.retiredSets;
  // Without a recovery slot there is no code that a person could still have to write down.
  const recoveryConfirmed = header.recoveryConfirmed || !slots.some(({ kind }) => kind === 'recovery');
  return sealHeader({ ...header, slots, retiredSets, recoveryConfirmed }, masterKey);
}

/** Notes that the user proved to have the recovery code. */
export function confirmRecovery(header: VaultHeader, masterKey: MasterKey): VaultHeader {
  return sealHeader({ ...header, recoveryConfirmed: true }, masterKey);
}

/** Notes that a drill proved a slot to open the vault. @throws VitrineError `keys/no-such-slot` */
export function markTested(header: VaultHeader, masterKey: MasterKey, slotId: string, testedAt: string): VaultHeader {
  if (!header.slots.some(({ id }) => id === slotId)) throw keysError('keys/no-such-slot', 'no slot of this id');
  const slots = header.slots.map((slot) => (slot.id === slotId ? { ...slot, testedAt } : slot));
  return sealHeader({ ...header, slots }, masterKey);
}
