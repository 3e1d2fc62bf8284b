/**
 * An import is one unit. Objects are sealed onto the disk as they stream in and their rows are staged in batches; at the
 * end each study gets a sealed manifest, and one small transaction makes all of it visible. Whatever ends it before that
 * (the person, a full disk, a crash) leaves nothing: what was written is removed, here or at the next open.
 */
import type { ImportOutcome } from '../../core/contract/import.ts';
import { hasCode, type VitrineError } from '../../core/errors.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { FinishedImport, ImportObserver, ImportRequest } from '../../core/vault/types.ts';
import type { ImportSource } from '../sources/types.ts';
import type { Catalogue } from './catalogue.ts';
import { asVitrineError } from './failure.ts';
import { FileMemory } from './file-memory.ts';
import type { HeaderPool } from './header-pool.ts';
import { type FileContext, importFile, KeyedTurns, Refusal } from './import-file.ts';
import { ProgressMeter } from './import-progress.ts';
import { ReportBuilder } from './import-report.ts';
import type { StagedInstance } from './import-rows.ts';
import { writeManifest } from './manifest.ts';
import { manifestId, type ObjectStore } from './objects.ts';
import type { TakenFile } from './pixel-check.ts';
import { completeStudy, type InstanceRecord, isOtherPatient, type StudyRecord } from './records.ts';
import { type OfferedSource, SourceQueue } from './source-queue.ts';
import { reach } from './write-points.ts';

/** Files under way at a time: reading, sealing and flushing overlap, memory stays at a few chunks each. */
const FILES_IN_FLIGHT = 8;
/** Rows are staged when this many wait, or this many bytes: while files are on their way, not after the last one. */
const BATCH_ROWS = 32;
const BATCH_BYTES = 4 * 1024 * 1024;

export interface ImportParts {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly pool: HeaderPool;
}

/** A study that takes instances of this import. */
interface Target {
  readonly studyId: StudyId;
  /** This import made its folder and key. */
  readonly isNew: boolean;
  record: StudyRecord;
  readonly objects: ObjectId[];
  /** The manifest that the commit wrote, or 0. */
  manifest: number;
}

/** What to import; `bound` limits how far finding may run ahead. */
export interface OfferedSources {
  readonly sources: AsyncIterable<OfferedSource> | Iterable<OfferedSource>;
  readonly bound?: number;
}

/** A study that this session can't open takes no more images of it; the other files of the import go on. */
function refuseForeign(error: unknown): never {
  if (hasCode(error, 'users/not-a-recipient', 'policy/not-met')) throw new Refusal(error);
  throw error;
}

export class ImportJob {
  readonly #parts: ImportParts;
  readonly #offered: OfferedSources;
  readonly #observer: ImportObserver;
  readonly #job: string;
  readonly #meter: ProgressMeter;
  readonly #report = new ReportBuilder();
  readonly #turns = new KeyedTurns();
  readonly #queue: SourceQueue;
  readonly #targets = new Map<string, Promise<Target>>();
  readonly #ready = new Map<StudyId, Target>();
  readonly #waitingHashes = new Map<string, string[]>();
  readonly #importId: string;
  #batch: StagedInstance[] = [];
  #batchBytes = 0;
  #number = 0;
  #scratch: Uint8Array = new Uint8Array(0);
  #failure: { readonly error: unknown } | null = null;
  /** Ends every file under way: the caller's signal, or the first failure that isn't one file's own. */
  readonly #stop = new AbortController();

  constructor(parts: ImportParts, request: ImportRequest, offered: OfferedSources, observer: ImportObserver) {
    this.#parts = parts;
    this.#offered = offered;
    this.#observer = observer;
    this.#job = request.job;
    this.#meter = new ProgressMeter(request.job, observer.progress);
    this.#queue = new SourceQueue(offered.bound);
    this.#importId = parts.store.newId<ObjectId>();
  }

  /** What was taken with compressed frames: object by object, the file that it came from. */
  get compressed(): ReadonlyMap<string, TakenFile> {
    return this.#report.compressed;
  }

  async run(): Promise<FinishedImport> {
    const abort = () => this.#stop.abort();
    this.#observer.signal.addEventListener('abort', abort, { once: true });
    if (this.#observer.signal.aborted) abort();
    try {
      this.#number = this.#parts.catalogue.imports.begin(this.#importId, new Date().toISOString());
      reach('import.begun');
      await this.#readAll();
      await this.#commit();
      this.#meter.report(true);
      return this.#finished('done', null);
    } catch (error) {
      const failure = asVitrineError(error);
      await this.#undo();
      const cancelled = this.#observer.signal.aborted && failure.code === 'vault/cancelled';
      return this.#finished(cancelled ? 'cancelled' : 'failed', failure);
    } finally {
      this.#observer.signal.removeEventListener('abort', abort);
    }
  }

  async #readAll(): Promise<void> {
    const meter = this.#meter;
    let files = 0;
    let bytes = 0;
    const found = this.#queue
      .fill(this.#offered.sources, (source) => {
        files += 1;
        if (!('refused' in source)) bytes += source.size;
        if (this.#stop.signal.aborted) this.#queue.stop();
      })
      .then(() => {
        meter.filesTotal = files;
        meter.bytesTotal = bytes;
        meter.phase = 'reading';
      });
    const workers = Array.from({ length: FILES_IN_FLIGHT }, () => this.#work());
    await Promise.all(workers);
    this.#queue.stop();
    await found;
    if (this.#failure !== null) throw this.#failure.error;
    this.#stopIfCancelled();
  }

  async #work(): Promise<void> {
    const memory = new FileMemory();
    try {
      for (;;) {
        this.#stopIfCancelled();
        const source = await this.#queue.next();
        if (source === null) return;
        if ('refused' in source) {
          this.#report.notOffered(source);
          this.#meter.counts.refused += 1;
        } else {
          await this.#importOne(source, memory);
        }
        this.#meter.filesDone += 1;
        this.#meter.report(false);
      }
    } catch (error) {
      // The first failure ends the import; the others only follow from the stop.
      this.#failure ??= { error };
      this.#stop.abort();
      this.#queue.stop();
    }
  }

  async #importOne(source: ImportSource, memory: FileMemory): Promise<void> {
    let advanced = 0;
    const context: FileContext = {
      store: this.#parts.store,
      pool: this.#parts.pool,
      signal: this.#stop.signal,
      hashesOf: (sopUid) => [
        ...this.#parts.catalogue.imports.hashesOf(sopUid),
        ...(this.#waitingHashes.get(sopUid) ?? []),
      ],
      studyFor: async (study) => {
        const { studyId, record } = await this.#target(study).catch(refuseForeign);
        return { studyId, otherPatient: isOtherPatient(record, study) };
      },
      creating: (studyId, objectId) => this.#ready.get(studyId)?.objects.push(objectId),
      scratch: (length) => this.#scratchOf(length),
      memory,
      stage: (studyId, study, instance) => this.#stage(studyId, study, instance),
      advance: (bytes) => {
        advanced += bytes;
        this.#meter.advance(bytes);
      },
    };
    const { counts } = this.#meter;
    try {
      const outcome = await importFile(source, this.#turns, context);
      this.#report.taken(source, outcome);
      if (outcome.kind === 'conflict') counts.conflicts += 1;
      else counts[outcome.kind] += 1;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A DICOMDIR under another name is an index: nothing that anybody would miss.
      if (error.reason.code !== 'dicom/directory') {
        this.#report.refused(source, error.reason);
        counts.refused += 1;
      }
    }
    this.#meter.bytesDone += source.size - advanced;
  }

  /** One piece of memory for all files: fresh memory costs more than the sealing itself. */
  #scratchOf(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafeSlow(length);
    return this.#scratch;
  }

  /** The study of this Study Instance UID; made once, however many files ask at a time. */
  async #target(study: StudyRecord): Promise<Target> {
    let target = this.#targets.get(study.studyUid);
    if (target === undefined) {
      target = this.#makeTarget(study);
      this.#targets.set(study.studyUid, target);
    }
    return target;
  }

  async #makeTarget(record: StudyRecord): Promise<Target> {
    const { catalogue, store } = this.#parts;
    const known = catalogue.imports.studyOf(record.studyUid);
    const { studyId, ...patient } = known ?? { studyId: store.newId<StudyId>() };
    const target: Target = {
      studyId,
      isNew: known === null,
      record: { ...record, ...patient },
      objects: [],
      manifest: 0,
    };
    // Known to `#undo` before anything of it is on disk.
    this.#ready.set(studyId, target);
    if (known === null) await store.createStudy(studyId);
    else await store.studyKey(studyId);
    reach('import.study-made');
    return target;
  }

  #stage(studyId: StudyId, study: StudyRecord, instance: InstanceRecord): void {
    const target = this.#ready.get(studyId);
    if (target !== undefined) target.record = completeStudy(target.record, study);
    this.#batch.push({ studyId, study: target?.record ?? study, instance });
    this.#batchBytes += instance.deflatedJson.length;
    const hashes = this.#waitingHashes.get(instance.sopUid);
    if (hashes === undefined) this.#waitingHashes.set(instance.sopUid, [instance.sha256]);
    else hashes.push(instance.sha256);
    if (this.#batch.length >= BATCH_ROWS || this.#batchBytes >= BATCH_BYTES) this.#flush();
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#parts.catalogue.imports.stage(this.#number, this.#batch);
    reach('import.staged');
    this.#batch = [];
    this.#batchBytes = 0;
    this.#waitingHashes.clear();
  }

  async #commit(): Promise<void> {
    const { catalogue, store } = this.#parts;
    this.#meter.phase = 'committing';
    this.#meter.report(true);
    this.#flush();
    await this.#removeEmpty();
    const touched = catalogue.imports.touched(this.#number);
    const importedAt = new Date().toISOString();
    for (const { number, studyId, manifests } of touched) {
      this.#stopIfCancelled();
      const target = this.#ready.get(studyId);
      if (target !== undefined) target.manifest = manifests + 1;
      await writeManifest(store, studyId, manifests + 1, {
        format: 'vitrine-manifest',
        version: 1,
        importId: this.#importId,
        importNumber: this.#number,
        importedAt,
        studies: touched.length,
        objects: catalogue.imports.objects(this.#number, number),
      });
      reach('import.manifest');
    }
    if (touched.some((study) => !study.visible)) await store.syncRoot();
    this.#stopIfCancelled();
    reach('import.before-commit');
    if (touched.length === 0) catalogue.imports.undo(this.#number);
    else catalogue.imports.commit(this.#number, importedAt);
    reach('import.committed');
  }

  /** Studies whose every file was refused on the way. */
  async #removeEmpty(): Promise<void> {
    const filled = new Set(this.#parts.catalogue.imports.touched(this.#number).map((study) => study.studyId));
    for (const target of this.#ready.values()) {
      if (target.isNew && !filled.has(target.studyId)) await this.#parts.store.removeStudy(target.studyId);
    }
  }

  /** Removes files first, which makes room when the disk is full, then rows. What fails here the next open repeats. */
  async #undo(): Promise<void> {
    const { catalogue, store } = this.#parts;
    try {
      if (this.#number === 0) return;
      const open = catalogue.imports.unfinished().some((entry) => entry.number === this.#number);
      if (!open) return;
      for (const { studyId, isNew, objects, manifest } of this.#ready.values()) {
        if (isNew) {
          await store.removeStudy(studyId);
          continue;
        }
        if (manifest > 0) await store.remove(studyId, manifestId(manifest), 'manifest');
        for (const objectId of objects) await store.remove(studyId, objectId, 'instance');
        await store.syncStudy(studyId);
      }
      await store.syncRoot();
      catalogue.imports.undo(this.#number);
    } catch {
      // The import stays marked as running in the catalogue: the next open undoes it.
    }
  }

  #stopIfCancelled(): void {
    if (this.#stop.signal.aborted) throw vaultError('vault/cancelled', 'the import was cancelled');
  }

  #finished(outcome: ImportOutcome['outcome'], failure: VitrineError | null): FinishedImport {
    const studyIds = outcome === 'done' ? this.#imported() : [];
    return {
      outcome: {
        job: this.#job,
        outcome,
        code: outcome === 'failed' ? (failure?.code ?? 'vault/unexpected') : null,
        counts: { ...this.#meter.counts },
        bytes: this.#meter.bytesDone,
        seconds: this.#meter.seconds,
        studyIds,
        ...this.#report.names(),
      },
      report: this.#report.report,
    };
  }

  #imported(): StudyId[] {
    return [...this.#ready.values()].filter((target) => target.manifest > 0).map((target) => target.studyId);
  }
}
