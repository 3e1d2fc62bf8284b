/** The slot of an administrator's key. It stands apart because X-Wing is loaded only where a vault is escrowed. */
import { utf8 } from '../bytes.ts';
import type { VaultId } from '../ids.ts';
import { encodeFields } from '../seal/v1/context.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { keysError } from './errors.ts';
import type { EscrowPublicKey } from './escrow.ts';
import { decapsulateKey, encapsulateKey } from './hybrid.ts';
import { newSlot, type SlotMaterial, unwrap, wrap } from './slots.ts';
import type { EscrowSlot, MasterKey } from './types.ts';

/** What an escrow's one-time key is for: this slot of this vault. */
function escrowUse(vaultId: VaultId, slotId: string) {
  return { context: encodeFields(utf8('vitrine/key-slot/v1'), utf8('escrow'), utf8(vaultId), utf8(slotId)) };
}

/** @throws VitrineError `keys/not-an-escrow-key` */
export function createEscrowSlot(material: SlotMaterial, { label, publicKey }: EscrowPublicKey): EscrowSlot {
  const fresh = newSlot(material, 'escrow');
  const use = escrowUse(material.vaultId, fresh.id);
  let made: ReturnType<typeof encapsulateKey>;
  try {
    made = encapsulateKey(publicKey, use, material.randomFill);
  } catch (cause) {
    throw keysError('keys/not-an-escrow-key', 'no public key of X-Wing', { cause });
  }
  const slot = { ...fresh, label, publicKey: toBase64(publicKey), encapsulated: toBase64(made.encapsulated) };
  return { ...slot, wrapped: wrap(material, slot, made.key) };
}

/** Null when the secret key isn't the one that this slot was made for. */
export function openEscrowSlot(vaultId: VaultId, slot: EscrowSlot, secretKey: Uint8Array): MasterKey | null {
  const key = decapsulateKey(secretKey, escrowUse(vaultId, slot.id), fromBase64(slot.encapsulated));
  return unwrap(vaultId, slot, key);
}
