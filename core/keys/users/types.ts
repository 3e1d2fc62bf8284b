import type { VaultId } from '../../ids.ts';
import type { ReadingRole } from '../study-record.ts';
import type { Argon2Parameters } from '../types.ts';

/** What an account may be; it may be several. */
export const ROLES = ['radiologist', 'technologist', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** An account's private key under its passphrase. */
export interface AccountSlot {
  readonly argon2id: Argon2Parameters & {
    /** Base64 of 16 random bytes. */
    readonly salt: string;
  };
  /** Base64 of nonce, ciphertext and tag (XChaCha20-Poly1305) of 32 bytes. */
  readonly wrapped: string;
}

/** One person who uses this workstation. */
export interface Account {
  /** What is typed at the command line: small letters, digits, `.`, `_`, `-`. */
  readonly id: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  /** What rules ask for, beside the roles. */
  readonly attributes: readonly string[];
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Base64 of the account's X-Wing public key: rings are sealed to it. */
  readonly publicKey: string;
  /** Base64: the keys that its roles are entitled to. */
  readonly ring: string;
  /** The only field that the account itself may change; it is authenticated by its passphrase, not by the signature. */
  readonly slot: AccountSlot;
}

/** `users.json`: accounts, their public keys and sealed rings. It names staff and no patient. */
export interface UsersFile {
  readonly format: 'vitrine-users';
  readonly version: 1;
  readonly vaultId: VaultId;
  /** Counts changes. */
  readonly revision: number;
  /** Grows when somebody leaves or loses a role or an attribute: new studies are wrapped to keys that he never had. */
  readonly epoch: number;
  /** The oldest epoch that a study may still be wrapped to. */
  readonly oldestEpoch: number;
  /** Base64 of the Ed25519 public key that signs this file. */
  readonly authority: string;
  /** Base64 of the X-Wing public key to which accounts without the master key wrap for the vault. */
  readonly vaultKey: string;
  /** Public keys of the reading roles in this epoch, Base64. */
  readonly recipients: readonly { readonly role: ReadingRole; readonly publicKey: string }[];
  /** Base64 of FAME's public key. */
  readonly policyKey: string;
  /** Rule for imported studies; null: every radiologist opens them. */
  readonly importRule: string | null;
  /** Base64: secrets behind all of this, under a key of the master key. */
  readonly keyring: string;
  readonly accounts: readonly Account[];
  /** Base64 of Ed25519 over everything but the slots. */
  readonly signature: string;
}
