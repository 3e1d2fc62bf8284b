import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoteSigner } from '../../core/audit/signed-note.ts';
import { openSnapshot, openState, signState, type VaultStateRecord } from '../../core/audit/vault-notes.ts';
import type { SecretStore } from '../../core/keys/types.ts';
import type { VaultCounter } from '../../core/vault/care.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import { verifySignature } from '../audit/ed25519.ts';
import { replaceFile } from '../durable-file.ts';
import { HEADER_FILE, USERS_FILE } from '../paths.ts';
import { reach } from '../vault/write-points.ts';
import { now, sha256Of } from './backup-folder.ts';
import {
  keepKnown,
  readKnown,
  readOutside,
  readState,
  STATE_FILE,
  stateAccount,
  writeOutside,
} from './known-states.ts';
import { forgetRestored, readRestored } from './restore.ts';

/** Milliseconds after a change when the state is published: many changes are published as one. */
const PUBLISH_AFTER = 2000;
/** The keychain is asked beside everything else, and not waited for longer than this. */
const KEYCHAIN_LIMIT = 4000;

/** Of the audit log: its key, and where it ends. */
export interface StateLog {
  readonly signer: NoteSigner;
  head(): Promise<{ readonly size: number; readonly root: string }>;
}

export interface StatePlace {
  /** The vault's folder. */
  readonly vault: string;
  readonly vaultId: string;
  /** Folder of the remembered states outside of the vault; null: none. */
  readonly outside: string | null;
  /** The keychain, where the vault has an entry in it; null: it isn't asked. */
  secrets(): Promise<SecretStore | null>;
}

/** Who remembered the newer state. */
export type RememberedBy = 'vault' | 'computer' | 'keychain';

/** The vault is an older copy of itself. */
export interface OlderCopy {
  readonly remembered: VaultStateRecord;
  readonly by: RememberedBy;
  readonly now: VaultCounter;
}

/** A vault that was restored from a backup and is open for the first time since. */
export interface FirstOpening {
  /** When the snapshot was taken, ISO 8601. */
  readonly at: string;
  /** The snapshot is signed by this vault's key. */
  readonly signed: boolean;
  /** Files that could not be restored. */
  readonly damaged: number;
}

export interface Findings {
  readonly older: OlderCopy | null;
  /** The header is one that the vault had before: slots that were removed may open it again. */
  readonly headerOlder: boolean;
  /** The accounts are those that the vault had before: who was removed since may come in again. */
  readonly accountsOlder: boolean;
  /** The audit log ends before the remembered state. */
  readonly logOlder: boolean;
  readonly restored: FirstOpening | null;
}

/** `rebuild`: the catalogue alone is older than the objects; it is to be made anew and the vault held against memory again. */
export type Verdict = { readonly rebuild: true } | ({ readonly rebuild: false } & Findings);

/**
 * Remembers how far the vault has come, inside and outside of it, and holds it against that whenever it is opened. A vault
 * that is older than remembered may be an attack or a restored backup; only a person knows. Until one says so, it is read
 * and not changed: changes would make a second history beside the one that is missing.
 */
export class RollbackGuard {
  readonly #place: StatePlace;
  readonly #log: StateLog;
  readonly #vault: Pick<MainVault, 'care'>;
  #published = '';
  #timer: NodeJS.Timeout | null = null;
  #turn: Promise<void> = Promise.resolve();
  #older: OlderCopy | null = null;
  #logged = 0;

  constructor(place: StatePlace, log: StateLog, vault: Pick<MainVault, 'care'>) {
    this.#place = place;
    this.#log = log;
    this.#vault = vault;
  }

  /** What keeps the vault from taking changes, or null. */
  get older(): OlderCopy | null {
    return this.#older;
  }

  /** How many entries the audit log is remembered to have had; 0 where nothing is remembered, or a backup was restored. */
  get logged(): number {
    return this.#logged;
  }

  /** What of `check` takes no key of the list: how many entries the audit log is remembered to have had, as `logged`. */
  async checkLog(): Promise<number> {
    const remembered = await this.#remembered();
    this.#logged = loggedIn(remembered?.record ?? null, await this.#firstOpening());
    return this.#logged;
  }

  /** @param rebuilt the catalogue was just made anew: its own count began again */
  async check(rebuilt: boolean): Promise<Verdict> {
    const remembered = await this.#remembered();
    const restored = await this.#firstOpening();
    this.#logged = loggedIn(remembered?.record ?? null, restored);
    const current = await this.#vault.care('state', {});
    if (remembered !== null && isOlder(current, remembered.record)) {
      const cure = await this.#cure(current, remembered.record, rebuilt);
      if (cure === 'rebuild') return { rebuild: true };
      if (cure === null) await this.#hold({ remembered: remembered.record, by: remembered.by, now: current });
    }
    return {
      rebuild: false,
      older: this.#older,
      restored,
      ...(await this.#sides(remembered?.record ?? null, restored)),
    };
  }

  /** Asks the keychain, which may take its time. Answers what it found, null: nothing newer. */
  async checkKeychain(): Promise<OlderCopy | null> {
    const { vaultId } = this.#place;
    const secrets = await this.#place.secrets();
    if (secrets === null || this.#older !== null) return null;
    const limit = new Promise<null>((resolve) => setTimeout(() => resolve(null), KEYCHAIN_LIMIT).unref());
    const entry = await Promise.race([secrets.get(stateAccount(vaultId)).catch(() => null), limit]);
    const record = entry === null ? null : this.#opened(Buffer.from(entry).toString('utf8'));
    if (record === null) return null;
    const current = await this.#vault.care('state', {});
    if (!isOlder(current, record) || current.root === record.root) return null;
    await this.#hold({ remembered: record, by: 'keychain', now: current });
    return this.#older;
  }

  /** A person says that this copy is the vault from now on: it counts on behind what is remembered. */
  async accept(): Promise<OlderCopy | null> {
    const older = this.#older;
    if (older === null) return null;
    await this.#vault.care('advance', { beyond: older.remembered.counter });
    await this.#vault.care('hold', { held: false });
    this.#older = null;
    await this.publish();
    return older;
  }

  /** Something was committed: its state is published soon. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.publish().catch(() => undefined);
    }, PUBLISH_AFTER).unref();
  }

  /** Signs the state and keeps it, inside and outside of the vault. An older copy changes nothing of what is remembered. */
  publish(): Promise<void> {
    const turn = this.#turn.then(() => this.#publish());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Publishes for the last time, in the keychain too. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.publish();
    const { vaultId } = this.#place;
    const secrets = await this.#place.secrets();
    if (secrets === null || this.#older !== null || this.#published === '') return;
    const limit = new Promise<void>((resolve) => setTimeout(resolve, KEYCHAIN_LIMIT / 4).unref());
    const kept = secrets.set(stateAccount(vaultId), Buffer.from(this.#published, 'utf8')).catch(() => undefined);
    await Promise.race([kept, limit]);
  }

  async #publish(): Promise<void> {
    if (this.#older !== null) return;
    const { vault, vaultId, outside } = this.#place;
    const { counter, root, studies, images, notes } = await this.#vault.care('state', {});
    const header = await this.#header();
    const { size: auditSize, root: auditRoot } = await this.#log.head();
    const state = { counter, root, studies, images, notes, header, auditSize, auditRoot, at: now() };
    const note = signState(vaultId, state, this.#log.signer);
    await replaceFile(join(vault, STATE_FILE), note);
    reach('state.inside');
    if (outside !== null) {
      await writeOutside(outside, vaultId, note);
      await keepKnown(outside, vaultId, 'headers', header);
      await keepKnown(outside, vaultId, 'accounts', await this.#accounts());
    }
    reach('state.outside');
    this.#published = note;
    await forgetRestored(vault);
  }

  /** The newest state that inside and outside remember. */
  async #remembered(): Promise<{ record: VaultStateRecord; by: RememberedBy } | null> {
    const { vault, vaultId, outside } = this.#place;
    const inside = this.#opened(await readState(join(vault, STATE_FILE)));
    const kept = outside === null ? null : this.#opened(await readOutside(outside, vaultId));
    if (kept !== null && kept.counter >= (inside?.counter ?? 0)) return { record: kept, by: 'computer' };
    return inside === null ? null : { record: inside, by: 'vault' };
  }

  #opened(note: string | null): VaultStateRecord | null {
    return note === null ? null : openState(this.#place.vaultId, note, this.#log.signer.key, verifySignature);
  }

  /**
   * What may explain a lower count without loss. `cured`: the objects are those that are remembered, and counting goes on
   * behind. `rebuild`: the objects are newer than the catalogue. Null: things are missing.
   */
  async #cure(current: VaultCounter, record: VaultStateRecord, rebuilt: boolean): Promise<'cured' | 'rebuild' | null> {
    // A rebuilt catalogue counts from its beginning; what it found must be no less than what is remembered.
    const all = current.studies >= record.studies && current.images >= record.images && current.notes >= record.notes;
    if (current.root === record.root || (rebuilt && all)) {
      await this.#vault.care('advance', { beyond: record.counter });
      return 'cured';
    }
    if (rebuilt) return null;
    const disk = await this.#vault.care('compare', {});
    return disk.beyondCatalogue || disk.notes > current.notes ? 'rebuild' : null;
  }

  async #hold(older: OlderCopy): Promise<void> {
    this.#older = older;
    await this.#vault.care('hold', { held: true });
  }

  async #sides(record: VaultStateRecord | null, restored: FirstOpening | null) {
    const { outside, vaultId } = this.#place;
    if (record === null || restored !== null || this.#older !== null)
      return { headerOlder: false, accountsOlder: false, logOlder: false };
    const header = await this.#header();
    const isOld = (known: readonly string[], now: string): boolean => known.includes(now) && known.at(-1) !== now;
    const headers = outside === null ? [] : await readKnown(outside, vaultId, 'headers');
    const accounts = outside === null ? [] : await readKnown(outside, vaultId, 'accounts');
    const headerOlder = header !== record.header && isOld(headers, header);
    const accountsOlder = isOld(accounts, await this.#accounts());
    return { headerOlder, accountsOlder, logOlder: (await this.#log.head()).size < record.auditSize };
  }

  async #header(): Promise<string> {
    return sha256Of(await readFile(join(this.#place.vault, HEADER_FILE)));
  }

  /** Of a vault without accounts, the hash of nothing: that they are gone again is a step back too. */
  async #accounts(): Promise<string> {
    return sha256Of(await readFile(join(this.#place.vault, USERS_FILE)).catch(() => ''));
  }

  async #firstOpening(): Promise<FirstOpening | null> {
    const { vault, vaultId } = this.#place;
    const restored = await readRestored(vault);
    if (restored === null) return null;
    const { at, note, damaged, number } = restored;
    const snapshot = openSnapshot(vaultId, note, this.#log.signer.key, verifySignature);
    return { at, signed: snapshot?.number === number && snapshot.at === at, damaged };
  }
}

function loggedIn(record: VaultStateRecord | null, restored: FirstOpening | null): number {
  return restored === null ? (record?.auditSize ?? 0) : 0;
}

/** Behind what is remembered, or beside it: another history of the same length. */
function isOlder(current: VaultCounter, record: VaultStateRecord): boolean {
  return current.counter < record.counter || (current.counter === record.counter && current.root !== record.root);
}
