import { type ImagePlace, type ModelFileView, modelFileView } from '../../core/contract/findings.ts';
import type { JobFacts } from '../../core/contract/jobs.ts';
import {
  type ModelRunReport,
  type ModelSeriesReport,
  modelRunReport,
  modelSeriesReport,
} from '../../core/contract/model.ts';
import { type AttackRequest, type ModelAttackView, modelAttackView } from '../../core/contract/model-attack.ts';
import type { BackEndId, Provenance } from '../../core/infer/model.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobBoard } from '../jobs.ts';
import { bytesOf, RUN, SERIES } from './kept.ts';
import type { SeriesImage } from './series-task.ts';
import type { ModelImage } from './tasks.ts';

export interface ModelDeskParts {
  readonly engine: Pick<Engine, 'run'>;
  readonly board: JobBoard;
  vault(): MainVault;
  /** The bytes of the one file under a source handle. Nobody looks at them here. */
  readFile(source: string): Promise<Uint8Array>;
}

/** A model, and what it is to run on; null: the fastest. */
export interface ModelChoice {
  readonly model: string;
  readonly backEnd: BackEndId | null;
}

/** Attacks and runs on files that can still be fetched. */
const REMEMBERED = 4;

/** An attack, with what it made once it has ended. */
interface Told {
  readonly place: ImagePlace;
  view: ModelAttackView | null;
}

/** What says where it comes from. */
interface Sourced {
  readonly provenance: Provenance;
}

/**
 * The models as main has them: hands the engine process an image and what to do with it, as a job. What a model says is sealed
 * with the study (and read again in kept.ts); an attacked image is held in memory and written nowhere.
 */
export class ModelDesk {
  readonly #parts: ModelDeskParts;
  readonly #attacks = new Map<string, Told>();
  readonly #files = new Map<string, { view: ModelFileView | null }>();
  /** Which back end was found fastest for a model, for as long as the program runs. */
  readonly #fastest = new Map<string, BackEndId>();

  constructor(parts: ModelDeskParts) {
    this.#parts = parts;
  }

  /** Starts a run on an image. */
  run(choice: ModelChoice, place: ImagePlace): { job: string } {
    const { engine, board, vault } = this.#parts;
    const { studyId, objectId, frame } = place;
    return board.start({
      kind: RUN,
      studyId,
      lane: 'engine',
      run: async ({ signal, progress }) => {
        const report = await this.#given(place, (image) => {
          const input = { ...this.#wanted(choice), use: 'research', image } as const;
          return engine.run('model.run', input, { answer: modelRunReport, signal, progress });
        });
        signal.throwIfAborted();
        this.#remember(choice, report.classification);
        const bytes = bytesOf({ objectId, frame, report });
        await vault().results('append', { studyId, kind: RUN, about: choice.model, bytes });
        return report;
      },
      facts: ({ classification, lost }: ModelRunReport) => factsOf(classification, lost),
    });
  }

  /** Starts a run on images of one series, in their order. */
  series(choice: ModelChoice, studyId: string, images: readonly SeriesImage[]): { job: string } {
    const { engine, board, vault } = this.#parts;
    return board.start({
      kind: SERIES,
      studyId,
      lane: 'engine',
      run: async ({ signal, progress }) => {
        const modality = await vault().modalityOf(studyId, images[0]?.objectId ?? '');
        const report = await this.#opened(studyId, (handle) => {
          const input = { ...this.#wanted(choice), handle, modality, images, use: 'research' } as const;
          return engine.run('model.series', input, { answer: modelSeriesReport, signal, progress });
        });
        signal.throwIfAborted();
        this.#remember(choice, report);
        await vault().results('append', { studyId, kind: SERIES, about: choice.model, bytes: bytesOf({ report }) });
        return report;
      },
      facts: (report: ModelSeriesReport) => factsOf(report, report.lost),
    });
  }

  /** Starts a run on a picture that belongs to no study. @throws import/no-such-source, schemes/file, schemes/too-large */
  async file(choice: ModelChoice, source: string): Promise<{ job: string }> {
    const { engine, board, readFile } = this.#parts;
    const bytes = await readFile(source);
    const told: { view: ModelFileView | null } = { view: null };
    const { job } = board.start({
      kind: 'model.file',
      lane: 'engine',
      run: async ({ signal, progress }) => {
        const input = { ...this.#wanted(choice), bytes };
        told.view = await engine.run('model.file', input, { answer: modelFileView, signal, progress });
        this.#remember(choice, told.view.report.classification);
        return told.view.report;
      },
      facts: ({ classification, lost }: ModelRunReport) => factsOf(classification, lost),
    });
    keep(this.#files, job, told);
    return { job };
  }

  /** What a run on a file says; null where it isn't known (any more). */
  fileResult(job: string): { view: ModelFileView | null } {
    return { view: this.#files.get(job)?.view ?? null };
  }

  /** Starts an attack. */
  attack(model: string, place: ImagePlace, request: AttackRequest): { job: string } {
    const { engine, board } = this.#parts;
    const told: Told = { place, view: null };
    const { job } = board.start({
      kind: 'model.attack',
      studyId: place.studyId,
      lane: 'engine',
      run: async ({ signal, progress }) => {
        told.view = await this.#given(place, (image) =>
          engine.run('model.attack', { model, image, request }, { answer: modelAttackView, signal, progress }),
        );
      },
      facts: () => ({ model, method: request.method }),
    });
    keep(this.#attacks, job, told);
    return { job };
  }

  /** What an attack made. */
  attackResult(job: string): { place: ImagePlace | null; view: ModelAttackView | null } {
    const told = this.#attacks.get(job);
    return { place: told?.place ?? null, view: told?.view ?? null };
  }

  /** Forgets everything, for a lock. */
  clear(): void {
    this.#attacks.clear();
    this.#files.clear();
  }

  #wanted({ model, backEnd }: ModelChoice) {
    return { model, backEnd, fastest: this.#fastest.get(model) ?? null };
  }

  /** What somebody chose is not what was measured. */
  #remember({ model, backEnd }: ModelChoice, { provenance }: Sourced): void {
    if (backEnd === null) this.#fastest.set(model, provenance.backEnd);
  }

  /** Gives the engine the image; its study is open for it as long as `use` takes. */
  async #given<T>({ studyId, objectId, frame }: ImagePlace, use: (image: ModelImage) => Promise<T>): Promise<T> {
    const modality = await this.#parts.vault().modalityOf(studyId, objectId);
    return this.#opened(studyId, (handle) => use({ from: 'place', place: { handle, objectId, frame }, modality }));
  }

  async #opened<T>(studyId: string, use: (handle: string) => Promise<T>): Promise<T> {
    const vault = this.#parts.vault();
    const { handle } = await vault.open(studyId);
    try {
      return await use(handle);
    } finally {
      // After a lock there is nothing to close.
      await vault.close(handle).catch(() => undefined);
    }
  }
}

/** The facts of a run for its job's line. */
function factsOf({ provenance: { model, backEnd } }: Sourced, lost: BackEndId | null): JobFacts {
  return lost === null ? { model, backEnd } : { model, backEnd, lost };
}

/** Remembers under a job's id and forgets the oldest. */
function keep<T>(map: Map<string, T>, job: string, value: T): void {
  map.set(job, value);
  const oldest = map.keys().next().value;
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}
