import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalEntry, replay } from '../../core/annotate/annotation.ts';
import { replayReports } from '../../core/annotate/report.ts';
import { replaySegments } from '../../core/annotate/segment.ts';
import { wipe } from '../../core/bytes.ts';
import type { StudyDetails, StudyPage, StudyQuery } from '../../core/contract/catalogue.ts';
import { type ObjectId, parseId, type StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type {
  FinishedImport,
  ImportObserver,
  ImportRequest,
  PixelDoubt,
  StudyVault,
  VerifyObserver,
  VerifyReport,
} from '../../core/vault/types.ts';
import type { CareParts } from '../care/tasks.ts';
import { syncFolder } from '../durable-file.ts';
import type { KeyTaskParts } from '../keys/tasks.ts';
import { expandSources } from '../sources/expand.ts';
import { Catalogue } from './catalogue.ts';
import { exportStudy } from './export.ts';
import { asVitrineError } from './failure.ts';
import { ImportJob } from './import.ts';
import { KeyedTurns } from './import-file.ts';
import { mark } from './keep-aside.ts';
import { readNote, writeNote } from './notes.ts';
import { PixelChecks } from './pixel-checks.ts';
import type { OpenVault, RecoverySummary } from './protocol.ts';
import { openRecovered, VAULT_NAMES } from './recover.ts';
import { sampleSources } from './sample.ts';
import { type EncodedFrame, StudyReader } from './study-reader.ts';
import { guarded, settleKeys, type VaultParts } from './vault-parts.ts';
import { verifyVault } from './verify.ts';
import { Withheld } from './withheld.ts';
import { reach } from './write-points.ts';

/** Milliseconds after opening when the header worker starts: the list comes first. */
const WARM_AFTER = 1500;

/** Milliseconds without a frame asked for after which nobody is reading: a scrub goes on then. */
const QUIET_FOR = 3000;

const UNOBSERVED: VerifyObserver = { signal: new AbortController().signal, progress: () => undefined };

const NOBODY: VerifyObserver = { signal: new AbortController().signal, progress: () => undefined };

/** Tasks that write into the vault. */
const CHANGING_TASKS: ReadonlySet<string> = new Set(['rekey', 'reseal', 'shred', 'hold']);

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
  /** Whose names a session by an account isn't told. */
  readonly #withheld: Withheld;
  readonly #turns = new KeyedTurns();
  readonly #closing = new AbortController();
  #imports: Promise<unknown> = Promise.resolve();
  #importing = 0;
  readonly #warming: NodeJS.Timeout;
  /** Decoding what imports bring, for whoever may start processes. */
  readonly pixels: PixelChecks;
  #catalogueKey: Uint8Array;
  /** An older copy that nobody accepted yet: it is read, and takes no changes. */
  #held = false;
  #lastRead = Number.NEGATIVE_INFINITY;

  private constructor(parts: VaultParts, catalogue: Catalogue) {
    this.#catalogueKey = Uint8Array.from(parts.catalogueKey);
    this.#parts = parts;
    this.#catalogue = catalogue;
    this.#reader = new StudyReader(catalogue, parts.store);
    this.#withheld = new Withheld(catalogue, parts.store.keys);
    this.pixels = new PixelChecks({ catalogue, reader: this.#reader, isBusy: () => this.#importing > 0 });
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
      const endUnfinished = await settleKeys(vault);
      const { catalogue, recovered } = await openRecovered(parts);
      await endUnfinished(catalogue);
      return { vault: new FileVault(parts, catalogue), recovered };
    });
  }

  /** Ends running imports, closes everything and lets the vault go. */
  async dispose(): Promise<void> {
    clearTimeout(this.#warming);
    this.#closing.abort();
    await this.#imports;
    await this.pixels.close();
    await this.#reader.closeAll();
    await this.#parts.pool.close();
    this.#catalogue.close();
    this.#parts.store.close();
    wipe(this.#catalogueKey);
    this.#parts.records.close();
    this.#parts.lock.release();
  }

  search(query: StudyQuery): Promise<StudyPage> {
    return this.#guard(async () => {
      await this.#withheld.settle();
      return this.#catalogue.search(query);
    });
  }

  details(studyId: string): Promise<StudyDetails> {
    return this.#guard(async () => {
      await this.#withheld.settle();
      return this.#catalogue.details(studyId);
    });
  }

  open(studyId: string): Promise<{ handle: string }> {
    return this.#guard(async () => ({ handle: await this.#reader.open(studyId) }));
  }

  async modalityOf(studyId: string, objectId: string): Promise<string> {
    const { series } = await this.details(studyId);
    const own = series.find(({ instances }) => instances.some((instance) => instance.objectId === objectId));
    if (own === undefined) throw vaultError('vault/no-such-object', 'the study has no such image');
    return own.modality;
  }

  close(handle: string): Promise<void> {
    return this.#guard(() => this.#reader.close(handle));
  }

  /** One encoded frame, counted from 1, of a study that is open under `handle`. */
  frame(handle: string, objectId: string, frame: number): Promise<EncodedFrame> {
    this.#lastRead = performance.now();
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
      this.assertWritable();
      this.#importing += 1;
      try {
        const offered =
          'sample' in request.from
            ? { sources: sampleSources(), bound: 4 }
            : { sources: expandSources(request.from.paths) };
        const parts = { catalogue: this.#catalogue, store: this.#parts.store, pool: this.#parts.pool };
        const job = new ImportJob(parts, request, offered, { ...observer, signal });
        const finished = await job.run();
        if (finished.outcome.code === 'vault/catalogue-damaged') await this.#distrustCatalogue();
        if (finished.outcome.outcome === 'done') await this.pixels.expect(request.job, job.compressed);
        return finished;
      } finally {
        this.#importing -= 1;
        this.#parts.store.keys.giveBack();
      }
    });
    this.#imports = run.catch(() => undefined);
    return run;
  }

  pixelDoubts(job: string): Promise<PixelDoubt[]> {
    return this.#guard(() => this.pixels.doubts(job));
  }

  annotations(studyId: string): ReturnType<StudyVault['annotations']> {
    return this.#inTurn(studyId, async () => {
      const number = this.#catalogue.studyNumber(studyId);
      // The catalogue has the journal too, and one key for everybody: reading it takes what reading the images takes.
      if (!this.#parts.store.keys.opensAll) await this.#parts.store.studyKey(parseId<StudyId>(studyId));
      await this.#adopt(parseId<StudyId>(studyId), number);
      const journal = this.#catalogue.annotations.journal(number);
      return {
        annotations: replay(journal.flatMap((note) => note.entries ?? [])),
        reports: replayReports(journal.flatMap((note) => note.entries ?? [])),
        segments: replaySegments(journal.flatMap((note) => note.entries ?? [])),
        unreadable: journal.filter((note) => note.entries === null).length,
      };
    });
  }

  append(studyId: string, entries: readonly JournalEntry[]): Promise<{ savedAt: string }> {
    return this.#inTurn(studyId, async () => {
      this.assertWritable();
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
    return this.#guard(async () => {
      const report = await verifyVault(parts, options, { ...observer, signal });
      const { keepVerify } = await import('../care/tasks.ts');
      await keepVerify(this.#parts.records, options.full, report);
      return report;
    });
  }

  access: StudyVault['access'] = (task, request, observer = UNOBSERVED) => {
    const signal = AbortSignal.any([observer.signal, this.#closing.signal]);
    return this.#guard(async () => {
      const { runAccess } = await import('./access-tasks.ts');
      const parts = { catalogue: this.#catalogue, store: this.#parts.store, reader: this.#reader };
      return runAccess(parts, task, request, { ...observer, signal });
    });
  };

  care: StudyVault['care'] = (task, request, observer = UNOBSERVED) => {
    const signal = AbortSignal.any([observer.signal, this.#closing.signal]);
    return this.#guard(async () => {
      const { runCare } = await import('../care/tasks.ts');
      return runCare(this.#careParts(), task, request, { ...observer, signal });
    });
  };

  /** For whatever writes into the vault. @throws vault/rolled-back while the vault is an older copy that nobody accepted */
  assertWritable(): void {
    if (this.#held) throw vaultError('vault/rolled-back', 'an older copy of the vault takes no changes');
  }

  exportStudy(studyId: string, folder: string): ReturnType<StudyVault['exportStudy']> {
    return this.#guard(() => exportStudy(this.#catalogue, this.#parts.store, studyId, folder));
  }

  results: StudyVault['results'] = (task, request) =>
    this.#inTurn(request.studyId, async () => {
      if (task === 'append' || task === 'remove') this.assertWritable();
      this.#catalogue.studyNumber(request.studyId);
      const { runResults } = await import('./results.ts');
      return runResults(this.#parts.store, task, request);
    });

  keys: StudyVault['keys'] = (task, request, observer = NOBODY) => {
    const signal = AbortSignal.any([observer.signal, this.#closing.signal]);
    return this.#guard(async () => {
      if (CHANGING_TASKS.has(task)) this.assertWritable();
      const { runKeyTask } = await import('../keys/tasks.ts');
      return runKeyTask(this.#keyParts(), task, request, { ...observer, signal });
    });
  };

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

  #careParts(): CareParts {
    const { dir, vaultId, store, records } = this.#parts;
    return {
      dir,
      vaultId,
      store,
      records,
      catalogue: this.#catalogue,
      catalogueKey: this.#catalogueKey,
      betweenImports: (task) => {
        const turn = this.#imports.then(task);
        this.#imports = turn.then(
          () => undefined,
          () => undefined,
        );
        return turn;
      },
      importing: () => this.#importing > 0,
      isBusy: () => this.#importing > 0 || performance.now() - this.#lastRead < QUIET_FOR,
      hold: (held) => {
        this.#held = held;
      },
      distrust: () => this.#distrustCatalogue(),
    };
  }

  #keyParts(): KeyTaskParts {
    const { dir, store, records } = this.#parts;
    return {
      dir,
      store,
      records,
      catalogue: this.#catalogue,
      useKeys: ({ catalogueKey, wrappingKey, previous }) => {
        // Between imports: they hold study keys, which are opened anew afterwards.
        const turn = this.#imports.then(() => {
          if (records.hangsOn(catalogueKey)) return;
          this.#catalogue.rekey(catalogueKey);
          records.use(catalogueKey);
          this.#catalogueKey = Uint8Array.from(catalogueKey);
          store.keys.changeVault({ wrappingKey, previous: previous ?? null });
        });
        this.#imports = turn.catch(() => undefined);
        return turn;
      },
      alone: (studyId, task) => {
        const turn = this.#imports.then(() => this.#turns.run(studyId, task)).finally(() => this.#reader.drop(studyId));
        this.#imports = turn.catch(() => undefined);
        return turn;
      },
    };
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
