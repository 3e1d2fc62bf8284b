import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalEntry, replay } from '../../core/annotate/annotation.ts';
import type { StudyDetails, StudyPage, StudyQuery } from '../../core/contract/catalogue.ts';
import { type ObjectId, parseId, type StudyId, type VaultId } from '../../core/ids.ts';
import { holdWrappingKey, wrappingKeyFrom } from '../../core/seal/study-key.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type {
  FinishedImport,
  ImportObserver,
  ImportRequest,
  StudyVault,
  VerifyObserver,
  VerifyReport,
} from '../../core/vault/types.ts';
import { chooseBulkFiles } from '../crypto/bulk-files.ts';
import { chooseEngine } from '../crypto/choose-engine.ts';
import { syncFolder } from '../durable-file.ts';
import { expandSources } from '../sources/expand.ts';
import { Catalogue } from './catalogue.ts';
import { exportStudy } from './export.ts';
import { asVitrineError } from './failure.ts';
import { HeaderPool } from './header-pool.ts';
import { ImportJob } from './import.ts';
import { KeyedTurns } from './import-file.ts';
import { mark } from './keep-aside.ts';
import { lockVault, type VaultLock } from './lock.ts';
import { readNote, writeNote } from './notes.ts';
import { ObjectStore } from './objects.ts';
import type { OpenVault, RecoverySummary } from './protocol.ts';
import { openRecovered, VAULT_NAMES } from './recover.ts';
import { runResults } from './results.ts';
import { sampleSources } from './sample.ts';
import { type EncodedFrame, StudyReader } from './study-reader.ts';
import { verifyVault } from './verify.ts';
import { reach } from './write-points.ts';

/** Milliseconds after opening when the header worker starts: the list comes first. */
const WARM_AFTER = 1500;

/** What every vault object holds open. */
interface VaultParts {
  readonly dir: string;
  readonly lock: VaultLock;
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
}

/** Original bytes of a sealed instance, at any place. Close it. */
export interface InstanceReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The vault on disk. One per process and folder: opening it twice is refused. */
export class FileVault implements StudyVault {
  readonly #parts: VaultParts;
  readonly #catalogue: Catalogue;
  readonly #reader: StudyReader;
  readonly #turns = new KeyedTurns();
  readonly #closing = new AbortController();
  #imports: Promise<unknown> = Promise.resolve();
  #importing = 0;
  readonly #warming: NodeJS.Timeout;

  private constructor(parts: VaultParts, catalogue: Catalogue) {
    this.#parts = parts;
    this.#catalogue = catalogue;
    this.#reader = new StudyReader(catalogue, parts.store);
    this.#warming = setTimeout(() => parts.pool.warm(), WARM_AFTER).unref();
  }

  /**
   * Makes the folders and an empty catalogue; `vault.json` is the caller's to write.
   * @throws vault/exists when there is a catalogue or a study already; vault/in-use, vault/disk-full
   */
  static async create(vault: OpenVault): Promise<FileVault> {
    return guarded(vault, async (parts) => {
      const path = join(vault.dir, VAULT_NAMES.catalogue);
      if (existsSync(path) || (await parts.store.studies()).length > 0)
        throw vaultError('vault/exists', 'there is a vault in this folder');
      await mkdir(parts.store.root, { mode: 0o700, recursive: true });
      const catalogue = new Catalogue(path, vault.catalogueKey, { mustExist: false });
      await syncFolder(vault.dir);
      return new FileVault(parts, catalogue);
    });
  }

  /**
   * Opens a vault and repairs what a crash left.
   * @throws vault/in-use, vault/newer-version, vault/wrong-key, vault/disk-full, vault/io
   */
  static async open(vault: OpenVault): Promise<{ vault: FileVault; recovered: RecoverySummary }> {
    return guarded(vault, async (parts) => {
      await mkdir(parts.store.root, { mode: 0o700, recursive: true });
      const { catalogue, recovered } = await openRecovered({ ...parts, catalogueKey: vault.catalogueKey });
      return { vault: new FileVault(parts, catalogue), recovered };
    });
  }

  /** Ends running imports, closes everything and lets the vault go. */
  async dispose(): Promise<void> {
    clearTimeout(this.#warming);
    this.#closing.abort();
    await this.#imports;
    await this.#reader.closeAll();
    await this.#parts.pool.close();
    this.#catalogue.close();
    this.#parts.store.forget();
    this.#parts.lock.release();
  }

  search(query: StudyQuery): Promise<StudyPage> {
    return this.#guard(() => this.#catalogue.search(query));
  }

  details(studyId: string): Promise<StudyDetails> {
    return this.#guard(() => this.#catalogue.details(studyId));
  }

  open(studyId: string): Promise<{ handle: string }> {
    return this.#guard(async () => ({ handle: await this.#reader.open(studyId) }));
  }

  close(handle: string): Promise<void> {
    return this.#guard(() => this.#reader.close(handle));
  }

  /** One encoded frame, counted from 1, of a study that is open under `handle`. */
  frame(handle: string, objectId: string, frame: number): Promise<EncodedFrame> {
    return this.#guard(() => this.#reader.frame(handle, objectId, frame));
  }

  /** DICOM JSON texts in the order asked; null for one that can't be given. */
  headers(handle: string, objectIds: readonly string[]): Promise<(string | null)[]> {
    return this.#guard(() => this.#reader.headers(handle, objectIds));
  }

  /** Imports run one after the other, in the order in which they were asked for. */
  import(request: ImportRequest, observer: ImportObserver): Promise<FinishedImport> {
    const signal = AbortSignal.any([observer.signal, this.#closing.signal]);
    const run = this.#imports.then(async () => {
      this.#importing += 1;
      try {
        const offered =
          'sample' in request.from
            ? { sources: sampleSources(), bound: 4 }
            : { sources: expandSources(request.from.paths) };
        const parts = { catalogue: this.#catalogue, store: this.#parts.store, pool: this.#parts.pool };
        const finished = await new ImportJob(parts, request, offered, { ...observer, signal }).run();
        if (finished.outcome.code === 'vault/catalogue-damaged') await this.#distrustCatalogue();
        return finished;
      } finally {
        this.#importing -= 1;
      }
    });
    this.#imports = run.catch(() => undefined);
    return run;
  }

  annotations(studyId: string): ReturnType<StudyVault['annotations']> {
    return this.#inTurn(studyId, async () => {
      const number = this.#catalogue.studyNumber(studyId);
      await this.#adopt(parseId<StudyId>(studyId), number);
      const journal = this.#catalogue.annotations.journal(number);
      return {
        annotations: replay(journal.flatMap((note) => note.entries ?? [])),
        unreadable: journal.filter((note) => note.entries === null).length,
      };
    });
  }

  append(studyId: string, entries: readonly JournalEntry[]): Promise<{ savedAt: string }> {
    return this.#inTurn(studyId, async () => {
      const number = this.#catalogue.studyNumber(studyId);
      const note = {
        sequence: this.#catalogue.annotations.nextSequence(number),
        savedAt: new Date().toISOString(),
        entries,
      };
      const objectId = await writeNote(this.#parts.store, parseId<StudyId>(studyId), note);
      this.#catalogue.annotations.add(number, [{ ...note, objectId }]);
      reach('annotate.row');
      return { savedAt: note.savedAt };
    });
  }

  verify(options: { full: boolean }, observer: VerifyObserver): Promise<VerifyReport> {
    const signal = AbortSignal.any([observer.signal, this.#closing.signal]);
    const parts = { catalogue: this.#catalogue, store: this.#parts.store, importing: () => this.#importing > 0 };
    return this.#guard(() => verifyVault(parts, options, { ...observer, signal }));
  }

  exportStudy(studyId: string, folder: string): ReturnType<StudyVault['exportStudy']> {
    return this.#guard(() => exportStudy(this.#catalogue, this.#parts.store, studyId, folder));
  }

  results: StudyVault['results'] = (task, request) =>
    this.#inTurn(request.studyId, () => {
      this.#catalogue.studyNumber(request.studyId);
      return runResults(this.#parts.store, task, request);
    });

  /** Committed objects of a SOP Instance UID; several are a conflict. */
  objectsOf(sopInstanceUid: string): { studyId: StudyId; objectId: ObjectId }[] {
    return this.#catalogue.objectsOf(sopInstanceUid);
  }

  /** Opens a committed instance's original bytes. @throws vault/object-missing, seal/… */
  async reader(object: { studyId: StudyId; objectId: ObjectId }): Promise<InstanceReader> {
    const { reader, close } = await this.#parts.store.open(object.studyId, object.objectId, 'instance');
    return { size: reader.length, read: (offset, length) => reader.read(offset, length), close };
  }

  /** Takes up notes that were written just before a crash, before their rows were. */
  async #adopt(studyId: StudyId, number: number): Promise<void> {
    const known = new Set<string>(this.#catalogue.annotations.journal(number).map((note) => note.objectId));
    await this.#parts.store.removeNoteParts(studyId);
    const { notes } = await this.#parts.store.list(studyId);
    const orphans = notes.filter((objectId) => !known.has(objectId));
    if (orphans.length === 0) return;
    const found = await Promise.all(orphans.map((objectId) => readNote(this.#parts.store, studyId, objectId)));
    this.#catalogue.annotations.add(number, found);
  }

  /** One at a time per study: journal entries have places. */
  #inTurn<T>(studyId: string, task: () => Promise<T>): Promise<T> {
    return this.#guard(() => this.#turns.run(studyId, task));
  }

  /** Every failure leaves as a VitrineError; a damaged catalogue is remembered for the next open. */
  async #guard<T>(task: () => T | Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      const failure = asVitrineError(error);
      if (failure.code === 'vault/catalogue-damaged') await this.#distrustCatalogue();
      throw failure;
    }
  }

  /** Makes the next open rebuild the catalogue. */
  async #distrustCatalogue(): Promise<void> {
    await mark(join(this.#parts.dir, VAULT_NAMES.damaged)).catch(() => undefined);
  }
}

/** Locks the folder and builds the parts; on failure everything is let go again. */
async function guarded<T>(vault: OpenVault, make: (parts: VaultParts) => Promise<T>): Promise<T> {
  let lock: VaultLock | null = null;
  const pool = new HeaderPool();
  try {
    await mkdir(vault.dir, { recursive: true, mode: 0o700 });
    lock = lockVault(join(vault.dir, VAULT_NAMES.lock));
    const engine = chooseEngine();
    const store = new ObjectStore(
      join(vault.dir, VAULT_NAMES.studies),
      engine,
      parseId<VaultId>(vault.vaultId),
      holdWrappingKey(engine, wrappingKeyFrom(vault.wrappingKey)),
      chooseBulkFiles(),
    );
    return await make({ dir: vault.dir, lock, store, pool });
  } catch (error) {
    lock?.release();
    await pool.close();
    throw asVitrineError(error);
  }
}
