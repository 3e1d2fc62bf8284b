import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { VitrineError } from '../../core/errors.ts';
import type { SecretStore, VaultHeader } from '../../core/keys/types.ts';
import manifest from '../../package.json' with { type: 'json' };
import { AttemptsFile } from '../attempts.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { checkpointsIn } from '../audit/known-checkpoints.ts';
import { actor, recordFailedUnlock } from '../audit/recorder.ts';
import type { RollbackGuard } from '../care/rollback.ts';
import { argon2idDirect } from '../crypto/argon2.ts';
import { chooseArgon2, hardenProcess } from '../crypto/choose-engine.ts';
import { holdMasterKey } from '../master-key.ts';
import { newVault, type UnlockMethod, unlockHeader } from '../unlock.ts';
import type { SignedIn, VaultEntry } from '../users/account-unlock.ts';
import { attemptsName } from '../users/users-store.ts';
import { FileVault } from '../vault/file-vault.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { createHeaderFile, readHeader, removeHeader } from '../vault-header.ts';
import { enterByAccount, keysOf } from './entry.ts';
import { cliError } from './errors.ts';
import { openGuarded, openSealed, profileFolder } from './guard.ts';
import { CommandHolder } from './holder.ts';
import { readPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';
import { explain } from './words.ts';

/** As what the command line stands in the audit log. */
const ACTOR = `vitrine ${manifest.version} command line`;

/** Options that every command about a vault has. */
export interface VaultOptions {
  readonly vault?: string;
  readonly passphraseFile?: string;
  /** The account that opens it; without it the vault's own passphrase does. */
  readonly user?: string;
  /** The command's words, e.g. `users add`: which row of the permissions counts. */
  readonly command?: string;
  readonly json?: boolean;
}

/** The vault's folder. @throws cli/no-vault */
export function vaultFolder(options: VaultOptions): string {
  const folder = options.vault ?? process.env['VITRINE_VAULT'] ?? '';
  if (folder === '') throw cliError('cli/no-vault');
  return resolve(folder);
}

async function keychain(): Promise<SecretStore> {
  const { createKeytarStore } = await import('../../native/keychain/keytar-store.ts');
  return createKeytarStore();
}

/** Waits out the delay that failed tries have left, instead of failing: a script has no one to come back later. */
async function awaitTurn(attempts: AttemptsFile, terminal: Terminal): Promise<void> {
  const wait = await attempts.wait();
  if (wait === 0) return;
  terminal.note(
    `vitrine: wrong passphrases were tried before; the next one is accepted in ${Math.ceil(wait / 1000)} s`,
  );
  await sleep(wait, undefined, { signal: terminal.signal }).catch((cause: unknown) => {
    throw new VitrineError('vault/cancelled', 'cancelled while waiting', { cause });
  });
}

interface Opened {
  readonly vault: FileVault;
  readonly audit: AuditLog;
  readonly guard: RollbackGuard;
  close(): Promise<void>;
}

async function openWith(
  entry: VaultEntry,
  place: { dir: string; header: VaultHeader },
  { terminal, isSilent = false }: { terminal: Terminal; isSilent?: boolean },
  open: (vault: OpenVault) => Promise<{ vault: FileVault; rebuilt: boolean }>,
): Promise<Opened> {
  const { dir, header } = place;
  const damaged = (error: unknown): void => terminal.note(`vitrine: warning: ${explain(error).reason}`);
  const keys = await keysOf(entry, place, damaged);
  try {
    const where = { vault: dir, vaultId: header.vaultId, checkpoints: profileFolder(checkpointsIn) };
    const { signedIn } = entry;
    const by = signedIn === null ? actor(ACTOR) : { ...actor(ACTOR), user: signedIn.user };
    const audit = new AuditLog(where, keys.auditSeed, by);
    // A vault wipes the keys that it was given; it may have to be opened twice.
    const again = () => open(structuredClone(keys.open));
    const { vault, guard, publish } =
      keys.open.catalogueKey.length === 0
        ? await openSealed(dir, header.vaultId, audit, terminal)
        : await openGuarded({ dir, vaultId: header.vaultId }, audit, again, { terminal, isSilent });
    const close = async (): Promise<void> => {
      const notWritten = (error: unknown): void =>
        terminal.note(`vitrine: warning: the audit log could not be written: ${explain(error).reason}`);
      await audit.flush().catch(() => undefined);
      await publish();
      await audit.close().catch(notWritten);
      await vault.dispose();
      keys.wipe();
    };
    return { vault, audit, guard, close };
  } catch (error) {
    keys.wipe();
    throw error;
  }
}

/** A failed try lands in the audit log of the next unlock. */
async function unlock(header: VaultHeader, dir: string, method: UnlockMethod, attempts: AttemptsFile) {
  const parts = { attempts, argon2id: chooseArgon2(() => argon2idDirect), secrets: await keychain() };
  return unlockHeader(header, method, parts).catch(async (error: unknown) => {
    if (error instanceof VitrineError) await recordFailedUnlock(dir, error.code, actor(ACTOR)).catch(() => undefined);
    throw error;
  });
}

/** Comes in by the account that `--user` names, or else by a slot of the vault. */
async function enter(
  { user, command = '' }: VaultOptions,
  place: { dir: string; header: VaultHeader },
  method: UnlockMethod,
  { attempts, terminal }: { attempts: AttemptsFile; terminal: Terminal },
): Promise<VaultEntry> {
  if (user !== undefined && method.with === 'passphrase')
    return enterByAccount(place, { user, passphrase: method.passphrase }, command, ACTOR);
  const { masterKey, headerIntact } = await unlock(place.header, place.dir, method, attempts);
  if (!headerIntact) terminal.note('vitrine: warning: vault.json was edited by something other than Vitrine');
  return { key: holdMasterKey(masterKey), signedIn: null };
}

/** What a command works with. */
export interface VaultUse {
  readonly header: VaultHeader;
  /** For commands that change the ways in. */
  readonly holder: CommandHolder;
  readonly audit: AuditLog;
  /** What is remembered of the vault. */
  readonly guard: RollbackGuard;
  /** The account that came in; null: the owner. */
  readonly signedIn: SignedIn | null;
}

/** The way in of every command that isn't told another. */
async function byPassphrase(options: VaultOptions, terminal: Terminal): Promise<UnlockMethod> {
  return { with: 'passphrase', passphrase: await readPassphrase(options, terminal) };
}

/**
 * Opens the vault, with its passphrase unless `wayIn` says otherwise, runs `use`, and closes it whatever happens.
 * @param recorded false: the audit log gets neither the unlock nor the lock, because the command looks at the log as it is
 */
export async function withVault<T>(
  options: VaultOptions,
  terminal: Terminal,
  use: (vault: FileVault, parts: VaultUse) => Promise<T>,
  recorded = true,
  wayIn: (options: VaultOptions, terminal: Terminal) => Promise<UnlockMethod> = byPassphrase,
): Promise<T> {
  const dir = vaultFolder(options);
  hardenProcess();
  const header = await readHeader(dir);
  if (header === null) throw new VitrineError('vault/not-a-vault', 'no vault in this folder');
  const method = await wayIn(options, terminal);
  const attempts = new AttemptsFile(dir, Date.now, options.user === undefined ? undefined : attemptsName(options.user));
  await awaitTurn(attempts, terminal);
  const entry = await enter(options, { dir, header }, method, { attempts, terminal });
  if (header.rotation !== null)
    terminal.note('vitrine: a change of the master key is unfinished; "vitrine rotate resume" finishes it');
  const opened = await openWith(entry, { dir, header }, { terminal, isSilent: !recorded }, async (open) => {
    const { vault, recovered } = await FileVault.open(open);
    if (recovered.catalogueRebuilt) terminal.note('vitrine: the catalogue was rebuilt from the sealed objects');
    if (recovered.importsUndone > 0) terminal.note('vitrine: an import that was cut short was taken back');
    return { vault, rebuilt: recovered.catalogueRebuilt };
  });
  const { audit, guard } = opened;
  const holder = new CommandHolder({ dir, header, key: entry.key, attempts, secrets: await keychain() });
  const { signedIn } = entry;
  try {
    if (recorded) audit.record({ kind: 'unlocked' });
    return await use(opened.vault, { header, holder, audit, guard, signedIn });
  } finally {
    if (recorded) audit.record({ kind: 'locked' });
    await opened.close();
  }
}

/** Makes a vault and closes it again. @throws vault/exists, keys/weak-passphrase, vault/disk-full */
export async function createVault(
  options: VaultOptions & { readonly name: string; readonly keychain: boolean },
  terminal: Terminal,
): Promise<{ header: VaultHeader; recoveryCode: string; keychain: string }> {
  const dir = vaultFolder(options);
  hardenProcess();
  if ((await readHeader(dir)) !== null) throw new VitrineError('vault/exists', 'there is a vault in this folder');
  const passphrase = await readPassphrase(options, terminal, true);
  const wanted = { name: options.name, passphrase, useKeychain: options.keychain };
  const made = await newVault(wanted, { argon2id: chooseArgon2(() => argon2idDirect), secrets: await keychain() });
  await createHeaderFile(dir, made.header);
  try {
    const entry = { key: holdMasterKey(made.masterKey), signedIn: null };
    const opened = await openWith(entry, { dir, header: made.header }, { terminal }, async (open) => ({
      vault: await FileVault.create(open),
      rebuilt: false,
    }));
    opened.audit.record({ kind: 'vault-created' });
    await opened.close();
  } catch (error) {
    await removeHeader(dir);
    throw error;
  }
  return { header: made.header, recoveryCode: made.recoveryCode, keychain: made.keychain };
}
