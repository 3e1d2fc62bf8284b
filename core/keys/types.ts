import type { VaultId } from '../ids.ts';
import type { WrappingKey } from '../seal/types.ts';

declare const brand: unique symbol;

/** The vault's random 32-byte root. Each key slot wraps this one key. */
export type MasterKey = Uint8Array & { readonly [brand]: 'MasterKey' };

/** What HKDF-SHA-384 makes of the master key. Every field is 32 bytes. */
export interface VaultKeys {
  /** SQLCipher's raw key. */
  readonly catalogueKey: Uint8Array;
  /** Wraps study keys. */
  readonly wrappingKey: WrappingKey & Uint8Array;
  /** Keys the blind index of partners (no value in clear leaves the vault). */
  readonly blindIndexKey: Uint8Array;
  /** Seed of the audit log's signing key. */
  readonly auditSeed: Uint8Array;
  /** Authenticates `vault.json`. */
  readonly headerKey: Uint8Array;
}

/** Cost of Argon2id (RFC 9106). */
export interface Argon2Parameters {
  /** Memory in KiB. */
  readonly memoryKiB: number;
  /** Passes over the memory. */
  readonly iterations: number;
  /** Lanes. */
  readonly parallelism: number;
}

/** Argon2id version 1.3 without secret or associated data; resolves to `length` bytes. */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2Parameters,
  length: number,
) => Promise<Uint8Array>;

/** What every slot has. */
interface SlotFields {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** When a drill last proved that it opens the vault (ISO 8601 in UTC); null: never. */
  readonly testedAt: string | null;
  /** Base64 of nonce, ciphertext and tag (XChaCha20-Poly1305): the master key. */
  readonly wrapped: string;
}

/** The master key under an OS keychain secret. */
export interface KeychainSlot extends SlotFields {
  readonly kind: 'keychain';
}

/** The master key under a passphrase. */
export interface PassphraseSlot extends SlotFields {
  readonly kind: 'passphrase';
  readonly argon2id: Argon2Parameters & {
    /** Base64 of 16 random bytes. */
    readonly salt: string;
  };
}

/** The master key under the printed recovery code. */
export interface RecoverySlot extends SlotFields {
  readonly kind: 'recovery';
}

/** The master key under a random secret that was shared out; any `threshold` of the `count` shares give it back. */
export interface SharesSlot extends SlotFields {
  readonly kind: 'shares';
  readonly threshold: number;
  readonly count: number;
}

/** The master key under an administrator's public key (X-Wing: X25519 and ML-KEM-768). */
export interface EscrowSlot extends SlotFields {
  readonly kind: 'escrow';
  /** Whose key it is, as the key's maker named it; 1 to 80 characters. */
  readonly label: string;
  /** Base64 of 1216 bytes. */
  readonly publicKey: string;
  /** Base64 of the 1120 bytes that the key's holder makes the shared secret of. */
  readonly encapsulated: string;
}

/** One way to the master key. */
export type KeySlot = KeychainSlot | PassphraseSlot | RecoverySlot | SharesSlot | EscrowSlot;
export type SlotKind = KeySlot['kind'];

/** A set of shares that a new one took the place of, or that was removed: its sheets are worth nothing. */
export interface RetiredSet {
  /** As printed on the sheets: `shareSetId` of the slot. */
  readonly setId: string;
  readonly retiredAt: string;
}

/** A change of the master key that isn't finished: some things still hang on the old one. */
export interface HeaderRotation {
  readonly startedAt: string;
  /** Base64: the old master key under the new one. */
  readonly wrapped: string;
}

/** `vault.json`: all that is readable before a vault is unlocked. Its name is the user's and no patient's. */
export interface VaultHeader {
  readonly format: 'vitrine-vault';
  /** 1 is read and never written: it had three kinds of slots and none of the fields that are marked below. */
  readonly version: 1 | 2;
  readonly vaultId: VaultId;
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly slots: readonly KeySlot[];
  /** The user said that the recovery code is written down. */
  readonly recoveryConfirmed: boolean;
  /** Null when no change of the master key is under way. Since version 2. */
  readonly rotation: HeaderRotation | null;
  /** Base64: the audit seed under the master key, so that the log outlives a change of it; null: derived. Since version 2. */
  readonly auditSeed: string | null;
  /** Newest first. Since version 2. */
  readonly retiredSets: readonly RetiredSet[];
  /** Base64 of HMAC-SHA-384 under `headerKey` over everything else. */
  readonly mac: string;
}

/** A header whose slot gave the master key. */
export interface UnlockedHeader {
  readonly masterKey: MasterKey;
  readonly slotId: string;
  /**
   * False when the header was edited since Vitrine wrote it. The master key is right all the same (the slot is
   * authenticated by itself), so the vault opens, the user is told, and `sealHeader` makes the header whole again.
   */
  readonly headerIntact: boolean;
}

/** One secret per account in the OS keychain. */
export interface SecretStore {
  /**
   * The secret, or null only when it was never created (or was removed).
   * @throws VitrineError `keychain/locked`, `keychain/cancelled`, `keychain/unavailable`, `keychain/plaintext-backend`:
   *   every other case. None of them says that the secret is gone.
   */
  get(account: string): Promise<Uint8Array | null>;
  /** Stores or replaces. @throws as `get`. */
  set(account: string, secret: Uint8Array): Promise<void>;
  /** Removes; true when there was something to remove. @throws as `get`. */
  delete(account: string): Promise<boolean>;
}
