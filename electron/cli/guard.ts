import { existsSync } from 'node:fs';
import type { AuditLog } from '../audit/audit-log.ts';
import { defaultProfile } from '../audit/known-checkpoints.ts';
import { olderState } from '../care/keeper.ts';
import { statesIn } from '../care/known-states.ts';
import { RollbackGuard, type Verdict } from '../care/rollback.ts';
import { openAuditOnly } from '../users/audit-only.ts';
import type { FileVault } from '../vault/file-vault.ts';
import type { Terminal } from './terminal.ts';
import { explain } from './words.ts';

const LOG_OLDER = 'vitrine: warning: the audit log is shorter than it was; see "vitrine audit verify"';

/** A vault that was held against what is remembered of it. */
export interface GuardedVault {
  readonly vault: FileVault;
  readonly guard: RollbackGuard;
  /** Remembers how far the vault has come; before the log is closed. */
  publish(): Promise<void>;
}

/** A folder of the application's profile; null where there is none: the command line makes no profile, and remembers where the application does. */
export function profileFolder(inside: (profile: string) => string): string | null {
  const profile = defaultProfile();
  return existsSync(profile) ? inside(profile) : null;
}

/**
 * Opens a vault and holds it against what it and this computer remember. An older copy is said, and takes no changes; a
 * catalogue that is older than the objects is made anew.
 * @param isSilent the command looks at the vault as it is: nothing is recorded and nothing remembered
 */
export async function openGuarded(
  place: { readonly dir: string; readonly vaultId: string },
  audit: AuditLog,
  open: () => Promise<{ vault: FileVault; rebuilt: boolean }>,
  { terminal, isSilent }: { terminal: Terminal; isSilent: boolean },
): Promise<GuardedVault> {
  const where = {
    vault: place.dir,
    vaultId: place.vaultId,
    outside: profileFolder(statesIn),
    // The keychain is the application's to ask: it may want an answer from a person.
    secrets: async () => null,
  };
  const log = { signer: audit.signer, head: () => audit.head() };
  let opened = await open();
  try {
    let guard = new RollbackGuard(where, log, opened.vault);
    let verdict = await guard.check(opened.rebuilt);
    if (verdict.rebuild) {
      terminal.note('vitrine: the catalogue is older than the sealed objects and is made anew from them');
      await opened.vault.care('distrust', {});
      await opened.vault.dispose();
      opened = await open();
      guard = new RollbackGuard(where, log, opened.vault);
      verdict = await guard.check(true);
    }
    say(verdict, audit, { terminal, isSilent });
    const publish = async (): Promise<void> => {
      if (isSilent) return;
      await guard.publish().catch((error: unknown) => {
        terminal.note(`vitrine: warning: the vault’s state could not be kept: ${explain(error).reason}`);
      });
    };
    return { vault: opened.vault, guard, publish };
  } catch (error) {
    await opened.vault.dispose();
    throw error;
  }
}

/** The vault for an auditor's command: held, with its log, and with no key of the list or of a study. */
export async function openSealed(
  dir: string,
  vaultId: string,
  audit: AuditLog,
  terminal: Terminal,
): Promise<GuardedVault> {
  const opened = await openAuditOnly(dir);
  const where = { vault: dir, vaultId, outside: profileFolder(statesIn), secrets: async () => null };
  const guard = new RollbackGuard(where, { signer: audit.signer, head: () => audit.head() }, opened.vault);
  if ((await audit.head()).size < (await guard.checkLog())) terminal.note(LOG_OLDER);
  // Commands are typed for the open vault; this one refuses whatever they ask of it.
  const vault = Object.assign(Object.create(null), opened.vault, { dispose: () => opened.close() }) as FileVault;
  return { vault, guard, publish: async () => undefined };
}

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

function say(
  verdict: Verdict,
  audit: AuditLog,
  { terminal, isSilent }: { terminal: Terminal; isSilent: boolean },
): void {
  if (verdict.rebuild) return;
  const { older, headerOlder, accountsOlder, logOlder, restored } = verdict;
  const record = (event: Parameters<AuditLog['record']>[0]): void => {
    if (!isSilent) audit.record(event);
  };
  if (restored !== null) {
    const signed = restored.signed ? '' : ', and no snapshot that this vault signed';
    terminal.note(`vitrine: this vault was restored from the backup of ${restored.at}${signed}`);
    record({ kind: 'restored', code: restored.signed ? null : 'backup/not-signed' });
  }
  if (older !== null) {
    const { studies, images, notes, rememberedAt } = olderState(older, restored?.at ?? null);
    const isLess = studies + images + notes > 0;
    const missing = isLess
      ? `${many(studies, 'study', 'studies')}, ${many(images, 'image', 'images')} and ${many(notes, 'saved mark', 'saved marks')} are missing`
      : 'nothing is missing by number, but what it holds is not the same';
    terminal.note(
      `vitrine: warning: this vault is an older copy. Of what it held on ${rememberedAt}, ${missing}. It is read and not changed; ` +
        'if it is the right one, say so with "vitrine state accept"',
    );
    record({ kind: 'rolled-back', code: 'vault/rolled-back' });
  }
  if (headerOlder) {
    terminal.note(
      'vitrine: warning: vault.json is one that the vault had before: passphrases and codes that were replaced may open it',
    );
    record({ kind: 'rolled-back', code: 'keys/header-older' });
  }
  if (accountsOlder) {
    terminal.note(
      'vitrine: warning: the accounts are those that the vault had before: who was removed since may come in again',
    );
    record({ kind: 'rolled-back', code: 'users/accounts-older' });
  }
  if (logOlder) terminal.note(LOG_OLDER);
}
