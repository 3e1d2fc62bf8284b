/**
 * The studies' keys of an open vault: `study.key` in each study's folder, who may open it, and which are kept unwrapped.
 * A key is replaced as a whole file when it is wrapped anew, so that a crash leaves the old recipients or the new ones.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wipe } from '../../core/bytes.ts';
import { hasCode } from '../../core/errors.ts';
import type { StudyId, VaultId } from '../../core/ids.ts';
import type { MemberAccess, RoleSecret, StudyKeyTools } from '../../core/keys/study-access.ts';
import type { Wrap } from '../../core/keys/study-record.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { closeKey } from '../../core/seal/held-key.ts';
import {
  createStudyKey,
  holdWrappingKey,
  unwrapStudyKey,
  wrappingKeyFrom,
  wrapStudyKey,
} from '../../core/seal/study-key.ts';
import type { StudyKey, WrappingKey } from '../../core/seal/types.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { syncFolder } from '../durable-file.ts';
import { systemCode } from './failure.ts';
import type { OpenVault } from './protocol.ts';
import { writeWhole } from './write-whole.ts';

export const KEY_FILE = 'study.key';
/** Study keys that are kept unwrapped at a time. */
const KEPT_KEYS = 256;

/** With what a session opens study keys. */
export type SessionKeys = Pick<OpenVault, 'wrappingKey' | 'previous' | 'member'>;

/** Why a study's key is at hand that this session can't open by itself: it made the study, or it broke the glass. */
type Borrowed = 'made' | 'glass';

/** What a vault without accounts never needs is loaded when the first key for others is met: a start doesn't wait for it. */
const loadForOthers = async () => ({
  ...(await import('../../core/keys/study-access.ts')),
  ...(await import('../../core/keys/study-record.ts')),
  ...(await import('../../core/keys/abe/policy-cipher.ts')),
});

export class StudyKeys {
  readonly #root: string;
  readonly #engine: AeadEngine;
  readonly #vaultId: VaultId;
  #keys: SessionKeys;
  #wrappingKey: WrappingKey | null;
  #tools: StudyKeyTools | null = null;
  readonly #kept = new Map<StudyId, StudyKey>();
  readonly #borrowed = new Map<StudyId, Borrowed>();
  /** Studies that this session made and can't open: it knows of whom they are. */
  readonly #made = new Set<StudyId>();
  #revision = 0;
  #changing: (studyId: StudyId) => void = () => undefined;

  /** @param keys copied */
  constructor(root: string, engine: AeadEngine, vaultId: VaultId, keys: SessionKeys) {
    this.#root = root;
    this.#engine = engine;
    this.#vaultId = vaultId;
    this.#keys = copyOf(keys);
    this.#wrappingKey = this.#hold();
  }

  /** Takes other keys of accounts, as copies: an account was added or removed, or a rule is the default from now on. */
  use(member: MemberAccess | null): void {
    const { wrappingKey, previous } = this.#keys;
    const keys = copyOf({ wrappingKey, previous: previous ?? null, member });
    this.forget();
    this.#end();
    this.#keys = keys;
    this.#wrappingKey = this.#hold();
  }

  /** Takes the vault's keys after a change of the master key, as copies; what hangs on those before opens by `previous`. */
  changeVault({ wrappingKey, previous }: Pick<OpenVault, 'wrappingKey' | 'previous'>): void {
    const keys = copyOf({ wrappingKey, previous: previous ?? null, member: this.#keys.member ?? null });
    this.forget();
    this.#end();
    this.#keys = keys;
    this.#wrappingKey = this.#hold();
  }

  /** Wraps a study's key under the changed master key, for the same readers. False when it was already. @throws as `key` */
  async leaveEarlier(studyId: StudyId): Promise<boolean> {
    const { openStudyKey, rewrapStudyKey, studyAccess } = await loadForOthers();
    const tools = await this.#forOthers();
    const record = await this.#read(studyId);
    const { wrappingKey } = this.#keys;
    const access = studyAccess(wrappingKey.length === 0 ? null : wrappingKey, null, null);
    try {
      closeKey(openStudyKey({ ...tools, access, policy: null }, this.#owner(studyId), record));
      return false;
    } catch (error) {
      if (!hasCode(error, 'seal/wrong-key')) throw error;
    }
    const renewed = rewrapStudyKey(tools, tools, this.#owner(studyId), record, true);
    if (renewed !== null) await this.#replace(studyId, renewed);
    return renewed !== null;
  }

  /** Whether this session opens every study: it has the vault's own wrapping key. */
  get opensAll(): boolean {
    return this.#wrappingKey !== null;
  }

  /** The session's keys, for another store of the same vault. Not a copy. */
  get access(): SessionKeys {
    return this.#keys;
  }

  /** Has `listener` called before a study's key is wrapped for others. */
  tellChanges(listener: (studyId: StudyId) => void): void {
    this.#changing = listener;
  }

  /** Grows whenever `revealed` changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Studies that this session knows although its own keys don't open them: it made them, or it broke the glass. */
  revealed(): StudyId[] {
    return [...this.#made, ...[...this.#borrowed.keys()].filter((studyId) => !this.#made.has(studyId))];
  }

  /** Tells for `readers` whether the keys of this session open the study. */
  async reader(): Promise<(readers: string) => boolean> {
    const { readerOf } = await import('../../core/keys/readers.ts');
    const { member } = this.#keys;
    return this.opensAll ? () => true : member ? readerOf(member) : () => false;
  }

  /** For which accounts a study's key is wrapped, as core/keys/readers.ts writes it. @throws as `record` */
  async readers(studyId: StudyId): Promise<string> {
    const { readersText } = await import('../../core/keys/readers.ts');
    return readersText(await this.record(studyId));
  }

  /** Makes a new study's key, durable when it resolves but for the folder's own name. */
  async create(studyId: StudyId): Promise<void> {
    const key = createStudyKey(this.#engine);
    const record = await this.#wrap(studyId, key, this.#keys.member?.recipients?.importRule ?? null);
    await writeWhole(this.#path(studyId), record);
    if (!(await this.#opens(studyId, record))) {
      this.#borrowed.set(studyId, 'made');
      this.#made.add(studyId);
      this.#revision += 1;
    }
    this.#keep(studyId, key);
  }

  /**
   * A study's key: kept, or opened.
   * @throws seal/wrong-key, seal/altered, seal/truncated, seal/unknown-version; users/not-a-recipient, policy/not-met with
   *   `rule`; vault/object-missing when `study.key` is gone
   */
  async key(studyId: StudyId): Promise<StudyKey> {
    const kept = this.#kept.get(studyId);
    if (kept !== undefined) return kept;
    const key = await this.#unwrap(studyId, await this.#read(studyId));
    this.#keep(studyId, key);
    return key;
  }

  /** As `key`, but a key that was only borrowed isn't the session's own. */
  async ownKey(studyId: StudyId): Promise<void> {
    if (!this.#borrowed.has(studyId)) await this.key(studyId);
    else closeKey(await this.#unwrap(studyId, await this.#read(studyId)));
  }

  /** Breaks the glass: opens the study by the break-glass key until `giveBack`. @throws as `key` */
  async borrow(studyId: StudyId, secret: RoleSecret): Promise<void> {
    const { openStudyKey } = await loadForOthers();
    const tools = await this.#forOthers();
    const access = { ...tools.access, roles: [...tools.access.roles, secret] };
    const key = openStudyKey({ ...tools, access }, this.#owner(studyId), await this.#read(studyId));
    this.forget(studyId);
    this.#borrowed.set(studyId, 'glass');
    this.#revision += 1;
    this.#keep(studyId, key);
  }

  /** Ends what was borrowed: of one study, or all that this session made and can't open. */
  giveBack(studyId?: StudyId): void {
    for (const [id, why] of [...this.#borrowed])
      if (studyId === undefined ? why === 'made' : id === studyId) this.forget(id);
  }

  /** The wraps of a study's key. @throws as `parseStudyRecord`; vault/object-missing */
  async record(studyId: StudyId): Promise<Wrap[]> {
    const { parseStudyRecord } = await import('../../core/keys/study-record.ts');
    return parseStudyRecord(await this.#read(studyId));
  }

  /** Wraps a key anew for today's recipients. False when it was current. @throws as `key` */
  async rewrap(studyId: StudyId): Promise<boolean> {
    const { rewrapStudyKey } = await loadForOthers();
    const tools = await this.#forOthers();
    const renewed = rewrapStudyKey(tools, tools, this.#owner(studyId), await this.#read(studyId));
    if (renewed !== null) await this.#replace(studyId, renewed);
    return renewed !== null;
  }

  /** Puts a study under a rule, or with null under its roles again. @throws as `key`; policy/no-rules, policy/bad-rule */
  async setRule(studyId: StudyId, rule: string | null): Promise<void> {
    await this.ownKey(studyId);
    const key = await this.key(studyId);
    await this.#replace(studyId, await this.#wrap(studyId, key, rule));
    this.forget(studyId);
  }

  /** Wipes one study's kept key, or all of them. */
  forget(studyId?: StudyId): void {
    for (const [id, key] of this.#kept) {
      if (studyId !== undefined && id !== studyId) continue;
      closeKey(key);
      this.#kept.delete(id);
    }
    if (studyId === undefined) this.#borrowed.clear();
    else {
      this.#borrowed.delete(studyId);
      // Whoever puts another key in its place has this one forgotten first.
      this.#changing(studyId);
    }
    this.#revision += 1;
  }

  /** Ends all keys. */
  close(): void {
    this.forget();
    this.#end();
  }

  #end(): void {
    if (this.#wrappingKey !== null) closeKey(this.#wrappingKey);
    const tools = this.#tools;
    this.#tools = null;
    if (tools !== null) void loadForOthers().then(({ wipeAccess }) => wipeAccess(tools.access));
    const { wrappingKey, previous, member } = this.#keys;
    wipe(wrappingKey, previous?.wrappingKey ?? new Uint8Array(0), previous?.catalogueKey ?? new Uint8Array(0));
    if (member) void loadForOthers().then(({ wipeMember }) => wipeMember(member));
  }

  #hold(): WrappingKey | null {
    const { wrappingKey } = this.#keys;
    return wrappingKey.length === 0 ? null : holdWrappingKey(this.#engine, wrappingKeyFrom(wrappingKey.slice()));
  }

  async #forOthers(): Promise<StudyKeyTools> {
    const { createPolicyCipher, studyAccess } = await loadForOthers();
    if (this.#tools !== null) return this.#tools;
    const { wrappingKey, previous, member } = this.#keys;
    const own = wrappingKey.length === 0 ? null : wrappingKey;
    const access = studyAccess(own, previous?.wrappingKey ?? null, member ?? null);
    const policy = access.policy && createPolicyCipher(access.policy, (out) => this.#engine.randomFill(out));
    this.#tools = { engine: this.#engine, access, policy };
    return this.#tools;
  }

  async #wrap(studyId: StudyId, key: StudyKey, rule: string | null): Promise<Uint8Array> {
    if (this.#wrappingKey !== null && !this.#keys.member?.recipients && rule === null)
      return wrapStudyKey(this.#engine, this.#wrappingKey, this.#owner(studyId), key);
    const { wrapStudyKeyFor } = await loadForOthers();
    return wrapStudyKeyFor(await this.#forOthers(), this.#owner(studyId), key, rule);
  }

  async #unwrap(studyId: StudyId, record: Uint8Array): Promise<StudyKey> {
    if (record[0] === 1 && this.#wrappingKey !== null && !this.#keys.previous)
      return unwrapStudyKey(this.#engine, this.#wrappingKey, this.#owner(studyId), record);
    const { openStudyKey } = await loadForOthers();
    return openStudyKey(await this.#forOthers(), this.#owner(studyId), record);
  }

  async #opens(studyId: StudyId, record: Uint8Array): Promise<boolean> {
    if (this.opensAll) return true;
    try {
      closeKey(await this.#unwrap(studyId, record));
      return true;
    } catch (error) {
      if (hasCode(error, 'users/not-a-recipient', 'policy/not-met')) return false;
      throw error;
    }
  }

  async #replace(studyId: StudyId, record: Uint8Array): Promise<void> {
    this.#changing(studyId);
    await writeWhole(this.#path(studyId), record);
    await syncFolder(join(this.#root, studyId));
  }

  async #read(studyId: StudyId): Promise<Uint8Array> {
    return readFile(this.#path(studyId)).catch((cause: unknown) => {
      if (systemCode(cause) !== 'ENOENT') throw cause;
      throw vaultError('vault/object-missing', 'the study key is gone', { cause });
    });
  }

  #owner(studyId: StudyId) {
    return { vaultId: this.#vaultId, studyId };
  }

  #path(studyId: StudyId): string {
    return join(this.#root, studyId, KEY_FILE);
  }

  #keep(studyId: StudyId, key: StudyKey): void {
    this.#kept.set(studyId, key);
    if (this.#kept.size <= KEPT_KEYS) return;
    // Only dropped, not wiped: a reader that is being opened may hold it for a moment longer.
    const oldest = [...this.#kept.keys()].find((id) => !this.#borrowed.has(id));
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

function copyOf({ wrappingKey, previous = null, member = null }: SessionKeys): SessionKeys {
  return structuredClone({ wrappingKey, previous, member });
}
