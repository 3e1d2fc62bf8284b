/** The slots that a vault may have beside those that it is made with: printed shares, and escrow to administrators. */
import { wipe } from '../bytes.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { keysError } from './errors.ts';
import type { EscrowPublicKey } from './escrow.ts';
import { createEscrowSlot, openEscrowSlot } from './escrow-slot.ts';
import type { SlotChange } from './header.ts';
import { sealHeader, verifyHeaderMac } from './header-file.ts';
import { retire, shareSetId } from './share-set.ts';
import { combineShares, splitIntoShares } from './shares.ts';
import { createSharesSlot, openSharesSlot } from './slots.ts';
import type { MasterKey, UnlockedHeader, VaultHeader } from './types.ts';

/**
 * Makes a set of shares. It takes the place of the set before it, whose sheets are worth nothing from the moment that the
 * new header is on disk.
 * @returns the texts of the sheets, which exist nowhere else
 * @throws VitrineError `keys/share-counts`
 */
export async function replaceShares(
  header: VaultHeader,
  masterKey: MasterKey,
  change: SlotChange & { readonly threshold: number; readonly count: number },
): Promise<{ header: VaultHeader; setId: string; shares: string[] }> {
  const { slot, secret } = createSharesSlot({ ...change, vaultId: header.vaultId, masterKey }, change);
  const shares = await splitIntoShares(slot, secret);
  wipe(secret);
  const old = header.slots.filter((one) => one.kind === 'shares');
  const slots = [...header.slots.filter((one) => one.kind !== 'shares'), slot];
  const retiredSets = retire(header, old, change.createdAt);
  return { header: sealHeader({ ...header, slots, retiredSets }, masterKey), setId: shareSetId(slot), shares };
}

/**
 * Unlocks by shares.
 * @throws VitrineError `keys/share-mistyped`, `keys/too-few-shares`, `keys/mixed-shares`, `keys/unknown-shares`,
 *   `keys/retired-shares`, `keys/wrong-shares`
 */
export async function openWithShares(header: VaultHeader, typed: readonly string[]): Promise<UnlockedHeader> {
  const { setId, secret } = await combineShares(typed);
  try {
    const slot = header.slots.find((one) => one.kind === 'shares' && shareSetId(one) === setId);
    if (slot?.kind !== 'shares') throw unknownSet(header, setId);
    const masterKey = openSharesSlot(header.vaultId, slot, secret);
    if (!masterKey) throw keysError('keys/wrong-shares', 'the shares do not open their slot');
    return { masterKey, slotId: slot.id, headerIntact: verifyHeaderMac(header, masterKey) };
  } finally {
    wipe(secret);
  }
}

function unknownSet(header: VaultHeader, setId: string) {
  const retired = header.retiredSets.find((set) => set.setId === setId);
  if (retired === undefined) return keysError('keys/unknown-shares', 'the vault has no such set');
  return keysError('keys/retired-shares', 'the set was replaced', { details: { retiredAt: retired.retiredAt } });
}

/**
 * Escrows the vault to a public key; the same key's older slot is replaced.
 * @throws VitrineError `keys/not-an-escrow-key`
 */
export function addEscrow(
  header: VaultHeader,
  masterKey: MasterKey,
  change: SlotChange & { readonly to: EscrowPublicKey },
): VaultHeader {
  const slot = createEscrowSlot({ ...change, vaultId: header.vaultId, masterKey }, change.to);
  const others = header.slots.filter((one) => one.kind !== 'escrow' || one.publicKey !== slot.publicKey);
  return sealHeader({ ...header, slots: [...others, slot] }, masterKey);
}

/**
 * Unlocks by an administrator's key; the caller wipes it.
 * @throws VitrineError `keys/wrong-escrow-key`
 */
export function openWithEscrowKey(
  header: VaultHeader,
  key: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
): UnlockedHeader {
  const publicKey = toBase64(key.publicKey);
  for (const slot of header.slots) {
    if (slot.kind !== 'escrow' || slot.publicKey !== publicKey) continue;
    const masterKey = openEscrowSlot(header.vaultId, slot, key.secretKey);
    if (masterKey) return { masterKey, slotId: slot.id, headerIntact: verifyHeaderMac(header, masterKey) };
  }
  throw keysError('keys/wrong-escrow-key', 'the vault is not escrowed to this key');
}

/** The public key of an escrow slot, to escrow another master key to the same holder. */
export function escrowedTo(slot: { readonly label: string; readonly publicKey: string }): EscrowPublicKey {
  return { label: slot.label, publicKey: fromBase64(slot.publicKey) };
}
