/**
 * What main and the vault process say to each other. Main trusts the vault process and the other way round (both are
 * ours and hold keys), so these messages are typed but not checked against a schema; the windows' ports are.
 */
import type { Failure } from '../../core/contract/operations.ts';
import type { MemberAccess } from '../../core/keys/study-access.ts';
import type { StudyVault } from '../../core/vault/types.ts';

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

export type VaultMethod = keyof StudyVault;

/** From main to the vault process. `connect` travels with one MessagePort, the window's (or the engine's). */
export type ToVault =
  | { readonly type: 'open'; readonly vault: OpenVault; readonly create: boolean }
  | { readonly type: 'call'; readonly id: number; readonly method: VaultMethod; readonly args: readonly unknown[] }
  /** Aborts the call's signal; the call still answers. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'connect' }
  /** With the port to a process that checks pixels: what `checker` asked for. */
  | { readonly type: 'checker' }
  /** Ends running work, closes the catalogue and exits with code 0. */
  | { readonly type: 'shutdown' };

/** From the vault process to main. */
export type FromVault =
  | { readonly type: 'opened'; readonly error: Failure | null; readonly recovered: RecoverySummary | null }
  /** A process that checks pixels is wanted, or no longer wanted. */
  | { readonly type: 'checker'; readonly wanted: boolean }
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
