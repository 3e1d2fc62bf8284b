import {
  type Decision,
  type Finding,
  type ImagePlace,
  type KeptDecision,
  type KeptRun,
  keptDecision,
  keptRun,
  type Verdict,
} from '../../core/contract/findings.ts';
import { type ModelRunReport, modelRunReport } from '../../core/contract/model.ts';
import { type AttackRequest, type ModelAttackView, modelAttackView } from '../../core/contract/model-attack.ts';
import type { BackEndId } from '../../core/infer/model.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { StudyVault } from '../../core/vault/types.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobBoard } from '../jobs.ts';
import type { ModelImage } from './tasks.ts';

export interface ModelDeskParts {
  readonly engine: Pick<Engine, 'run'>;
  readonly board: JobBoard;
  vault(): StudyVault;
}

/** Kinds of results that lie sealed with a study. */
const RUN = 'model.run';
const DECISION = 'model.decision';

/** Attacks that can still be fetched. */
const REMEMBERED = 4;

/** An attack, with what it made once it has ended. */
interface Told {
  readonly place: ImagePlace;
  view: ModelAttackView | null;
}

/** Where the bytes of what is kept come from, by result id. */
type Read = (resultId: string) => Promise<Uint8Array>;

const bytesOf = (value: KeptRun | KeptDecision): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/**
 * The models as main has them: hands the engine process an image and what to do with it, as a job. What a model says is sealed
 * with the study, and so is what a person says of that; an attacked image is held in memory and written nowhere.
 */
export class ModelDesk {
  readonly #parts: ModelDeskParts;
  readonly #attacks = new Map<string, Told>();
  /** Which back end was found fastest for a model, for as long as the program runs. */
  readonly #fastest = new Map<string, BackEndId>();

  constructor(parts: ModelDeskParts) {
    this.#parts = parts;
  }

  /** Starts a run. */
  run(model: string, place: ImagePlace): { job: string } {
    const { engine, board, vault } = this.#parts;
    const { studyId, objectId, frame } = place;
    return board.start({
      kind: RUN,
      studyId,
      lane: 'engine',
      run: async ({ signal, progress }) => {
        const report = await this.#given(place, (image) => {
          const input = { model, backEnd: this.#fastest.get(model) ?? null, use: 'research', image } as const;
          return engine.run('model.run', input, { answer: modelRunReport, signal, progress });
        });
        signal.throwIfAborted();
        this.#fastest.set(model, report.classification.provenance.backEnd);
        await vault().results('append', {
          studyId,
          kind: RUN,
          about: model,
          bytes: bytesOf({ objectId, frame, report }),
        });
        return report;
      },
      facts: (report: ModelRunReport) => ({ model, backEnd: report.classification.provenance.backEnd }),
    });
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
    this.#attacks.set(job, told);
    const oldest = this.#attacks.keys().next().value;
    if (this.#attacks.size > REMEMBERED && oldest !== undefined) this.#attacks.delete(oldest);
    return { job };
  }

  /** What an attack made. */
  attackResult(job: string): { place: ImagePlace | null; view: ModelAttackView | null } {
    const told = this.#attacks.get(job);
    return { place: told?.place ?? null, view: told?.view ?? null };
  }

  /** What models have said of a study, newest first, each with the last word that a person gave on it. */
  async findings(studyId: string): Promise<{ findings: Finding[]; unreadable: number }> {
    const vault = this.#parts.vault();
    const { results, unreadable } = await vault.results('list', { studyId });
    const read: Read = (resultId) => vault.results('read', { studyId, resultId });
    let lost = unreadable;
    const opened = async <T>(resultId: string, parse: (value: unknown) => T): Promise<T | null> => {
      try {
        return parse(jsonOf(await read(resultId)));
      } catch {
        lost += 1;
        return null;
      }
    };
    const decisions = new Map<string, Decision>();
    for (const { resultId } of results.filter(({ kind }) => kind === DECISION)) {
      const kept = await opened(resultId, (value) => keptDecision.parse(value));
      if (kept === null) continue;
      const { verdict, at, by } = kept;
      const before = decisions.get(kept.resultId);
      if (before === undefined || before.at < at) decisions.set(kept.resultId, { verdict, at, by });
    }
    const findings: Finding[] = [];
    for (const { resultId, savedAt } of results.filter(({ kind }) => kind === RUN)) {
      const kept = await opened(resultId, (value) => keptRun.parse(value));
      if (kept !== null) findings.push({ resultId, savedAt, ...kept, decision: decisions.get(resultId) ?? null });
    }
    return { findings, unreadable: lost };
  }

  /** Seals what a person says of a finding. @throws vault/object-missing, seal/… */
  async decide(studyId: string, resultId: string, verdict: Verdict, by: string): Promise<Decision> {
    const vault = this.#parts.vault();
    const { report } = keptRun.parse(jsonOf(await vault.results('read', { studyId, resultId })));
    const { scores, provenance } = report.classification;
    const decision: Decision = { verdict, at: new Date().toISOString(), by };
    const bytes = bytesOf({ resultId, label: scores[0]?.label ?? '', provenance, ...decision });
    await vault.results('append', { studyId, kind: DECISION, about: verdict, bytes });
    return decision;
  }

  /** Forgets everything, for a lock. */
  clear(): void {
    this.#attacks.clear();
  }

  /** Gives the engine the image; its study is open for it as long as `use` takes. */
  async #given<T>({ studyId, objectId, frame }: ImagePlace, use: (image: ModelImage) => Promise<T>): Promise<T> {
    const vault = this.#parts.vault();
    const { series } = await vault.details(studyId);
    const own = series.find(({ instances }) => instances.some((instance) => instance.objectId === objectId));
    if (own === undefined) throw vaultError('vault/no-such-object', 'the study has no such image');
    const { handle } = await vault.open(studyId);
    try {
      return await use({ from: 'place', place: { handle, objectId, frame }, modality: own.modality });
    } finally {
      // After a lock there is nothing to close.
      await vault.close(handle).catch(() => undefined);
    }
  }
}
