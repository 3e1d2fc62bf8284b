import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { JobKind } from '../../core/contract/jobs.ts';
import {
  type LabOutcome,
  type LabResult,
  type LabSource,
  type LabSubject,
  labOutcome,
  type OpenedPicture,
  openedPicture,
} from '../../core/contract/laboratory.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { Engine, RunOptions } from '../engine/engine.ts';
import type { TaskInput } from '../engine/tasks.ts';
import type { JobBoard, JobControl } from '../jobs.ts';
import { labError } from './errors.ts';
import { decodeKept, encodeKept } from './kept.ts';
import type { EnginePicture, Window } from './tasks.ts';

export interface LaboratoryParts {
  readonly engine: Pick<Engine, 'run'>;
  readonly board: JobBoard;
  vault(): MainVault;
  /** The bytes of the one file under a source handle. Nobody looks at them here. */
  readFile(source: string): Promise<Uint8Array>;
}

/** Characters of a kept result's line. */
const ABOUT_LIMIT = 64;

/** Pictures that can still be run on, and results that can still be fetched without a study to keep them. */
const REMEMBERED = { pictures: 8, results: 6 } as const;

/** Where a picture comes from, with its window in the unit of its kind; read anew for each run. */
type Remembered =
  | {
      readonly from: 'study';
      readonly studyId: string;
      readonly objectId: string;
      readonly frame: number;
      readonly window: Window;
    }
  | { readonly from: 'phantom'; readonly side: number }
  | { readonly from: 'bytes'; readonly bytes: Uint8Array };

interface Told {
  readonly subject: LabSubject;
  outcome: LabOutcome | null;
}

const answeredPicture = z.object({
  kind: openedPicture.shape.kind,
  original: openedPicture.shape.original,
  window: openedPicture.shape.window,
});

const TASKS = { run: 'lab.run', attack: 'lab.attack', compare: 'lab.compare' } as const satisfies Record<
  string,
  JobKind
>;

/**
 * The Laboratory as main has it: hands the engine process a picture and what to do with it, as a job, and keeps what comes
 * back, sealed with the study that the picture is of. It holds bytes and results and looks into neither.
 */
export class Laboratory {
  readonly #parts: LaboratoryParts;
  readonly #pictures = new Map<string, Remembered>();
  readonly #told = new Map<string, Told>();

  constructor(parts: LaboratoryParts) {
    this.#parts = parts;
  }

  /** Reads a picture for the screen and remembers where it comes from. @throws see lab.open of the contract */
  async open(source: LabSource): Promise<OpenedPicture> {
    const remembered = await this.#remembered(source);
    const options = { answer: answeredPicture, signal: new AbortController().signal, progress: () => undefined };
    const shown = await this.#given(remembered, (given) => this.#parts.engine.run('lab.picture', given, options));
    const picture = source.from === 'opened' ? source.picture : randomBytes(16).toString('hex');
    keep(this.#pictures, picture, remembered, REMEMBERED.pictures);
    return { picture, studyId: studyOf(remembered), ...shown };
  }

  /** Starts a job. @throws lab/no-such-picture */
  start(subject: LabSubject): { job: string } {
    const picture = this.#pictures.get(subject.picture);
    if (picture === undefined) throw labError('lab/no-such-picture');
    const told: Told = { subject, outcome: null };
    const kind = TASKS[subject.kind];
    const studyId = studyOf(picture);
    const about = (subject.kind === 'compare' ? subject.systems.join(', ') : subject.system).slice(0, ABOUT_LIMIT);
    const { job } = this.#parts.board.start({
      kind,
      studyId,
      lane: 'engine',
      run: async (control) => {
        const outcome = await this.#given(picture, (given) => this.#work(subject, given, control));
        control.signal.throwIfAborted();
        if (studyId !== null)
          await this.#parts
            .vault()
            .results('append', { studyId, kind, about, bytes: encodeKept({ subject, outcome }) });
        told.outcome = outcome;
      },
      facts: () => ({ system: about }),
    });
    keep(this.#told, job, told, REMEMBERED.results);
    return { job };
  }

  /** What a job is about, and what it made once it has ended. */
  result(job: string): LabResult {
    const told = this.#told.get(job);
    return { subject: told?.subject ?? null, outcome: told?.outcome ?? null };
  }

  /** Results that lie sealed with a study, newest first. */
  async kept(studyId: string) {
    const { results, unreadable } = await this.#parts.vault().results('list', { studyId });
    return { results: results.filter(({ kind }) => kind.startsWith('lab.')), unreadable };
  }

  async keptResult(studyId: string, resultId: string): Promise<LabResult> {
    return decodeKept(await this.#parts.vault().results('read', { studyId, resultId }));
  }

  /** Forgets everything, for a lock. */
  clear(): void {
    this.#pictures.clear();
    this.#told.clear();
  }

  async #remembered(source: LabSource): Promise<Remembered> {
    if (source.from === 'file') return { from: 'bytes', bytes: await this.#parts.readFile(source.source) };
    if (source.from !== 'opened') return source;
    const found = this.#pictures.get(source.picture);
    if (found === undefined) throw labError('lab/no-such-picture');
    return found;
  }

  #work(subject: LabSubject, given: Given, { signal, progress }: JobControl): Promise<LabOutcome> {
    const { engine } = this.#parts;
    const options: RunOptions<LabOutcome> = { answer: labOutcome, signal, progress };
    if (subject.kind === 'compare') return engine.run('lab.compare', { ...given, systems: subject.systems }, options);
    const { system, parameters } = subject;
    if (subject.kind === 'run') return engine.run('lab.run', { ...given, system, parameters }, options);
    return engine.run('lab.attack', { ...given, system, parameters, attack: subject.attack }, options);
  }

  /** Gives the engine the picture; a study is open for it as long as `use` takes. */
  async #given<T>(picture: Remembered, use: (given: Given) => Promise<T>): Promise<T> {
    if (picture.from !== 'study') return use({ picture, window: null });
    const vault = this.#parts.vault();
    const { handle } = await vault.open(picture.studyId);
    try {
      const place: EnginePicture = {
        from: 'place',
        place: { handle, objectId: picture.objectId, frame: picture.frame },
      };
      return await use({ picture: place, window: picture.window });
    } finally {
      // After a lock there is nothing to close.
      await vault.close(handle).catch(() => undefined);
    }
  }
}

type Given = TaskInput<'lab.picture'>;

function studyOf(picture: Remembered): string | null {
  return picture.from === 'study' ? picture.studyId : null;
}

/** Remembers under a name and forgets the oldest beyond a number. */
function keep<T>(map: Map<string, T>, name: string, value: T, most: number): void {
  map.set(name, value);
  const oldest = map.keys().next().value;
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
