/** What a session is made of and says. */
import type { SessionState, VaultNotice } from '../core/contract/session.ts';
import type { Argon2id, MasterKey, SecretStore, VaultHeader } from '../core/keys/types.ts';
import type { StudyVault } from '../core/vault/types.ts';
import type { OpenVault, RecoverySummary } from './vault/protocol.ts';

/** A vault that is open somewhere: in the vault process for the app, in this process for tests. */
export interface OpenedVault {
  readonly vault: StudyVault;
  /** What opening had to repair. */
  readonly recovered: RecoverySummary;
  /** Closes it, at the latest after a second and a half, with or without its help. The keys in it are gone then. */
  close(): Promise<void>;
  /** Resolves when it ended without being asked to. */
  readonly crashed: Promise<void>;
}

export interface SessionParts {
  /** The vault's folder. */
  readonly folder: string;
  readonly argon2id: Argon2id;
  readonly secrets: SecretStore;
  /** @param auditSeed wiped when this has resolved */
  open(vault: OpenVault, options: { create: boolean }, auditSeed: Uint8Array): Promise<OpenedVault>;
  /** Called with every new state, before keys go and after they came. */
  changed(state: SessionState): void;
  /** Resolves when no window shows anything of a study any more, or after half a second. */
  screensCleared(): Promise<void>;
  /** Work that a lock ends: how much there is, and how to end it. */
  readonly work: { count(): number; stop(): Promise<void> };
  /** Event names and codes for the log. */
  report(event: string, error?: unknown): void;
}

/** What a change of the header makes. */
export interface HeaderChange<T> {
  readonly header: VaultHeader;
  /** A new master key, where the change was of it; taken over. */
  readonly masterKey?: MasterKey;
  /** What the change answers. */
  readonly value: T;
}

/** What a person must hear of what opening repaired. */
export function noticesOf(recovered: RecoverySummary): VaultNotice[] {
  const notices: VaultNotice[] = [];
  if (recovered.catalogueRebuilt) notices.push('catalogue-rebuilt');
  if (recovered.importsUndone > 0) notices.push('import-undone');
  if (recovered.unreadable > 0) notices.push('objects-unreadable');
  return notices;
}
