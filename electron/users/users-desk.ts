/** What administrators do with accounts and rules, and everybody with his own passphrase: over the open session. */
import { createSecretKey } from 'node:crypto';
import type { AccountList, AccountsChanged, StudyAccessFacts } from '../../core/contract/users.ts';
import type { MasterKey } from '../../core/keys/types.ts';
import type { AccountsChange, AccountWish } from '../../core/keys/users/accounts.ts';
import type { ChangeTools } from '../../core/keys/users/entitlements.ts';
import { usersError } from '../../core/keys/users/errors.ts';
import type { Role, UsersFile } from '../../core/keys/users/types.ts';
import type { JobBoard, JobControl } from '../jobs.ts';
import { heldOf, withMasterKey } from '../master-key.ts';
import { randomFill } from '../random.ts';
import { checkPassphrase, withPassphrase } from '../unlock.ts';
import { type LentSession, masterMemberOf, unlockAccount } from './account-unlock.ts';
import { forgetAttempts, readUsers, withChangeTools, writeUsers } from './users-store.ts';

const load = () => import('../../core/keys/users/accounts.ts');

export interface DeskParts {
  /** Lends the open session, one at a time. @throws vault/locked */
  withAccounts<T>(use: (lent: LentSession) => Promise<T>): Promise<T>;
  /** Null where there are no jobs (command line): studies are wrapped anew before the answer. */
  readonly board: Pick<JobBoard, 'start'> | null;
}

/** Who is changed, and what he shall be. */
export interface Wished {
  readonly user: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly attributes: readonly string[];
}

function listOf(file: UsersFile | null): AccountList {
  if (file === null) return { accounts: [], epoch: 0, oldestEpoch: 0, importRule: null };
  const { epoch, oldestEpoch, importRule } = file;
  const accounts = file.accounts.map(({ id, displayName, roles, attributes, createdAt }) => ({
    ...{ user: id, displayName, createdAt },
    roles: [...roles],
    attributes: [...attributes],
  }));
  return { accounts, epoch, oldestEpoch, importRule };
}

const wishOf = ({ displayName, roles, attributes }: Wished): AccountWish => ({ displayName, roles, attributes });

export class UsersDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  list(): Promise<AccountList> {
    return this.#parts.withAccounts(async ({ folder, header }) => listOf(await readUsers(folder, header.vaultId)));
  }

  /** @throws see `addAccount`; keys/weak-passphrase */
  async add(wished: Wished & { readonly passphrase: string }): Promise<AccountsChanged> {
    checkPassphrase(wished.passphrase);
    return this.#change(async (file, tools, { argon2id }) => {
      const { addAccount, createUsers } = await load();
      const secret = (passphrase: Uint8Array) => ({ passphrase, argon2id });
      const next = await withPassphrase(wished.passphrase, (passphrase) =>
        addAccount(file ?? createUsers(tools), { id: wished.user, ...wishOf(wished) }, secret(passphrase), tools),
      );
      // The first account: the studies of before are wrapped to the vault alone.
      return { file: next, newEpoch: file === null };
    });
  }

  /** @throws users/own-account when an administrator would take his own role; see `changeAccount` */
  change(wished: Wished): Promise<AccountsChanged> {
    return this.#change(async (file, tools, { signedIn }) => {
      const isSelf = signedIn?.user === wished.user;
      if (isSelf && !wished.roles.includes('administrator'))
        throw usersError('users/own-account', 'an administrator keeps his own role');
      const { changeAccount } = await load();
      return changeAccount(needed(file), wished.user, wishOf(wished), tools);
    });
  }

  /** @throws users/own-account, users/no-such-user */
  remove(user: string): Promise<AccountsChanged> {
    return this.#change(async (file, tools, { signedIn, folder }) => {
      if (signedIn?.user === user) throw usersError('users/own-account', 'nobody removes himself');
      const { removeAccount } = await load();
      const changed = await removeAccount(needed(file), user, tools);
      await forgetAttempts(folder, user);
      return changed;
    });
  }

  /** @throws keys/weak-passphrase, users/no-such-user */
  async resetPassphrase(user: string, passphrase: string): Promise<AccountList> {
    checkPassphrase(passphrase);
    const { list } = await this.#change(async (file, tools, { folder, argon2id }) => {
      const { resetPassphrase } = await load();
      const secret = (bytes: Uint8Array) => ({ passphrase: bytes, argon2id });
      const next = await withPassphrase(passphrase, (bytes) =>
        resetPassphrase(needed(file), user, secret(bytes), tools),
      );
      await forgetAttempts(folder, user);
      return { file: next, newEpoch: false };
    });
    return list;
  }

  /** @throws keys/wrong-passphrase, keys/too-soon, keys/weak-passphrase; users/no-accounts for the owner */
  async changeOwnPassphrase(current: string, passphrase: string): Promise<void> {
    checkPassphrase(passphrase);
    await this.#parts.withAccounts(async (lent) => {
      const { folder, header, signedIn, argon2id } = lent;
      if (signedIn === null) throw usersError('users/no-accounts', 'the owner came in without an account');
      // Shows that it is he who sits here, and counts wrong tries.
      const proof = await unlockAccount(lent, { user: signedIn.user, passphrase: current }, argon2id);
      proof.masterKey?.fill(0);
      const file = needed(await readUsers(folder, header.vaultId));
      const { changeOwnPassphrase } = await load();
      const seed = signedIn.seed.export();
      const next = await withPassphrase(passphrase, (bytes) =>
        changeOwnPassphrase(file, signedIn.user, seed, { passphrase: bytes, argon2id }, { randomFill }),
      ).finally(() => seed.fill(0));
      await writeUsers(folder, next);
    });
  }

  /** @throws policy/bad-rule, users/no-accounts */
  async setImportRule(rule: string | null): Promise<AccountList> {
    const { list } = await this.#change(async (file, tools) => {
      const { setImportRule } = await load();
      return { file: await setImportRule(needed(file), rule, tools), newEpoch: false };
    });
    return list;
  }

  /** Starts wrapping all studies for today's recipients. @throws users/no-accounts */
  async rewrap(): Promise<{ job: string | null }> {
    await this.#parts.withAccounts(async ({ folder, header }) => needed(await readUsers(folder, header.vaultId)));
    return { job: await this.#rewrapJob() };
  }

  /** Puts studies under a rule. @throws policy/bad-rule, users/no-accounts */
  async setRule(studyIds: readonly string[], rule: string | null): Promise<{ job: string | null }> {
    const kept = rule === null ? null : await checkedRule(rule);
    const vault = await this.#parts.withAccounts(async (lent) => {
      needed(await readUsers(lent.folder, lent.header.vaultId));
      return lent.vault;
    });
    const run = ({ signal, progress }: JobControl) =>
      vault.access('set-rule', { studyIds, rule: kept }, { signal, progress: tell(progress) });
    return { job: await this.#started({ kind: 'users.rule', run }) };
  }

  /** Who opens a study, and whether breaking the glass would. */
  accessOf(studyId: string): Promise<StudyAccessFacts> {
    return this.#parts.withAccounts(async ({ vault, signedIn }) => {
      const { rule, glass } = await vault.access('recipients', { studyId });
      const reads = signedIn?.roles.includes('radiologist') === true && !signedIn.roles.includes('administrator');
      return { rule, glass: reads && glass.length > 0 };
    });
  }

  /** Makes a change, writes it, gives the open vault its new keys, and has the studies wrapped anew where that is needed. */
  async #change(
    make: (file: UsersFile | null, tools: ChangeTools, lent: LentSession) => Promise<AccountsChange>,
  ): Promise<AccountsChanged> {
    const changed = await this.#parts.withAccounts(async (lent) => {
      const made = await withMaster(lent, async (master) => {
        const before = await readUsers(lent.folder, lent.header.vaultId);
        const change = await withChangeTools(lent.header, master, (tools) => make(before, tools, lent));
        await writeUsers(lent.folder, change.file);
        return change;
      });
      await giveAnew(lent);
      return made;
    });
    const job = changed.newEpoch ? await this.#rewrapJob() : null;
    return { list: listOf(changed.file), job };
  }

  async #rewrapJob(): Promise<string | null> {
    return this.#started({
      kind: 'users.rewrap',
      lane: 'users',
      background: true,
      run: (control) => this.#rewrap(control),
    });
  }

  /** Wraps all studies; when none is left behind, the keys of older epochs go. */
  async #rewrap({ signal, progress }: JobControl) {
    const vault = await this.#parts.withAccounts(async (lent) => lent.vault);
    const report = await vault.access('rewrap', {}, { signal, progress: tell(progress) });
    if (report.failed > 0) return report;
    await this.#parts.withAccounts(async (lent) => {
      const file = await readUsers(lent.folder, lent.header.vaultId);
      if (file === null || file.oldestEpoch === file.epoch) return;
      const { settleEpochs } = await load();
      const settled = await withMaster(lent, (master) =>
        withChangeTools(lent.header, master, (tools) => settleEpochs(file, tools)),
      );
      await writeUsers(lent.folder, settled);
      await giveAnew(lent);
    });
    return report;
  }

  async #started<Result extends object>(spec: {
    kind: 'users.rewrap' | 'users.rule';
    lane?: string;
    background?: boolean;
    run(control: JobControl): Promise<Result>;
  }): Promise<string | null> {
    const { board } = this.#parts;
    if (board !== null)
      return board.start({ ...spec, facts: (result) => ({ ...result }) as Record<string, number> }).job;
    await spec.run({ signal: new AbortController().signal, progress: () => undefined });
    return null;
  }
}

function tell(progress: JobControl['progress']): (done: number, total: number) => void {
  return (done, total) => progress({ done, total, unit: 'items' });
}

function needed(file: UsersFile | null): UsersFile {
  if (file === null) throw usersError('users/no-accounts', 'the vault has no accounts');
  return file;
}

/** The rule as it is kept. @throws policy/bad-rule */
export async function checkedRule(rule: string): Promise<string> {
  const { parseRule, ruleText } = await import('../../core/keys/abe/rule.ts');
  return ruleText(parseRule(rule));
}

function withMaster<T>({ key }: LentSession, use: (master: MasterKey) => Promise<T>): Promise<T> {
  return withMasterKey(heldOf(key), use);
}

/** The open vault wraps for the accounts as they are now. */
async function giveAnew(lent: LentSession): Promise<void> {
  const { key, header, vault } = lent;
  if (key === null) return;
  const { vaultKeysOf, wipeCurrentKeys } = await import('../../core/keys/current-keys.ts');
  const { wipeMember } = await import('../../core/keys/study-access.ts');
  const member = await withMasterKey(key, async (master) => {
    const current = vaultKeysOf(header, master);
    try {
      return await masterMemberOf(lent, createSecretKey(master), current.keys.wrappingKey);
    } finally {
      wipeCurrentKeys(current);
    }
  });
  await vault.access('use', { member });
  if (member !== null) wipeMember(member);
}
