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

/** The master key under an OS keychain secret. */
export interface KeychainSlot {
  readonly kind: 'keychain';
  readonly id: string;
  readonly createdAt: string;
  /** Base64 of nonce, ciphertext and tag (XChaCha20-Poly1305). */
  readonly wrapped: string;
}

/** The master key under a passphrase. */
export interface PassphraseSlot {
  readonly kind: 'passphrase';
  readonly id: string;
  readonly createdAt: string;
  readonly argon2id: Argon2Parameters & {
    /** Base64 of 16 random bytes. */
    readonly salt: string;
  };
  readonly wrapped: string;
}

/** The master key under the printed recovery code. */
export interface RecoverySlot {
  readonly kind: 'recovery';
  readonly id: string;
  readonly createdAt: string;
  readonly wrapped: string;
}

/** One way to the master key. */
export type KeySlot = KeychainSlot | PassphraseSlot | RecoverySlot;
export type SlotKind = KeySlot['kind'];

/** `vault.json`: all that is readable before a vault is unlocked. Its name is the user's and no patient's. */
export interface VaultHeader {
  readonly format: 'vitrine-vault';
  readonly version: 1;
  readonly vaultId: VaultId;
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  readonly slots: readonly KeySlot[];
  /** The user said that the recovery code is written down. */
  readonly recoveryConfirmed: boolean;
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
