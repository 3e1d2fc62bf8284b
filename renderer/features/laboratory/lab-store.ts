import type { JobFinished } from '../../../core/contract/jobs.ts';
import type { LabListReport } from '../../../core/contract/lab.ts';
import type {
  KeptResult,
  LabOutcome,
  LabSource,
  LabSubject,
  OpenedPicture,
} from '../../../core/contract/laboratory.ts';
import { call, codeOf, registerDrop, UiError } from '../../bridge/bridge.ts';
import { useActiveImage } from '../../state/active-image.ts';
import { cancelJob, useJobs, whenFinished } from '../../state/jobs.ts';
import { createState } from '../../state/stores.ts';

export type LabSystem = LabListReport['systems'][number];
export type Outcome<Kind extends LabOutcome['kind']> = Extract<LabOutcome, { kind: Kind }>;
export type Values = Readonly<Record<string, string | number>>;

/** Side of the phantom, pixels: small enough that a run takes a second. */
const PHANTOM_SIDE = 256;

interface Problem {
  readonly code: string;
  readonly details: UiError['details'];
}

interface LabState {
  /** Null until main has answered. */
  systems: readonly LabSystem[] | null;
  system: string;
  /** What was changed from the defaults, by system. */
  chosen: Readonly<Record<string, Values>>;
  attack: string;
  other: string;
  picture: OpenedPicture | null;
  opening: boolean;
  problem: Problem | null;
  /** The job that runs now. */
  job: string | null;
  run: Outcome<'run'> | null;
  attacked: Outcome<'attack'> | null;
  compared: Outcome<'compare'> | null;
  kept: { readonly results: readonly KeptResult[]; readonly unreadable: number } | null;
}

const initial = (): LabState => ({
  systems: null,
  system: '',
  chosen: {},
  attack: '',
  other: '',
  picture: null,
  opening: false,
  problem: null,
  job: null,
  run: null,
  attacked: null,
  compared: null,
  kept: null,
});

export const useLab = createState<LabState>(initial, {
  systems: 'session',
  system: 'session',
  chosen: 'session',
  attack: 'session',
  other: 'session',
  picture: 'patient',
  opening: 'screen',
  problem: 'screen',
  job: 'screen',
  run: 'patient',
  attacked: 'patient',
  compared: 'patient',
  kept: 'patient',
});

const NO_RESULTS = { run: null, attacked: null, compared: null } as const;

/** The chosen system; null until the list is there. */
export function systemOf({ systems, system }: Pick<LabState, 'systems' | 'system'>): LabSystem | null {
  return systems?.find(({ id }) => id === system) ?? null;
}

/** Values of all parameters: defaults, and over them what was chosen. */
export function valuesOf(system: LabSystem, chosen: LabState['chosen']): Values {
  return {
    ...Object.fromEntries(system.parameters.map((one) => [one.name, one.default])),
    ...chosen[system.id],
  };
}

function failed(error: unknown): void {
  useLab.setState({ problem: { code: codeOf(error), details: error instanceof UiError ? error.details : {} } });
}

/** Goes to a system; what was made with another one is no result of it. */
export function chooseSystem(id: string): void {
  const { systems, system } = useLab.getState();
  if (id === system) return;
  const attack = systems?.find((one) => one.id === id)?.attacks[0]?.id ?? '';
  useLab.setState({ system: id, attack, ...NO_RESULTS, problem: null });
}

/** Sets one parameter of the chosen system; null goes back to all defaults. */
export function chooseValue(name: string | null, value: string | number = 0): void {
  const { system, chosen } = useLab.getState();
  useLab.setState({ chosen: { ...chosen, [system]: name === null ? {} : { ...chosen[system], [name]: value } } });
}

export function chooseAttack(attack: string): void {
  useLab.setState({ attack, attacked: null });
}

export function chooseOther(other: string): void {
  useLab.setState({ other });
}

async function openPicture(source: LabSource): Promise<void> {
  useLab.setState({ opening: true, problem: null });
  try {
    const picture = await call('lab.open', source);
    useLab.setState({ picture, ...(source.from === 'opened' ? {} : NO_RESULTS), kept: null });
    await loadKept();
  } catch (error) {
    failed(error);
  } finally {
    useLab.setState({ opening: false });
  }
}

export function openPhantom(): Promise<void> {
  return openPicture({ from: 'phantom', side: PHANTOM_SIDE });
}

/** The image that the reader has in front of them in the viewer. */
export async function openActiveImage(): Promise<void> {
  const { image } = useActiveImage.getState();
  if (image === null) return;
  const { studyId, objectId, frame, window } = image;
  await openPicture({ from: 'study', studyId, objectId, frame, window });
}

export async function openChosenFile(): Promise<void> {
  try {
    const { source } = await call('import.choose', { kind: 'files' });
    if (source !== null) await openPicture({ from: 'file', source });
  } catch (error) {
    failed(error);
  }
}

export async function openDropped(files: readonly File[]): Promise<void> {
  try {
    await openPicture({ from: 'file', source: await registerDrop(files) });
  } catch (error) {
    failed(error);
  }
}

/** Results that lie sealed with the study of the picture. */
async function loadKept(): Promise<void> {
  const studyId = useLab.getState().picture?.studyId ?? null;
  if (studyId === null) return;
  try {
    useLab.setState({ kept: await call('lab.kept', { studyId }) });
  } catch (error) {
    failed(error);
  }
}

/** Shows a result again that was kept. */
export async function showKept(resultId: string): Promise<void> {
  const studyId = useLab.getState().picture?.studyId ?? null;
  if (studyId === null) return;
  try {
    const { subject, outcome } = await call('lab.keptResult', { studyId, resultId });
    if (subject !== null && outcome !== null) take(subject, outcome);
  } catch (error) {
    failed(error);
  }
}

export async function removeKept(resultId: string): Promise<void> {
  const studyId = useLab.getState().picture?.studyId ?? null;
  if (studyId === null) return;
  try {
    await call('lab.removeKept', { studyId, resultId });
    await loadKept();
  } catch (error) {
    failed(error);
  }
}

/** Runs the chosen system on the picture; the end comes as an event. */
export async function runSystem(): Promise<void> {
  const { picture, system, chosen } = useLab.getState();
  if (picture === null) return;
  await begin(() => call('lab.run', { picture: picture.picture, system, parameters: { ...chosen[system] } }));
}

export async function attackSystem(): Promise<void> {
  const { picture, system, chosen, attack } = useLab.getState();
  if (picture === null) return;
  const parameters = { ...chosen[system] };
  await begin(() => call('lab.attack', { picture: picture.picture, system, parameters, attack }));
}

export async function compareSystems(): Promise<void> {
  const { picture, system, other } = useLab.getState();
  if (picture === null) return;
  await begin(() => call('lab.compare', { picture: picture.picture, systems: [system, other] }));
}

export function cancelRun(): void {
  const { job } = useLab.getState();
  if (job !== null) cancelJob(job);
}

async function begin(start: () => Promise<{ job: string }>): Promise<void> {
  useLab.setState({ problem: null });
  try {
    await follow((await start()).job);
  } catch (error) {
    failed(error);
  }
}

/** Waits for a job's end and takes what it made. */
async function follow(job: string): Promise<void> {
  useLab.setState({ job });
  const finished = await whenFinished(job);
  if (useLab.getState().job !== job) return;
  useLab.setState({ job: null });
  // One that failed says so at the foot of the window, where all jobs do.
  if (finished.outcome === 'done') await fetchResult(finished);
}

async function fetchResult({ job }: JobFinished): Promise<void> {
  const { subject, outcome } = await call('lab.result', { job });
  if (subject === null || outcome === null) return;
  take(subject, outcome);
  await loadKept();
}

/** Puts a result on the screen, with the settings that it was made with. */
function take(subject: LabSubject, outcome: LabOutcome): void {
  setSubject(subject);
  if (outcome.kind === 'run') useLab.setState({ run: outcome, compared: null });
  else if (outcome.kind === 'attack') useLab.setState({ attacked: outcome, compared: null });
  else useLab.setState({ compared: outcome });
}

function setSubject(subject: LabSubject): void {
  const { system: before, chosen } = useLab.getState();
  const [system = '', other = ''] = subject.kind === 'compare' ? subject.systems : [subject.system];
  if (system !== before) chooseSystem(system);
  if (subject.kind === 'compare') useLab.setState({ other });
  else useLab.setState({ chosen: { ...chosen, [system]: subject.parameters } });
  if (subject.kind === 'attack') useLab.setState({ attack: subject.attack });
}

/** Reads the list of systems once, and takes up what runs or has run in this session: the page may have been loaded anew. */
export async function startLab(): Promise<void> {
  try {
    if (useLab.getState().systems === null) {
      const { systems } = await call('lab.systems', {});
      useLab.setState({ systems });
      const first = systems.find(({ kind, reference }) => kind === 'image-scheme' && reference !== null) ?? systems[0];
      if (first !== undefined && useLab.getState().system === '') chooseSystem(first.id);
    }
    await resume();
  } catch (error) {
    failed(error);
  }
}

const isOurs = ({ kind }: Pick<JobFinished, 'kind'>): boolean => kind.startsWith('lab.');

async function resume(): Promise<void> {
  const { job, picture } = useLab.getState();
  if (job !== null || picture !== null) return;
  const { running, finished } = useJobs.getState();
  const done = finished.filter((one) => isOurs(one) && one.outcome === 'done');
  const last = running.filter(isOurs).at(-1) ?? done[0];
  if (last === undefined) return;
  const { subject, outcome } = await call('lab.result', { job: last.job });
  if (subject === null) return;
  setSubject(subject);
  if (outcome === null) void follow(last.job).catch(failed);
  const opened = openPicture({ from: 'opened', picture: subject.picture });
  await takeBeside(
    subject,
    done.map((one) => one.job),
  );
  if (outcome !== null) take(subject, outcome);
  await opened;
  await takeKeptRun(subject);
}

/** Whether both are of the same picture, system and settings: then their results belong on the screen together. */
function isBeside(a: LabSubject, b: LabSubject): boolean {
  if (a.kind === 'compare' || b.kind === 'compare' || a.kind === b.kind) return false;
  const values = ({ parameters }: typeof a): string => JSON.stringify(Object.entries(parameters).sort());
  return a.picture === b.picture && a.system === b.system && values(a) === values(b);
}

/** The run that an attack followed, or the attack that followed a run: the newest of `jobs`, newest first. */
async function takeBeside(subject: LabSubject, jobs: readonly string[]): Promise<void> {
  for (const job of jobs) {
    const found = await call('lab.result', { job });
    if (found.subject === null || found.outcome === null || !isBeside(subject, found.subject)) continue;
    take(found.subject, found.outcome);
    return;
  }
}

/** A run that was forgotten behind many attacks lies sealed with the study, where there is one. */
async function takeKeptRun(subject: LabSubject): Promise<void> {
  const { run, kept, picture } = useLab.getState();
  const studyId = picture?.studyId ?? null;
  if (subject.kind !== 'attack' || run !== null || studyId === null) return;
  for (const { resultId, kind, about } of kept?.results ?? []) {
    if (kind !== 'lab.run' || about !== subject.system) continue;
    const found = await call('lab.keptResult', { studyId, resultId });
    if (found.subject === null || found.outcome === null || !isBeside(subject, found.subject)) continue;
    take(found.subject, found.outcome);
    return;
  }
}
