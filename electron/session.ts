import { setTimeout as sleep } from 'node:timers/promises';
import { wipe } from '../core/bytes.ts';
import type { KeychainStatus, SessionState, VaultNotice } from '../core/contract/session.ts';
import { hasCode, VitrineError } from '../core/errors.ts';
import { confirmRecovery, replaceKeychainSlot, replaceRecovery, sealHeader } from '../core/keys/header.ts';
import type { Argon2id, SecretStore, UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import type { StudyVault } from '../core/vault/types.ts';
import { AttemptsFile } from './attempts.ts';
import { hasKeychainSlot, probeKeychain, storeNewSecret } from './keychain.ts';
import { type HeldKey, holdMasterKey, withMasterKey, withOpenVault } from './master-key.ts';
import { randomFill } from './random.ts';
import { newVault, type UnlockMethod, unlockHeader } from './unlock.ts';
import type { OpenVault, RecoverySummary } from './vault/protocol.ts';
import { createHeaderFile, readHeader, removeHeader, writeHeader } from './vault-header.ts';

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

interface Unlocked {
  readonly key: HeldKey;
  opened: OpenedVault;
}

/** What a person must hear of what opening repaired. */
function noticesOf(recovered: RecoverySummary): VaultNotice[] {
  const notices: VaultNotice[] = [];
  if (recovered.catalogueRebuilt) notices.push('catalogue-rebuilt');
  if (recovered.importsUndone > 0) notices.push('import-undone');
  if (recovered.unreadable > 0) notices.push('objects-unreadable');
  return notices;
}

/** A keychain that waits for its own password dialog must not hold the unlock screen back. */
const PROBE_LIMIT_MS = 500;

/** A vault process that dies more often than this in a minute isn't started again: the vault locks. */
const RESTARTS_A_MINUTE = 3;

/**
 * The life of the one vault of this workstation: created, unlocked, locked. It holds the master key while unlocked.
 * Changes run one after the other; each ends with `changed`.
 */
export class Session {
  readonly #parts: SessionParts;
  readonly #attempts: AttemptsFile;
  #header: VaultHeader | null = null;
  #problem: string | null = null;
  #loaded: Promise<void> | null = null;
  #unlocked: Unlocked | null = null;
  #keychain: KeychainStatus = 'not-used';
  #probe: Promise<void> | null = null;
  /** The keychain gave the key, and the vault is being opened with it. */
  #isTaking = false;
  readonly #notices = new Set<VaultNotice>();
  #recoveryCode: readonly string[] | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #restarts: number[] = [];

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#attempts = new AttemptsFile(parts.folder);
  }

  get isUnlocked(): boolean {
    return this.#unlocked !== null;
  }

  /** The open vault. @throws vault/locked */
  vault(): StudyVault {
    if (this.#unlocked === null) throw new VitrineError('vault/locked', 'the vault is locked');
    return this.#unlocked.opened.vault;
  }

  /** Reads the header (once) and asks the keychain, if the vault is locked. */
  async state(): Promise<SessionState> {
    await this.#load();
    await Promise.race([this.#probeKeychain(), sleep(PROBE_LIMIT_MS, undefined, { ref: false })]);
    return this.#snapshot();
  }

  /**
   * At the start of the app: where the keychain gives the key and no lock is in force, the vault opens with it while the page still loads. A page
   * that unlocks meanwhile waits for this opening; where it fails, the page's own try says why.
   */
  async openAtStart(): Promise<void> {
    await this.#load();
    if ((await this.#attempts.lockedAt()) !== null) return;
    let taken: Promise<void> = Promise.resolve();
    await this.#probeKeychain((header, unlocked) => {
      this.#isTaking = true;
      taken = this.#exclusively(() => this.#take(header, unlocked))
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
    const intact = await this.#wholeHeader(header, unlocked);
    await this.#open(intact, holdMasterKey(unlocked.masterKey), { create: false });
    this.#header = intact;
    await this.#announce();
  }

  /** Asks the keychain, once at a time. An answer that comes after the state was told is told by itself. */
  #probeKeychain(use?: (header: VaultHeader, unlocked: UnlockedHeader) => void): Promise<void> {
    const header = this.#header;
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
    return this.#exclusively(async () => {
      await this.#load();
      if (this.#header !== null || this.#problem !== null) throw new VitrineError('vault/exists', 'there is a vault');
      const made = await newVault(wanted, this.#parts);
      const key = holdMasterKey(made.masterKey);
      let isOurs = false;
      try {
        await createHeaderFile(this.#parts.folder, made.header);
        isOurs = true;
        await this.#open(made.header, key, { create: true });
      } catch (error) {
        // Nothing was ever sealed under this header, so it goes: a second try must find the place empty. Another's stays.
        if (isOurs) await removeHeader(this.#parts.folder);
        if (made.keychain === 'ok') await this.#parts.secrets.delete(made.header.vaultId).catch(() => false);
        if (hasCode(error, 'vault/exists')) await this.#reload();
        throw error;
      }
      this.#header = made.header;
      this.#keychain = made.keychain;
      return this.#showRecovery(made.recoveryCode);
    });
  }

  /** Opens the vault. An unlocked vault answers its state. @throws see the contract's `session.unlock` */
  unlock(method: UnlockMethod): Promise<SessionState> {
    return this.#exclusively(async () => {
      await this.#load();
      if (this.#unlocked !== null) return this.#snapshot();
      if (this.#problem !== null) throw new VitrineError(this.#problem, 'the vault header cannot be used');
      const header = this.#header;
      if (header === null) throw new VitrineError('vault/not-a-vault', 'there is no vault to unlock');
      const unlocked = await unlockHeader(header, method, { ...this.#parts, attempts: this.#attempts });
      if (method.with === 'keychain') this.#keychain = 'ok';
      await this.#take(header, unlocked);
      return this.#snapshot();
    });
  }

  /** Locks because the person, idleness or the system asked: the keychain alone doesn't open the vault afterwards. */
  lock(): Promise<SessionState> {
    return this.#exclusively(() => this.#lockNow(true));
  }

  /** Locks because the app ends: the next start may open the vault by the keychain. */
  close(): Promise<SessionState> {
    return this.#exclusively(() => this.#lockNow(false));
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

  /** A new recovery code in place of one that nobody confirmed. @throws vault/locked */
  renewRecovery(): Promise<{ recoveryCode: string[] }> {
    return this.#exclusively(async () => {
      const { header, key } = this.#current();
      const renewed = await withMasterKey(key, (masterKey) =>
        replaceRecovery(header, masterKey, { randomFill, createdAt: new Date().toISOString() }),
      );
      await this.#replaceHeader(renewed.header);
      return this.#showRecovery(renewed.recoveryCode);
    });
  }

  /** True when `text` is that group of the code last shown: the person has it, and it is not shown again. */
  confirmRecovery(group: number, text: string): Promise<{ confirmed: boolean }> {
    return this.#exclusively(async () => {
      const { header, key } = this.#current();
      const expected = this.#recoveryCode?.[group];
      if (expected === undefined || text.trim().toUpperCase() !== expected) return { confirmed: false };
      await this.#replaceHeader(await withMasterKey(key, (masterKey) => confirmRecovery(header, masterKey)));
      this.#recoveryCode = null;
      await this.#announce();
      return { confirmed: true };
    });
  }

  /** Puts a new secret into the keychain and into its slot. @throws vault/locked, keychain/… */
  repairKeychain(): Promise<SessionState> {
    return this.#exclusively(async () => {
      const { header, key } = this.#current();
      const secret = await storeNewSecret(this.#parts.secrets, header.vaultId);
      const repaired = await withMasterKey(key, (masterKey) =>
        replaceKeychainSlot(header, masterKey, { secret, randomFill, createdAt: new Date().toISOString() }),
      ).finally(() => secret.fill(0));
      await this.#replaceHeader(repaired);
      this.#keychain = 'ok';
      return this.#announce();
    });
  }

  #load(): Promise<void> {
    this.#loaded ??= readHeader(this.#parts.folder).then(
      (header) => {
        this.#header = header;
      },
      (error: unknown) => {
        this.#problem = hasCode(error, 'keys/newer-version') ? 'keys/newer-version' : 'keys/header-damaged';
        this.#parts.report('header.problem', error);
      },
    );
    return this.#loaded;
  }

  /** Somebody else made a vault here since the folder was looked at: the window shows that one. */
  async #reload(): Promise<void> {
    this.#loaded = null;
    await this.#load();
    await this.#announce();
  }

  async #showRecovery(code: string): Promise<{ recoveryCode: string[] }> {
    const groups = code.split('-');
    this.#recoveryCode = groups;
    await this.#announce();
    return { recoveryCode: [...groups] };
  }

  #current(): { header: VaultHeader; key: HeldKey } {
    if (this.#unlocked === null || this.#header === null) throw new VitrineError('vault/locked', 'the vault is locked');
    return { header: this.#header, key: this.#unlocked.key };
  }

  async #replaceHeader(header: VaultHeader): Promise<void> {
    await writeHeader(this.#parts.folder, header);
    this.#header = header;
  }

  /** A header that was edited outside of Vitrine opens all the same; it is made whole, and log and window say so. */
  async #wholeHeader(header: VaultHeader, unlocked: UnlockedHeader): Promise<VaultHeader> {
    if (unlocked.headerIntact) return header;
    this.#parts.report('header.edited');
    this.#notices.add('header-edited');
    const whole = sealHeader(header, unlocked.masterKey);
    await writeHeader(this.#parts.folder, whole);
    return whole;
  }

  async #open(header: VaultHeader, key: HeldKey, options: { create: boolean }): Promise<void> {
    const place = { folder: this.#parts.folder, vaultId: header.vaultId };
    const opened = await withOpenVault(key, place, (open, seed) => this.#parts.open(open, options, seed));
    const unlocked: Unlocked = { key, opened };
    this.#unlocked = unlocked;
    for (const notice of noticesOf(opened.recovered)) this.#notices.add(notice);
    void opened.crashed.then(() => this.#recover(header, unlocked, opened));
  }

  /** The vault process died while the vault was unlocked: a new one takes its place, unless it keeps dying. */
  async #recover(header: VaultHeader, unlocked: Unlocked, dead: OpenedVault): Promise<void> {
    if (this.#unlocked !== unlocked || unlocked.opened !== dead) return;
    this.#parts.report('vault.crashed');
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < 60_000), now];
    if (this.#restarts.length > RESTARTS_A_MINUTE) {
      await this.lock();
      return;
    }
    await this.#exclusively(async () => {
      if (this.#unlocked !== unlocked) return;
      await this.#open(header, unlocked.key, { create: false });
      await this.#announce();
    }).catch(async (error: unknown) => {
      this.#parts.report('vault.restart-failed', error);
      await this.lock();
    });
  }

  async #announce(): Promise<SessionState> {
    const state = await this.#snapshot();
    this.#parts.changed(state);
    return state;
  }

  async #snapshot(): Promise<SessionState> {
    const present = this.#header !== null || this.#problem !== null;
    return {
      state: this.#unlocked !== null ? 'unlocked' : present ? 'locked' : 'no-vault',
      vaultName: this.#header?.name ?? null,
      keychain: this.#keychain,
      recoveryPending: this.#header !== null && !this.#header.recoveryConfirmed,
      lockedAt: present ? await this.#attempts.lockedAt() : null,
      retryAfterMs: present ? await this.#attempts.wait() : 0,
      jobs: this.#parts.work.count(),
      problem: this.#problem,
      notices: [...this.#notices],
    };
  }

  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change, change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
