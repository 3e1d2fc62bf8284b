/** What a session is made of and says. */
import type { SessionState, VaultNotice } from '../core/contract/session.ts';
import type { Argon2id, MasterKey, SecretStore, SlotKind, VaultHeader } from '../core/keys/types.ts';
import type { Role } from '../core/keys/users/types.ts';
import type { MainVault } from '../core/vault/main-vault.ts';
import type { HeldKey } from './master-key.ts';
import type { SignedIn } from './users/account-unlock.ts';
import type { OpenVault, RecoverySummary } from './vault/protocol.ts';

/** A vault that is open somewhere: in the vault process for the app, in this process for tests. */
export interface OpenedVault {
  readonly vault: MainVault;
  /** What opening had to repair. */
  readonly recovered: RecoverySummary;
  /** Closes it, at the latest after a second and a half, with or without its help. The keys in it are gone then. */
  close(): Promise<void>;
  /** Resolves when it ended without being asked to. */
  readonly crashed: Promise<void>;
}

/** How the vault is opened. */
export interface OpenOptions {
  readonly create: boolean;
  /** The account that opens it, for the audit log; null or absent: the owner. */
  readonly user?: string | null;
  /** Its roles; null: the owner. */
  readonly roles: readonly Role[] | null;
}

export interface SessionParts {
  /** The vault's folder. */
  readonly folder: string;
  readonly argon2id: Argon2id;
  readonly secrets: SecretStore;
  /** @param auditSeed wiped when this has resolved */
  open(vault: OpenVault, options: OpenOptions, auditSeed: Uint8Array): Promise<OpenedVault>;
  /** Called with every new state, before keys go and after they came. */
  changed(state: SessionState): void;
  /** Resolves when no window shows anything of a study any more, or after half a second. */
  screensCleared(): Promise<void>;
  /** Work that a lock ends: how much there is, and how to end it. */
  readonly work: { count(): number; stop(): Promise<void> };
  /** Event names and codes for the log. */
  report(event: string, error?: unknown): void;
}

/** The vault while it is unlocked. */
export interface Unlocked {
  /** Null for an account without the master key. */
  key: HeldKey | null;
  opened: OpenedVault;
  /** Through which kind of slot the person came in; null: made it in this run, or by an account. */
  readonly by: SlotKind | null;
  /** Null for the owner. */
  readonly signedIn: SignedIn | null;
}

/** What a change of the header makes. */
export interface HeaderChange<T> {
  readonly header: VaultHeader;
  /** A new master key, where the change was of it; taken over. */
  readonly masterKey?: MasterKey;
  /** What the change answers. */
  readonly value: T;
}

/** Runs changes one after the other, whether they end well or not. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(change, change);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** A vault process that dies more often than this in a minute isn't started again: the vault locks. */
const RESTARTS_A_MINUTE = 3;

/** Counts the restarts of the vault process. */
export class RestartLimit {
  #at: number[] = [];

  /** Counts one more; false when it is one too many. */
  allows(): boolean {
    const now = Date.now();
    this.#at = [...this.#at.filter((at) => now - at < 60_000), now];
    return this.#at.length <= RESTARTS_A_MINUTE;
  }
}

/** What a person must hear of what opening repaired. */
export function noticesOf(recovered: RecoverySummary): VaultNotice[] {
  const notices: VaultNotice[] = [];
  if (recovered.catalogueRebuilt) notices.push('catalogue-rebuilt');
  if (recovered.importsUndone > 0) notices.push('import-undone');
  if (recovered.unreadable > 0) notices.push('objects-unreadable');
  return notices;
}
