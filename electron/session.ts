import { setTimeout as sleep } from 'node:timers/promises';
import { wipe } from '../core/bytes.ts';
import type { KeychainStatus, SessionState, VaultNotice } from '../core/contract/session.ts';
import { hasCode, VitrineError } from '../core/errors.ts';
import { confirmRecovery, replaceKeychainSlot, replaceRecovery } from '../core/keys/header.ts';
import type { MasterKey, SlotKind, UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import type { Role } from '../core/keys/users/types.ts';
import type { MainVault } from '../core/vault/main-vault.ts';
import { AttemptsFile } from './attempts.ts';
import { HeldHeader } from './held-header.ts';
import { hasKeychainSlot, probeKeychain, storeNewSecret } from './keychain.ts';
import { type HeldKey, heldOf, holdMasterKey, withMasterKey, withOpenVault } from './master-key.ts';
import { randomFill } from './random.ts';
import {
  type HeaderChange,
  noticesOf,
  type OpenedVault,
  RestartLimit,
  type SessionParts,
  Turns,
  type Unlocked,
} from './session-parts.ts';
import { newVault, type UnlockMethod, unlockHeader } from './unlock.ts';
import { type LentSession, unlockAccount, usersState, withEntry } from './users/account-unlock.ts';
import { hasAccounts } from './users/users-store.ts';
import type { OpenVault } from './vault/protocol.ts';
import { createHeaderFile, removeHeader } from './vault-header.ts';

export type { OpenedVault, SessionParts } from './session-parts.ts';

/** A keychain that waits for its own password dialog must not hold the unlock screen back. */
const PROBE_LIMIT_MS = 500;

/**
 * The life of the one vault of this workstation: created, unlocked, locked. It holds the master key while unlocked.
 * Changes run one after the other; each ends with `changed`.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #attempts: AttemptsFile;
  readonly #header: HeldHeader;
  #unlocked: Unlocked | null = null;
  #keychain: KeychainStatus = 'not-used';
  #probe: Promise<void> | null = null;
  /** The keychain gave the key, and the vault is being opened with it. */
  #isTaking = false;
  readonly #notices = new Set<VaultNotice>();
  #recoveryCode: readonly string[] | null = null;
  readonly #turns = new Turns();
  readonly #restarts = new RestartLimit();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#attempts = new AttemptsFile(parts.folder);
    this.#header = new HeldHeader(parts.folder, parts.report);
  }

  get isUnlocked(): boolean {
    return this.#unlocked !== null;
  }

  /** The open vault. @throws vault/locked */
  vault(): MainVault {
    if (this.#unlocked === null) throw new VitrineError('vault/locked', 'the vault is locked');
    return this.#unlocked.opened.vault;
  }

  /** Reads the header (once) and asks the keychain, if the vault is locked. */
  async state(): Promise<SessionState> {
    await this.#header.load();
    await Promise.race([this.#probeKeychain(), sleep(PROBE_LIMIT_MS, undefined, { ref: false })]);
    return this.#snapshot();
  }

  /**
   * At the start of the app: where the keychain gives the key and no lock is in force, the vault opens with it while the page still loads. A page
   * that unlocks meanwhile waits for this opening; where it fails, the page's own try says why.
   */
  async openAtStart(): Promise<void> {
    await this.#header.load();
    if ((await this.#attempts.lockedAt()) !== null || hasAccounts(this.#parts.folder)) return;
    let taken: Promise<void> = Promise.resolve();
    await this.#probeKeychain((header, unlocked) => {
      this.#isTaking = true;
      taken = this.#turns
        .run(() => this.#take(header, unlocked))
        .catch((error: unknown) => this.#parts.report('start.not-opened', error))
        .finally(() => {
          this.#isTaking = false;
        });
    });
    await taken;
  }

  /** Opens the vault with what a slot gave; an open one stays as it is. */
  async #take(header: VaultHeader, unlocked: UnlockedHeader): Promise<void> {
    if (this.#unlocked !== null) {
      wipe(unlocked.masterKey);
      return;
    }
    this.#notices.clear();
    const intact = await this.#header.whole(header, unlocked, () => this.#notices.add('header-edited'));
    const by = intact.slots.find(({ id }) => id === unlocked.slotId)?.kind ?? null;
    await this.#open(intact, { key: holdMasterKey(unlocked.masterKey), by, signedIn: null }, { create: false });
    this.#header.current = intact;
    await this.#announce();
  }

  /** Asks the keychain, once at a time. An answer that comes after the state was told is told by itself. */
  #probeKeychain(use?: (header: VaultHeader, unlocked: UnlockedHeader) => void): Promise<void> {
    const header = this.#header.current;
    if (this.#unlocked !== null || this.#isTaking || header === null) return Promise.resolve();
    if (this.#probe !== null) return this.#probe;
    const started = performance.now();
    if (this.#keychain === 'not-used' && hasKeychainSlot(header)) this.#keychain = 'locked';
    const take = use === undefined ? undefined : (unlocked: UnlockedHeader) => use(header, unlocked);
    this.#probe = probeKeychain(header, this.#parts.secrets, take).then(async (status) => {
      this.#probe = null;
      if (this.#unlocked !== null) return;
      const late = performance.now() - started > PROBE_LIMIT_MS && status !== this.#keychain;
      this.#keychain = status;
      if (late) await this.#announce();
    });
    return this.#probe;
  }

  /**
   * Makes a vault in the empty folder and opens it. Answers the groups of the recovery code: the only time that they
   * leave main, unless they are renewed before they were confirmed.
   * @throws vault/exists, keys/weak-passphrase, vault/disk-full
   */
  create(wanted: { name: string; passphrase: string; useKeychain: boolean }): Promise<{ recoveryCode: string[] }> {
    return this.#turns.run(async () => {
      await this.#header.load();
      if (this.#header.isPresent) throw new VitrineError('vault/exists', 'there is a vault');
      const made = await newVault(wanted, this.#parts);
      const key = holdMasterKey(made.masterKey);
      let isOurs = false;
      try {
        await createHeaderFile(this.#parts.folder, made.header);
        isOurs = true;
        await this.#open(made.header, { key, by: null, signedIn: null }, { create: true });
      } catch (error) {
        // Nothing was ever sealed under this header, so it goes: a second try must find the place empty. Another's stays.
        if (isOurs) await removeHeader(this.#parts.folder);
        if (made.keychain === 'ok') await this.#parts.secrets.delete(made.header.vaultId).catch(() => false);
        if (hasCode(error, 'vault/exists')) await this.#header.reload().then(() => this.#announce());
        throw error;
      }
      this.#header.current = made.header;
      this.#keychain = made.keychain;
      return this.showRecovery(made.recoveryCode);
    });
  }

  /** Opens the vault. An unlocked vault answers its state. @throws see the contract's `session.unlock` */
  unlock(method: UnlockMethod): Promise<SessionState> {
    return this.#turns.run(async () => {
      await this.#header.load();
      if (this.#unlocked !== null) return this.#snapshot();
      if (this.#header.problem !== null)
        throw new VitrineError(this.#header.problem, 'the vault header cannot be used');
      const header = this.#header.current;
      if (header === null) throw new VitrineError('vault/not-a-vault', 'there is no vault to unlock');
      if (method.with === 'account') return this.#enter(header, method);
      if (method.with === 'keychain' && hasAccounts(this.#parts.folder))
        throw new VitrineError('keys/passphrase-needed', 'the keychain opens no vault of several users');
      const unlocked = await unlockHeader(header, method, { ...this.#parts, attempts: this.#attempts });
      if (method.with === 'keychain') this.#keychain = 'ok';
      await this.#take(header, unlocked);
      return this.#snapshot();
    });
  }

  /** Opens the vault by an account, with what its roles are entitled to. */
  async #enter(header: VaultHeader, who: { user: string; passphrase: string }): Promise<SessionState> {
    const place = { folder: this.#parts.folder, header };
    const { signedIn, masterKey } = await unlockAccount(place, who, this.#parts.argon2id);
    this.#notices.clear();
    const key = masterKey && holdMasterKey(masterKey);
    await this.#open(header, { key, by: null, signedIn }, { create: false });
    await this.#attempts.lifted();
    return this.#announce();
  }

  /** Roles of who is signed in; null: the owner, or nobody. */
  get roles(): readonly Role[] | null {
    return this.#unlocked?.signedIn?.roles ?? null;
  }

  /** Runs a change of accounts in turn with everything else that changes the session. @throws vault/locked */
  withAccounts<T>(use: (lent: LentSession) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (this.#unlocked === null) throw new VitrineError('vault/locked', 'the vault is locked');
      const { key, signedIn, opened } = this.#unlocked;
      const { folder, argon2id } = this.#parts;
      const done = await use({ folder, argon2id, header: this.#whole(), key, signedIn, vault: opened.vault });
      await this.#announce();
      return done;
    });
  }

  /** A vault was put into the place of this workstation's, which had none: it is there now, locked. */
  found(): Promise<SessionState> {
    return this.#turns.run(() => this.#header.reload().then(() => this.#announce()));
  }

  /** Locks because the person, idleness or the system asked: the keychain alone doesn't open the vault afterwards. */
  lock(): Promise<SessionState> {
    return this.#turns.run(() => this.#lockNow(true));
  }

  /** Locks because the app ends: the next start may open the vault by the keychain. */
  close(): Promise<SessionState> {
    return this.#turns.run(() => this.#lockNow(false));
  }

  /** Takes images off the screen, ends work and the vault process, and lets the key go. A locked vault stays locked. */
  async #lockNow(isAsked: boolean): Promise<SessionState> {
    const unlocked = this.#unlocked;
    if (unlocked === null) return this.state();
    this.#unlocked = null;
    const kept = isAsked ? this.#attempts.locked() : Promise.resolve();
    this.#recoveryCode = null;
    this.#notices.clear();
    await this.#announce();
    await Promise.all([this.#parts.screensCleared(), this.#parts.work.stop(), kept]);
    await unlocked.opened.close();
    return this.#announce();
  }

  /** A new recovery code in place of one that nobody confirmed, or of one that may be lost. @throws vault/locked */
  renewRecovery(): Promise<{ recoveryCode: string[] }> {
    return this.#turns.run(async () => {
      const code = await this.#change((header, masterKey) => {
        const renewed = replaceRecovery(header, masterKey, { randomFill, createdAt: new Date().toISOString() });
        return { header: renewed.header, value: renewed.recoveryCode };
      });
      return this.showRecovery(code);
    });
  }

  /** True when `text` is that group of the code last shown: the person has it, and it is not shown again. */
  confirmRecovery(group: number, text: string): Promise<{ confirmed: boolean }> {
    return this.#turns.run(async () => {
      this.#current();
      const expected = this.#recoveryCode?.[group];
      if (expected === undefined || text.trim().toUpperCase() !== expected) return { confirmed: false };
      await this.#change((header, masterKey) => ({ header: confirmRecovery(header, masterKey), value: null }));
      this.#recoveryCode = null;
      await this.#announce();
      return { confirmed: true };
    });
  }

  /** Puts a new secret into the keychain and into its slot. @throws vault/locked, keychain/… */
  repairKeychain(): Promise<SessionState> {
    return this.#turns.run(async () => {
      const secret = await storeNewSecret(this.#parts.secrets, this.#current().header.vaultId);
      await this.#change((header, masterKey) => {
        const change = { secret, randomFill, createdAt: new Date().toISOString() };
        return { header: replaceKeychainSlot(header, masterKey, change), value: null };
      }).finally(() => secret.fill(0));
      this.#keychain = 'ok';
      return this.#announce();
    });
  }

  /** Facts about the open vault's ways in. @throws vault/locked */
  openHeader(): { header: VaultHeader; keychain: KeychainStatus; by: SlotKind | null } {
    return { header: this.#current().header, keychain: this.#keychain, by: this.#unlocked?.by ?? null };
  }

  /**
   * Changes the header of the open vault, durably, in turn with everything else that does, and tells the windows.
   * @param change gets the master key for its own length only
   * @throws vault/locked, vault/disk-full, what `change` throws: nothing has changed then
   */
  changeHeader<T>(
    change: (header: VaultHeader, masterKey: MasterKey) => HeaderChange<T> | Promise<HeaderChange<T>>,
  ): Promise<T> {
    return this.#turns.run(async () => {
      const value = await this.#change(change);
      if (!hasKeychainSlot(this.#current().header)) this.#keychain = 'not-used';
      await this.#announce();
      return value;
    });
  }

  /** What became of the keychain's entry, as somebody else saw it. */
  async keychainIs(status: KeychainStatus): Promise<void> {
    this.#keychain = status;
    await this.#announce();
  }

  /** Lends the keys of the open vault, as its process needs them. @throws vault/locked */
  async withKeys<T>(use: (vault: MainVault, keys: OpenVault) => Promise<T>): Promise<T> {
    const { header, key } = this.#current();
    return withOpenVault(key, { folder: this.#parts.folder, header }, (keys) => use(this.vault(), keys));
  }

  /** Opens a slot with what a person holds, and lets the key go again: a drill. @returns the slot's id @throws as `unlock` */
  async drill(method: UnlockMethod): Promise<string> {
    const { header } = this.#current();
    const { masterKey, slotId } = await unlockHeader(header, method, { ...this.#parts, attempts: this.#attempts });
    wipe(masterKey);
    return slotId;
  }

  /** Shows a new recovery code: its groups, until they are confirmed. */
  async showRecovery(code: string): Promise<{ recoveryCode: string[] }> {
    this.#recoveryCode = code.split('-');
    await this.#announce();
    return { recoveryCode: code.split('-') };
  }

  /** The header of a vault that is open. */
  #whole(): VaultHeader {
    const { current } = this.#header;
    if (current === null) throw new VitrineError('vault/not-a-vault', 'there is no vault');
    return current;
  }

  #current(): { header: VaultHeader; key: HeldKey } {
    if (this.#unlocked === null) throw new VitrineError('vault/locked', 'the vault is locked');
    return { header: this.#whole(), key: heldOf(this.#unlocked.key) };
  }

  async #change<T>(
    change: (header: VaultHeader, masterKey: MasterKey) => HeaderChange<T> | Promise<HeaderChange<T>>,
  ): Promise<T> {
    const { header, key } = this.#current();
    const made = await withMasterKey(key, (masterKey) => change(header, masterKey));
    const held = made.masterKey === undefined ? key : holdMasterKey(made.masterKey);
    await this.#header.replace(made.header);
    if (this.#unlocked !== null) this.#unlocked.key = held;
    return made.value;
  }

  async #open(header: VaultHeader, by: Omit<Unlocked, 'opened'>, options: { create: boolean }): Promise<void> {
    const place = { folder: this.#parts.folder, header };
    const { signedIn } = by;
    const use = (open: OpenVault, seed: Uint8Array) =>
      this.#parts.open(open, { ...options, user: signedIn?.user ?? null, roles: signedIn?.roles ?? null }, seed);
    const opened = await withEntry(by, place, use, (error) => this.#parts.report('users.damaged', error));
    const unlocked: Unlocked = { ...by, opened };
    this.#unlocked = unlocked;
    for (const notice of noticesOf(opened.recovered)) this.#notices.add(notice);
    void opened.crashed.then(() => this.#recover(unlocked, opened));
  }

  /** The vault process died while the vault was unlocked: a new one takes its place, unless it keeps dying. */
  async #recover(unlocked: Unlocked, dead: OpenedVault): Promise<void> {
    if (this.#unlocked !== unlocked || unlocked.opened !== dead) return;
    this.#parts.report('vault.crashed');
    if (!this.#restarts.allows()) {
      await this.lock();
      return;
    }
    await this.#turns
      .run(async () => {
        if (this.#unlocked !== unlocked) return;
        await this.#open(this.#whole(), unlocked, { create: false });
        await this.#announce();
      })
      .catch(async (error: unknown) => {
        this.#parts.report('vault.restart-failed', error);
        await this.lock();
      });
  }

  /** Something that the person must hear of the open vault, or that is set right. A locked one has nothing to say. */
  async tell(notice: VaultNotice, isSo = true): Promise<void> {
    if (this.#unlocked === null || this.#notices.has(notice) === isSo) return;
    this.#notices[isSo ? 'add' : 'delete'](notice);
    await this.#announce();
  }

  async #announce(): Promise<SessionState> {
    const state = await this.#snapshot();
    this.#parts.changed(state);
    return state;
  }

  async #snapshot(): Promise<SessionState> {
    const { current: header, problem, isPresent: present } = this.#header;
    return {
      state: this.#unlocked !== null ? 'unlocked' : present ? 'locked' : 'no-vault',
      vaultName: header?.name ?? null,
      keychain: this.#keychain,
      recoveryPending: header !== null && !header.recoveryConfirmed,
      lockedAt: present ? await this.#attempts.lockedAt() : null,
      retryAfterMs: present ? await this.#attempts.wait() : 0,
      jobs: this.#parts.work.count(),
      problem,
      notices: [...this.#notices],
      ...(await usersState(this.#parts.folder, header, this.#unlocked?.signedIn ?? null)),
    };
  }
}
