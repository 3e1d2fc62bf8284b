import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AuditEvent } from '../../core/audit/message.ts';
import { signSnapshot } from '../../core/audit/vault-notes.ts';
import type { CareStatus, OlderCopyState } from '../../core/contract/care.ts';
import type { Settings, VaultNotice } from '../../core/contract/session.ts';
import type { SecretStore } from '../../core/keys/types.ts';
import type { BackupReport } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { OpenedVault } from '../session-parts.ts';
import type { Findings, OlderCopy, RollbackGuard } from './rollback.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface KeeperParts {
  /** The vault's folder. */
  readonly folder: string;
  /** Folder of the remembered states outside of the vault; null: none. */
  readonly outside: string | null;
  /** The keychain where it is in use for this vault; null: not. */
  secrets(): Promise<SecretStore | null>;
  settings(): Promise<Pick<Settings, 'backupDays'>>;
  record(event: AuditEvent): void;
  /** Something that the person must hear. */
  tell(notice: VaultNotice): void;
  /** It is set right. */
  untell(notice: VaultNotice): void;
  report(event: string, error: unknown): void;
}

/** What is kept of one opening of the vault. */
interface Open {
  readonly vault: MainVault;
  readonly log: AuditLog;
  /** Loaded when the list has been asked for: a start doesn't wait for it. */
  readonly guard: Promise<RollbackGuard>;
  readonly vaultId: string;
  /** Resolves when the vault was held against what is remembered. */
  readonly checked: Promise<void>;
  /** Begins the check, if it hasn't begun. */
  readonly begin: () => void;
  findings: Findings | null;
  reopen(): Promise<void>;
}

/** Milliseconds after an opening when it is checked, if nobody waits for that before: the first list comes first. */
const CHECK_AFTER = 700;

/** Main's side of the vault's care: what is remembered of it, what is due, what is signed. */
export class CareKeeper {
  readonly #parts: KeeperParts;
  #open: Open | null = null;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /**
   * Takes a vault that was just opened under its care. The check goes on beside the first list; whoever writes waits for
   * `checked`. A catalogue that is older than the objects ends this opening as a crash would: the session opens the vault
   * anew, and that makes the catalogue anew.
   */
  take(opened: OpenedVault, vaultId: string, log: AuditLog): OpenedVault {
    let again: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      again = resolve;
    });
    const reopen = async (): Promise<void> => {
      await opened.vault.care('distrust', {});
      await opened.close();
      again();
    };
    const { folder: vault, outside, secrets } = this.#parts;
    const place = { vault, vaultId, outside, secrets };
    const state = { signer: log.signer, head: () => log.head() };
    const guard = import('./rollback.ts').then((rollback) => new rollback.RollbackGuard(place, state, opened.vault));
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    setTimeout(begin, CHECK_AFTER).unref();
    const open: Open = {
      begin,
      vault: opened.vault,
      log,
      guard,
      vaultId,
      findings: null,
      reopen,
      checked: begun.then(() => this.#check(open, opened.recovered.catalogueRebuilt)),
    };
    this.#open = open;
    open.checked.catch((error: unknown) => this.#parts.report('care.not-checked', error));
    return { ...opened, crashed: Promise.race([opened.crashed, asked]) };
  }

  /** Resolves when it is known whether the vault may be changed. */
  async checked(): Promise<void> {
    this.#open?.begin();
    await this.#open?.checked.catch(() => undefined);
  }

  /** Something was committed. */
  changed(): void {
    void this.#open?.guard.then((guard) => guard.changed());
  }

  /** The vault is about to be closed, and still answers. */
  async closing(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    open.begin();
    await open.checked.catch(() => undefined);
    await open.guard
      .then((guard) => guard.close())
      .catch((error: unknown) => this.#parts.report('care.not-remembered', error));
  }

  /** What the screen shows. @throws vault/locked when the vault is */
  async status(vault: MainVault): Promise<CareStatus> {
    await this.checked();
    const [records, state] = [await vault.care('records', {}), await vault.care('state', {})];
    const { backup, verify, drill, scrub } = records;
    const { backupDays } = await this.#parts.settings();
    // A vault that is younger than the time that is allowed between two backups needs none yet.
    const since = backup?.at ?? state.firstImport;
    const due = state.studies > 0 && since !== null && Date.now() - Date.parse(since) > backupDays * DAY_MS;
    return {
      studies: state.studies,
      images: state.images,
      older: await this.#olderState(),
      backup:
        backup === null
          ? null
          : {
              at: backup.at,
              place: basename(backup.target).slice(0, 255),
              isThere: await stat(backup.target).then(
                () => true,
                () => false,
              ),
              studies: backup.studies,
              bytes: backup.bytes,
              copied: backup.copied,
              problems: backup.problems,
            },
      changesSince: backup === null ? null : Math.max(0, state.counter - backup.counter),
      backupDue: due,
      verify,
      drill,
      scrub: { ...scrub, damaged: scrub.damaged.slice(0, 1000) },
    };
  }

  /** A whole backup: flushed, copied, signed, tidied, and remembered. */
  async backUp(vault: MainVault, target: string, observer: VerifyObserver): Promise<BackupReport> {
    const open = this.#open;
    await this.checked();
    if (open === null) throw vaultError('vault/locked', 'no vault is open');
    await open.log.flush();
    const report = await finishBackup(vault, target, observer, (made) =>
      signSnapshot(open.vaultId, made, open.log.signer),
    );
    this.#parts.untell('backup-due');
    return report;
  }

  /** A person says that this copy is the vault from now on. */
  async accept(): Promise<void> {
    await this.checked();
    const guard = await this.#open?.guard;
    const accepted = await guard?.accept();
    if (accepted === null || accepted === undefined) return;
    this.#parts.record({ kind: 'copy-accepted', code: null });
    this.#parts.untell('rolled-back');
  }

  /** A repair ended: what it left damaged is still to be heard of, the rest is not. */
  async repaired(vault: MainVault): Promise<void> {
    const { scrub } = await vault.care('records', {});
    if (scrub.damaged.length === 0) this.#parts.untell('damage-found');
  }

  /** Makes the catalogue anew: the vault closes and opens again. */
  async rebuild(): Promise<void> {
    await this.#open?.reopen();
  }

  async #check(open: Open, rebuilt: boolean): Promise<void> {
    const guard = await open.guard;
    const verdict = await guard.check(rebuilt);
    if (this.#open !== open) return;
    if (verdict.rebuild) {
      this.#parts.record({ kind: 'rolled-back', code: 'vault/catalogue-older' });
      await open.reopen();
      return;
    }
    open.findings = verdict;
    this.#say(verdict);
    if (verdict.older === null) await guard.publish();
    void this.#later(open).catch((error: unknown) => this.#parts.report('care.not-checked', error));
  }

  #say({ older, headerOlder, accountsOlder, logOlder, restored }: Findings): void {
    const { record, tell } = this.#parts;
    if (restored !== null) {
      record({ kind: 'restored', code: restored.signed ? null : 'backup/not-signed' });
      tell(restored.signed ? 'restored' : 'restored-unsigned');
    }
    if (older !== null) record({ kind: 'rolled-back', code: 'vault/rolled-back' });
    if (older !== null) tell('rolled-back');
    if (headerOlder) record({ kind: 'rolled-back', code: 'keys/header-older' });
    if (headerOlder) tell('header-older');
    if (accountsOlder) record({ kind: 'rolled-back', code: 'users/accounts-older' });
    if (accountsOlder) tell('accounts-older');
    if (logOlder) tell('log-older');
  }

  /** What needs no hurry: the keychain's memory, damage that the scrub found, a backup that is due. */
  async #later(open: Open): Promise<void> {
    const older = await (await open.guard).checkKeychain();
    if (this.#open !== open) return;
    if (older !== null) {
      const nothing = { headerOlder: false, accountsOlder: false, logOlder: false, restored: null };
      open.findings = { ...nothing, ...open.findings, older };
      this.#say({ ...nothing, older });
    }
    const { scrub, backupDue } = await this.status(open.vault);
    if (this.#open !== open) return;
    if (scrub.damaged.length > 0) this.#parts.tell('damage-found');
    if (backupDue) this.#parts.tell('backup-due');
  }

  async #olderState(): Promise<OlderCopyState | null> {
    const older = (await this.#open?.guard)?.older ?? null;
    return older === null ? null : olderState(older, this.#open?.findings?.restored?.at ?? null);
  }
}

/** How much is missing, for people. */
export function olderState({ by, remembered, now }: OlderCopy, restoredFrom: string | null): OlderCopyState {
  return {
    by,
    rememberedAt: remembered.at,
    studies: Math.max(0, remembered.studies - now.studies),
    images: Math.max(0, remembered.images - now.images),
    notes: Math.max(0, remembered.notes - now.notes),
    lastImport: now.lastImport,
    restoredFrom,
  };
}

/** Copies, signs and tidies: the three steps of a backup, of which the second makes it count. */
export async function finishBackup(
  vault: Pick<MainVault, 'care'>,
  target: string,
  observer: VerifyObserver,
  sign: (report: BackupReport) => string,
): Promise<BackupReport> {
  const report = await vault.care('backup', { target }, observer);
  const { BackupFolder } = await import('./backup-folder.ts');
  const folder = await BackupFolder.open(target);
  await folder.writeNote(report.number, sign(report));
  await vault.care('backup-finish', { target, report });
  return report;
}
