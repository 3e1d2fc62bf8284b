/**
 * A change of the master key. What hangs on it is many files, and none of them may be lost when the machine dies in
 * between; so the header changes first and whole: every slot under the new key, and the old key under the new one. From
 * then on whatever still hangs on the old key opens by both; when nothing does, the old key is dropped.
 *
 * The audit seed is carried over, not changed: a log that changed its signing key couldn't be held against the checkpoints
 * that others keep. Whoever had the old master key could sign as this log, before the change and after it.
 */
import { wipe } from '../bytes.ts';
import { carry, vaultKeysOf, wipeCurrentKeys } from './current-keys.ts';
import { createMasterKey } from './derive.ts';
import { keysError } from './errors.ts';
import { createEscrowSlot } from './escrow-slot.ts';
import type { SlotChange } from './header.ts';
import { sealHeader } from './header-file.ts';
import { escrowedTo } from './more-slots.ts';
import { DEFAULT_ARGON2 } from './passphrase.ts';
import { createRecoverySecret, formatRecoveryCode } from './recovery-code.ts';
import { retire, shareSetId } from './share-set.ts';
import { createKeychainSlot, createPassphraseSlot, createRecoverySlot, type SlotMaterial } from './slots.ts';
import type { Argon2id, KeySlot, MasterKey, SharesSlot, VaultHeader } from './types.ts';

/** What a change of the master key takes. */
export interface MasterChange extends SlotChange {
  /** The owner's passphrase, from `passphraseBytes`: its slot is made anew. The caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly argon2id: Argon2id;
  /** A new secret, to be put into the keychain once the header is written; null: no keychain slot. */
  readonly keychainSecret: Uint8Array | null;
}

/** What came of it. */
export interface ChangedMaster {
  readonly header: VaultHeader;
  readonly masterKey: MasterKey;
  /** The new recovery code; null where the vault had none. */
  readonly recoveryCode: string | null;
  /** Share sets whose sheets are worth nothing from now on: new ones must be printed. */
  readonly retiredSets: readonly string[];
}

/**
 * The header under a new master key. Passphrase and recovery slots are made anew, escrow goes to the same public keys again,
 * shares can't be kept: their secret isn't known.
 * @throws VitrineError `keys/rotation-running`, `keys/derivation-failed`
 */
export async function changeMaster(header: VaultHeader, old: MasterKey, change: MasterChange): Promise<ChangedMaster> {
  if (header.rotation !== null) throw keysError('keys/rotation-running', 'a change is unfinished');
  const { randomFill, createdAt } = change;
  const { vaultId } = header;
  const masterKey = createMasterKey(randomFill);
  const material: SlotMaterial = { vaultId, masterKey, randomFill, createdAt };
  const { slots, recoveryCode } = await slotsUnder(header, material, change);
  const shares = header.slots.filter((slot): slot is SharesSlot => slot.kind === 'shares');
  const current = vaultKeysOf(header, old);
  const fields = {
    ...header,
    slots,
    recoveryConfirmed: recoveryCode === null,
    rotation: { startedAt: createdAt, wrapped: carry(masterKey, 'previous-master', vaultId, old, randomFill) },
    auditSeed: carry(masterKey, 'audit-seed', vaultId, current.keys.auditSeed, randomFill),
    retiredSets: retire(header, shares, createdAt),
  };
  wipeCurrentKeys(current);
  return { header: sealHeader(fields, masterKey), masterKey, recoveryCode, retiredSets: shares.map(shareSetId) };
}

async function slotsUnder(header: VaultHeader, material: SlotMaterial, change: MasterChange) {
  const before = header.slots.find((slot) => slot.kind === 'passphrase');
  const { memoryKiB, iterations, parallelism } = before?.argon2id ?? DEFAULT_ARGON2;
  const cost = { memoryKiB, iterations, parallelism };
  const slots: KeySlot[] = [await createPassphraseSlot(material, change.passphrase, cost, change.argon2id)];
  if (change.keychainSecret !== null) slots.push(createKeychainSlot(material, change.keychainSecret));
  let recoveryCode: string | null = null;
  for (const slot of header.slots) {
    if (slot.kind === 'escrow') slots.push(createEscrowSlot(material, escrowedTo(slot)));
    if (slot.kind !== 'recovery') continue;
    const secret = createRecoverySecret(change.randomFill);
    slots.push(createRecoverySlot(material, secret));
    recoveryCode = formatRecoveryCode(secret);
    wipe(secret);
  }
  return { slots, recoveryCode };
}

/** Drops the old master key: nothing hangs on it any more. A header without a change under way stays as it is. */
export function endRotation(header: VaultHeader, master: MasterKey): VaultHeader {
  return header.rotation === null ? header : sealHeader({ ...header, rotation: null }, master);
}
