import type { Finding, ImagePlace, ModelFileView, SeriesFinding, Verdict } from '../../../core/contract/findings.ts';
import type { JobFinished } from '../../../core/contract/jobs.ts';
import type { ModelListReport, ModelReport } from '../../../core/contract/model.ts';
import type { AttackMethod, ModelAttackView } from '../../../core/contract/model-attack.ts';
import type { BackEndId } from '../../../core/infer/model.ts';
import { call, codeOf, registerDrop, UiError } from '../../bridge/bridge.ts';
import { useJobs, whenFinished } from '../../state/jobs.ts';
import { createState } from '../../state/stores.ts';

/** A model that can be run. */
export type ReadyModel = Extract<ModelListReport['models'][number], { state: 'ready' }>;

/** What an attack made, and of which image. */
export interface Attacked {
  readonly place: ImagePlace;
  readonly view: ModelAttackView;
}

interface FindingsState {
  /** Null until main has answered. */
  models: readonly ReadyModel[] | null;
  model: string;
  /** What models run on; null: the fastest. */
  wanted: BackEndId | null;
  about: ModelReport | null;
  /** The study that `findings` are of. */
  studyId: string | null;
  findings: readonly Finding[] | null;
  series: readonly SeriesFinding[];
  unreadable: number;
  selected: string | null;
  /** Whether the class map of the selected finding lies over its image. */
  mapped: boolean;
  /** Of the class map, 0 … 1. */
  opacity: number;
  /** The run and the attack that are on their way. */
  running: string | null;
  classifying: string | null;
  filing: string | null;
  attacking: string | null;
  method: AttackMethod;
  /** Of the slider: 255ths of the brightness, or quarters of a length. */
  steps: number;
  attacked: Attacked | null;
  /** What a model said of a picture file. */
  file: ModelFileView | null;
  /** A back end that was lost in the last run. */
  lost: string | null;
  /** What the last run ran on. */
  backEnd: string | null;
  problem: { readonly code: string; readonly details: UiError['details'] } | null;
}

const initial = (): FindingsState => ({
  models: null,
  model: '',
  wanted: null,
  about: null,
  studyId: null,
  findings: null,
  series: [],
  unreadable: 0,
  selected: null,
  mapped: false,
  opacity: 0.35,
  running: null,
  classifying: null,
  filing: null,
  attacking: null,
  method: 'pgd',
  steps: 2,
  attacked: null,
  file: null,
  lost: null,
  backEnd: null,
  problem: null,
});

export const useFindings = createState<FindingsState>(initial, {
  models: 'session',
  model: 'session',
  wanted: 'session',
  about: 'session',
  studyId: 'patient',
  findings: 'patient',
  series: 'patient',
  unreadable: 'screen',
  selected: 'screen',
  mapped: 'screen',
  opacity: 'session',
  running: 'screen',
  classifying: 'screen',
  filing: 'screen',
  attacking: 'screen',
  method: 'session',
  steps: 'session',
  attacked: 'patient',
  file: 'patient',
  lost: 'screen',
  backEnd: 'screen',
  problem: 'screen',
});

/** The finding that is open in the panel. */
export function selectedFinding({ findings, selected }: Pick<FindingsState, 'findings' | 'selected'>): Finding | null {
  return findings?.find(({ resultId }) => resultId === selected) ?? null;
}

/** The results of the panel in the order of its cards: series, then images. */
export function resultsOf({
  findings,
  series,
}: Pick<FindingsState, 'findings' | 'series'>): readonly (Finding | SeriesFinding)[] {
  return [...series, ...(findings ?? [])];
}

/** ε of the slider's place, in the unit of the method. */
export function epsilonOf({ method, steps }: Pick<FindingsState, 'method' | 'steps'>): number {
  return method === 'pgd-l2' ? steps / 4 : steps / 255;
}

function failed(error: unknown): void {
  useFindings.setState({ problem: { code: codeOf(error), details: error instanceof UiError ? error.details : {} } });
}

async function loadModels(): Promise<void> {
  if (useFindings.getState().models !== null) return;
  const { models } = await call('model.list', {});
  const ready = models.filter((model) => model.state === 'ready');
  // A zoo that was altered says so here, where somebody wanted to use it.
  const refused = models.find((model) => model.state === 'refused');
  if (ready.length === 0 && refused !== undefined)
    useFindings.setState({ problem: { code: refused.code, details: {} } });
  useFindings.setState({ models: ready, model: ready[0]?.id ?? '' });
}

/** Reads what models have said of the study. */
async function loadFindings(studyId: string): Promise<void> {
  const { findings, series, unreadable } = await call('model.findings', { studyId });
  if (useFindings.getState().studyId !== studyId) return;
  const { selected } = useFindings.getState();
  const isThere = [...findings, ...series].some(({ resultId }) => resultId === selected);
  const { backEnd = null } = findings[0]?.report.classification.provenance ?? series[0]?.report.provenance ?? {};
  useFindings.setState((state) => ({ backEnd: state.backEnd ?? backEnd }));
  const first = findings[0]?.resultId ?? series[0]?.resultId ?? null;
  useFindings.setState({ findings, series, unreadable, selected: isThere ? selected : first });
}

/** Shows a study's findings, and takes up what runs on it or has run: the page may have been loaded anew. */
export async function startFindings(studyId: string): Promise<void> {
  const isOther = useFindings.getState().studyId !== studyId;
  if (isOther)
    useFindings.setState({
      studyId,
      findings: null,
      series: [],
      selected: null,
      mapped: false,
      attacked: null,
      problem: null,
    });
  try {
    await loadModels();
    await loadFindings(studyId);
    await resume(studyId);
  } catch (error) {
    failed(error);
  }
}

async function resume(studyId: string): Promise<void> {
  const { running, finished } = useJobs.getState();
  const { running: run, classifying, attacking, attacked } = useFindings.getState();
  const ours = (kind: string) => (one: { kind: string; studyId: string | null }) =>
    one.kind === kind && one.studyId === studyId;
  const ran = running.find(ours('model.run'));
  if (ran !== undefined && run === null) void followRun(ran.job, 'running').catch(failed);
  const classified = running.find(ours('model.series'));
  if (classified !== undefined && classifying === null) void followRun(classified.job, 'classifying').catch(failed);
  if (attacking !== null || attacked !== null) return;
  const attack = running.find(ours('model.attack'));
  const made = finished.find((one) => ours('model.attack')(one) && one.outcome === 'done');
  if (attack !== undefined) void followAttack(attack.job).catch(failed);
  else if (made !== undefined) await takeAttack(made);
}

/** The chosen model, and what it is to run on. */
function chosen() {
  const { model, wanted } = useFindings.getState();
  return { model, backEnd: wanted };
}

/** Runs the chosen model on an image; the end comes as an event. */
export async function runModel({ studyId, objectId, frame }: ImagePlace): Promise<void> {
  useFindings.setState({ problem: null, lost: null });
  try {
    const { job } = await call('model.run', { ...chosen(), studyId, objectId, frame });
    await followRun(job, 'running');
  } catch (error) {
    failed(error);
  }
}

/** Runs the chosen model on all images of a series. */
export async function classifySeries(studyId: string, images: readonly Omit<ImagePlace, 'studyId'>[]): Promise<void> {
  useFindings.setState({ problem: null, lost: null });
  try {
    const { job } = await call('model.series', { ...chosen(), studyId, images: [...images] });
    await followRun(job, 'classifying');
  } catch (error) {
    failed(error);
  }
}

async function followRun(job: string, as: 'running' | 'classifying'): Promise<void> {
  useFindings.setState({ [as]: job });
  const finished = await whenFinished(job);
  if (useFindings.getState()[as] !== job) return;
  useFindings.setState({ [as]: null });
  const { outcome, studyId } = finished;
  // One that failed says so at the foot of the window, where all jobs do.
  if (outcome !== 'done' || studyId === null) return;
  ranOn(finished);
  if (useFindings.getState().studyId !== studyId) return;
  useFindings.setState({ selected: null });
  await loadFindings(studyId);
  if (as === 'classifying') useFindings.setState(({ series }) => ({ selected: series[0]?.resultId ?? null }));
}

/** What a run that has ended ran on, and what was lost in it. */
function ranOn({ facts: { backEnd, lost } }: JobFinished): void {
  if (typeof backEnd === 'string') useFindings.setState({ backEnd });
  useFindings.setState({ lost: typeof lost === 'string' ? lost : null });
}

/** Asks for a JPEG or PNG and runs the chosen model on it. */
export async function runOnChosenFile(): Promise<void> {
  await runOnFile(async () => (await call('import.choose', { kind: 'files' })).source);
}

/** The same on files that were dropped. */
export async function runOnDropped(files: readonly File[]): Promise<void> {
  await runOnFile(() => registerDrop(files));
}

async function runOnFile(source: () => Promise<string | null>): Promise<void> {
  useFindings.setState({ problem: null, lost: null, file: null });
  try {
    const from = await source();
    if (from === null) return;
    const { job } = await call('model.file', { ...chosen(), source: from });
    useFindings.setState({ filing: job });
    const finished = await whenFinished(job);
    if (useFindings.getState().filing !== job) return;
    useFindings.setState({ filing: null });
    if (finished.outcome !== 'done') return;
    ranOn(finished);
    useFindings.setState({ file: (await call('model.fileResult', { job })).view });
  } catch (error) {
    failed(error);
  }
}

/** Attacks what the chosen model sees of an image. */
export async function attackModel({ studyId, objectId, frame }: ImagePlace): Promise<void> {
  const { model, method } = useFindings.getState();
  useFindings.setState({ problem: null, attacked: null });
  try {
    const epsilon = epsilonOf(useFindings.getState());
    await followAttack((await call('model.attack', { model, studyId, objectId, frame, method, epsilon })).job);
  } catch (error) {
    failed(error);
  }
}

async function followAttack(job: string): Promise<void> {
  useFindings.setState({ attacking: job });
  const finished = await whenFinished(job);
  if (useFindings.getState().attacking !== job) return;
  useFindings.setState({ attacking: null });
  if (finished.outcome === 'done') await takeAttack(finished);
}

async function takeAttack({ job }: JobFinished): Promise<void> {
  const { place, view } = await call('model.attackResult', { job });
  if (place === null || view === null || place.studyId !== useFindings.getState().studyId) return;
  useFindings.setState({ attacked: { place, view } });
}

/** Says what a person thinks of a finding; shown once it is sealed. */
export async function decide(resultId: string, verdict: Verdict): Promise<void> {
  const { studyId } = useFindings.getState();
  if (studyId === null) return;
  try {
    const decision = await call('model.decide', { studyId, resultId, verdict });
    const decided = <T extends { readonly resultId: string }>(one: T): T =>
      one.resultId === resultId ? { ...one, decision } : one;
    const { findings, series } = useFindings.getState();
    useFindings.setState({
      findings: (findings ?? []).map(decided),
      series: series.map(decided),
      problem: null,
    });
  } catch (error) {
    failed(error);
  }
}

/** Reads what is known of the chosen model. */
export async function loadAbout(): Promise<void> {
  const { model, about } = useFindings.getState();
  if (model === '' || about?.id === model) return;
  try {
    useFindings.setState({ about: await call('model.about', { model }) });
  } catch (error) {
    failed(error);
  }
}
