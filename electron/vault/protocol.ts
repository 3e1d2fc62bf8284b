/**
 * What main and the vault process say to each other. Main trusts the vault process and the other way round (both are
 * ours and hold keys), so these messages are typed but not checked against a schema; the windows' ports are.
 */
import type { Failure } from '../../core/contract/operations.ts';
import type { MemberAccess } from '../../core/keys/study-access.ts';
import type { Role } from '../../core/keys/users/types.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';

/** Which vault to open, and the two keys that the vault process needs. Never written anywhere. */
export interface OpenVault {
  /** Absolute path of the vault's folder. */
  readonly dir: string;
  /** From the vault header; every sealed object is bound to it. */
  readonly vaultId: string;
  /** 32 bytes: SQLCipher's raw key. */
  readonly catalogueKey: Uint8Array;
  /** 32 bytes: wraps the study keys. Empty for an account that hasn't the master key: `member` is what it opens by. */
  readonly wrappingKey: Uint8Array;
  /** The same two before a change of the master key that isn't finished: what still hangs on them opens by them. */
  readonly previous?: { readonly catalogueKey: Uint8Array; readonly wrappingKey: Uint8Array } | null;
  /** What accounts bring to open and to wrap study keys with; null or absent in a vault without accounts. */
  readonly member?: MemberAccess | null;
}

/** Who opened the vault: by this the process decides what a page may ask it (electron/users/permissions.ts). */
export interface Entered {
  /** Null: the owner, who came in by the vault's own slots. */
  readonly roles: readonly Role[] | null;
  /** The account, or that of the operating system. */
  readonly name: string;
}

export type VaultMethod = keyof MainVault;

/**
 * From main to the vault process. `connect` travels with two MessagePorts of a window, for frames and for operations on a
 * patient's data, or with one for frames, of a process that computes.
 */
export type ToVault =
  | { readonly type: 'open'; readonly vault: OpenVault; readonly create: boolean; readonly entered: Entered }
  | { readonly type: 'call'; readonly id: number; readonly method: VaultMethod; readonly args: readonly unknown[] }
  /** Aborts the call's signal; the call still answers. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'connect' }
  /** What `change` asked for: main has looked. */
  | { readonly type: 'may-change'; readonly id: number }
  /** With the port to a process that checks pixels: what `checker` asked for. */
  | { readonly type: 'checker' }
  /** Ends running work, closes the catalogue and exits with code 0. */
  | { readonly type: 'shutdown' };

/** From the vault process to main. */
export type FromVault =
  | { readonly type: 'opened'; readonly error: Failure | null; readonly recovered: RecoverySummary | null }
  /** A process that checks pixels is wanted, or no longer wanted. */
  | { readonly type: 'checker'; readonly wanted: boolean }
  /** A window wants to change something: main says when it has looked whether the vault is an older copy of itself. */
  | { readonly type: 'change'; readonly id: number }
  /** A window's operation was answered: for the audit log. */
  | { readonly type: 'told'; readonly operation: string; readonly code: string | null; readonly studyId: string | null }
  | { readonly type: 'progress'; readonly id: number; readonly values: readonly unknown[] }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: Failure };

/** What opening had to repair. All zero and false after a clean end. */
export interface RecoverySummary {
  /** Imports that a crash had cut short and that were undone. */
  readonly importsUndone: number;
  /** Sealed objects of undone imports that were removed. */
  readonly objectsRemoved: number;
  /** The catalogue was missing or damaged and was rebuilt from the sealed objects. */
  readonly catalogueRebuilt: boolean;
  /** Sealed objects that could not be opened while the catalogue was rebuilt; they are kept. */
  readonly unreadable: number;
}
