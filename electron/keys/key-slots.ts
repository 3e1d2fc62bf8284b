import type { SlotList, SlotRow } from '../../core/contract/keys.ts';
import type { KeychainStatus } from '../../core/contract/session.ts';
import { VitrineError } from '../../core/errors.ts';
import { fromBase64 } from '../../core/keys/base64.ts';
import { escrowFingerprint, parseEscrowPublic } from '../../core/keys/escrow.ts';
import { markTested, removeSlot, replacePassphrase, replaceRecovery } from '../../core/keys/header.ts';
import { addEscrow, replaceShares } from '../../core/keys/more-slots.ts';
import { changeMaster, endRotation } from '../../core/keys/rotation.ts';
import { shareSetId } from '../../core/keys/share-set.ts';
import { createKeychainSecret } from '../../core/keys/slots.ts';
import type { Argon2id, KeySlot, MasterKey, SecretStore, VaultHeader } from '../../core/keys/types.ts';
import { hasKeychainSlot, statusOf } from '../keychain.ts';
import { randomFill } from '../random.ts';
import type { HeaderChange } from '../session-parts.ts';
import { checkPassphrase, type UnlockMethod, withPassphrase } from '../unlock.ts';
import { reach } from '../vault/write-points.ts';

/** Who holds the header and the master key of the open vault: the session of the app, or one command. */
export interface HeaderHolder {
  /** @throws vault/locked */
  openHeader(): {
    readonly header: VaultHeader;
    readonly keychain: KeychainStatus;
    /** The unlock itself showed the owner: no passphrase is asked for again. */
    readonly ownerShown: boolean;
  };
  /** Changes the header durably, one change at a time; when `change` throws, nothing has changed. @throws vault/locked */
  changeHeader<T>(
    change: (header: VaultHeader, masterKey: MasterKey) => HeaderChange<T> | Promise<HeaderChange<T>>,
  ): Promise<T>;
  /** Opens a slot and lets the key go again. @returns the slot's id @throws as `session.unlock` */
  drill(method: UnlockMethod): Promise<string>;
  /** What became of the keychain's entry. */
  keychainIs(status: KeychainStatus): Promise<void>;
}

export interface KeySlotParts {
  readonly argon2id: Argon2id;
  readonly secrets: SecretStore;
  readonly now?: () => Date;
  /** Puts the vault's accounts under a new master key, before the old one is dropped; may be run again. */
  readonly moveAccounts?: (header: VaultHeader, masterKey: MasterKey) => Promise<void>;
}

/** A set of shares before it is in force: what its sheets say. */
export interface NewShares {
  readonly vaultName: string;
  readonly createdAt: string;
  readonly setId: string;
  readonly threshold: number;
  readonly shares: readonly string[];
}

/** What a change of the master key tells the person. */
export interface RotationStart {
  /** The new recovery code; null where the vault had none. */
  readonly recoveryCode: string | null;
  /** Share sets whose sheets are worth nothing from now on. */
  readonly retiredSets: readonly string[];
}

/** Kinds that a person holds; the keychain is a computer's. */
function isHeld({ kind }: KeySlot): boolean {
  return kind !== 'keychain';
}

function rowOf(slot: KeySlot, slots: readonly KeySlot[]): SlotRow {
  const { id: slotId, kind, createdAt, testedAt } = slot;
  return {
    slotId,
    kind,
    createdAt,
    testedAt,
    removable: slots.some((other) => other !== slot && isHeld(other)),
    set: kind === 'shares' ? { name: shareSetId(slot), count: slot.count, threshold: slot.threshold } : null,
    holder:
      kind === 'escrow' ? { label: slot.label, fingerprint: escrowFingerprint(fromBase64(slot.publicKey)) } : null,
  };
}

/** What is done with the slots of an open vault. The same for the app and the command line. */
export class KeySlots {
  readonly #holder: HeaderHolder;
  readonly #parts: KeySlotParts;

  constructor(holder: HeaderHolder, parts: KeySlotParts) {
    this.#holder = holder;
    this.#parts = parts;
  }

  /** @throws vault/locked */
  list(): Omit<SlotList, 'resealPending'> {
    const { header, keychain, ownerShown } = this.#holder.openHeader();
    const slots = header.slots.map((slot) => rowOf(slot, header.slots));
    return { slots, keychain, ownerShown, rotatingSince: header.rotation?.startedAt ?? null };
  }

  /** Proves that a slot opens the vault, and notes when. @throws as `session.unlock` */
  async drill(method: UnlockMethod): Promise<string> {
    const slotId = await this.#holder.drill(method);
    await this.#holder.changeHeader((header, masterKey) => ({
      header: markTested(header, masterKey, slotId, this.#now()),
      value: null,
    }));
    return slotId;
  }

  /** @param owner null where the unlock showed the owner @throws keys/wrong-passphrase, keys/weak-passphrase, … */
  async changePassphrase(owner: string | null, passphrase: string): Promise<void> {
    checkPassphrase(passphrase);
    await this.#prove(owner);
    await withPassphrase(passphrase, (bytes) =>
      this.#holder.changeHeader(async (header, masterKey) => {
        const change = { passphrase: bytes, argon2id: this.#parts.argon2id, ...this.#change() };
        return { header: await replacePassphrase(header, masterKey, change), value: null };
      }),
    );
  }

  /** @returns the new code, to be shown once */
  async renewRecovery(owner: string | null): Promise<string> {
    await this.#prove(owner);
    return this.#holder.changeHeader((header, masterKey) => {
      const renewed = replaceRecovery(header, masterKey, this.#change());
      return { header: renewed.header, value: renewed.recoveryCode };
    });
  }

  /**
   * Makes a set of shares in the place of the one before.
   * @param keep puts the sheets where they are safe, before the set counts; answers how to take that back
   * @throws keys/share-counts, what `keep` throws
   */
  async makeShares(
    owner: string | null,
    set: { readonly threshold: number; readonly count: number },
    keep: (sheets: NewShares) => Promise<() => Promise<void>>,
  ): Promise<string> {
    await this.#prove(owner);
    let takeBack = async (): Promise<void> => undefined;
    const change = this.#change();
    const made = this.#holder.changeHeader(async (header, masterKey) => {
      const { shares, setId, header: changed } = await replaceShares(header, masterKey, { ...change, ...set });
      const { createdAt } = change;
      takeBack = await keep({ vaultName: header.name, createdAt, setId, threshold: set.threshold, shares });
      return { header: changed, value: setId };
    });
    return made.catch(async (error: unknown) => {
      // The header wasn't written: sheets of a set that no vault has would only mislead.
      await takeBack();
      throw error;
    });
  }

  /** @param publicText text of an administrator's public file @throws keys/not-an-escrow-key */
  async addEscrow(owner: string | null, publicText: string): Promise<void> {
    const to = parseEscrowPublic(publicText);
    await this.#prove(owner);
    await this.#holder.changeHeader((header, masterKey) => ({
      header: addEscrow(header, masterKey, { ...this.#change(), to }),
      value: null,
    }));
  }

  /** @throws keys/no-such-slot, keys/last-slot */
  async remove(owner: string | null, slotId: string): Promise<void> {
    await this.#prove(owner);
    const header = await this.#holder.changeHeader((before, masterKey) => {
      const after = removeSlot(before, masterKey, slotId, this.#now());
      return { header: after, value: after };
    });
    if (hasKeychainSlot(header)) return;
    // The entry opens nothing any more. Where the keychain keeps it, it is rubbish and no danger.
    await this.#parts.secrets.delete(header.vaultId).catch(() => false);
    await this.#holder.keychainIs('not-used');
  }

  /**
   * Puts the vault under a new master key: durable when it resolves, and every old way in is dead. What hangs on the old key
   * still opens; `vault.rekey` moves it, and then `endRotation` drops the old key.
   * @throws keys/wrong-passphrase, keys/rotation-running
   */
  async rotate(passphrase: string): Promise<RotationStart> {
    await this.#prove(passphrase);
    const secret = hasKeychainSlot(this.#holder.openHeader().header) ? createKeychainSecret(randomFill) : null;
    try {
      const started = await withPassphrase(passphrase, (bytes) =>
        this.#holder.changeHeader(async (header, masterKey) => {
          const { argon2id } = this.#parts;
          const change = { passphrase: bytes, argon2id, keychainSecret: secret, ...this.#change() };
          const { recoveryCode, retiredSets, ...changed } = await changeMaster(header, masterKey, change);
          return { ...changed, value: { recoveryCode, retiredSets, vaultId: header.vaultId } };
        }),
      );
      reach('rotate.header');
      if (secret !== null) await this.#storeSecret(started.vaultId, secret);
      return started;
    } finally {
      secret?.fill(0);
    }
  }

  /** Drops the old master key: nothing hangs on it any more. */
  async endRotation(): Promise<void> {
    await this.#holder.changeHeader(async (header, masterKey) => {
      // The accounts hang on the old key until now.
      await this.#parts.moveAccounts?.(header, masterKey);
      return { header: endRotation(header, masterKey), value: null };
    });
    reach('rotate.dropped');
  }

  /** A keychain that doesn't take the new secret is shown as changed, and can be repaired: the passphrase opens the vault. */
  async #storeSecret(vaultId: string, secret: Uint8Array): Promise<void> {
    const status = await this.#parts.secrets.set(vaultId, secret).then(() => 'ok' as const, statusOf);
    await this.#holder.keychainIs(status);
  }

  /** @throws keys/passphrase-needed, keys/wrong-passphrase, keys/too-soon */
  async #prove(owner: string | null): Promise<void> {
    if (owner !== null) await this.#holder.drill({ with: 'passphrase', passphrase: owner });
    else if (!this.#holder.openHeader().ownerShown)
      throw new VitrineError('keys/passphrase-needed', 'the owner’s passphrase is needed');
  }

  #now(): string {
    return (this.#parts.now?.() ?? new Date()).toISOString();
  }

  #change() {
    return { randomFill, createdAt: this.#now() };
  }
}

/** The holder that the app's session is. */
export function holderOf(session: {
  openHeader(): { header: VaultHeader; keychain: KeychainStatus; by: KeySlot['kind'] | null };
  changeHeader: HeaderHolder['changeHeader'];
  drill: HeaderHolder['drill'];
  keychainIs: HeaderHolder['keychainIs'];
}): HeaderHolder {
  return {
    openHeader: () => {
      const { header, keychain, by } = session.openHeader();
      // A passphrase that was typed hours ago says nothing of who sits here now; whoever had to use another way in may
      // have no passphrase to type.
      return { header, keychain, ownerShown: by === 'recovery' || by === 'shares' || by === 'escrow' };
    },
    changeHeader: (change) => session.changeHeader(change),
    drill: (method) => session.drill(method),
    keychainIs: (status) => session.keychainIs(status),
  };
}
