/** Who opens which study: the tasks of core/vault/access-tasks.ts, where the studies' keys are. */
import { wipe } from '../../core/bytes.ts';
import { parseId, type StudyId } from '../../core/ids.ts';
import type { AccessTask, AccessTasks, RewrapReport, StudyRecipients } from '../../core/vault/access-tasks.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import type { Catalogue } from './catalogue.ts';
import type { ObjectStore } from './objects.ts';
import type { StudyReader } from './study-reader.ts';

export interface AccessParts {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly reader: StudyReader;
}

type Run<Task extends AccessTask> = (
  parts: AccessParts,
  request: AccessTasks[Task][0],
  observer: VerifyObserver,
) => Promise<AccessTasks[Task][1]>;

function stopIfAborted({ signal }: VerifyObserver): void {
  if (signal.aborted) throw vaultError('vault/cancelled', 'cancelled');
}

/** So that the first list of an account needn't look at the key. */
async function learnReaders({ catalogue, store }: Omit<AccessParts, 'reader'>, studyId: StudyId): Promise<void> {
  const number = catalogue.visibleNumber(studyId);
  if (number !== null) catalogue.readers.learn([{ number, readers: await store.keys.readers(studyId) }]);
}

async function rewrap(
  { catalogue, store }: AccessParts,
  _request: unknown,
  observer: VerifyObserver,
): Promise<RewrapReport> {
  const studies = await store.studies();
  const report = { renewed: 0, current: 0, failed: 0 };
  for (const [done, studyId] of studies.entries()) {
    stopIfAborted(observer);
    observer.progress(done, studies.length);
    const renewed = await store.keys.rewrap(studyId).catch(() => null);
    report[renewed === null ? 'failed' : renewed ? 'renewed' : 'current'] += 1;
    if (renewed === true) await learnReaders({ catalogue, store }, studyId).catch(() => undefined);
  }
  observer.progress(studies.length, studies.length);
  return report;
}

async function recipients({ catalogue, store }: AccessParts, studyId: string): Promise<StudyRecipients> {
  catalogue.studyNumber(studyId);
  const found = (await store.keys.record(parseId<StudyId>(studyId))).map(({ recipient }) => recipient);
  let rule: string | null = null;
  const epochs: number[] = [];
  const glass: number[] = [];
  for (const recipient of found) {
    if (recipient.kind === 'policy') rule = recipient.rule;
    if (recipient.kind === 'role' && recipient.role === 'break-glass') glass.push(recipient.epoch);
    if (recipient.kind === 'role' || recipient.kind === 'policy') epochs.push(recipient.epoch);
  }
  return { rule, epoch: epochs.length === 0 ? null : Math.max(...epochs), glass };
}

async function setRule(
  { catalogue, store }: AccessParts,
  { studyIds, rule }: AccessTasks['set-rule'][0],
  observer: VerifyObserver,
): Promise<{ studies: number }> {
  for (const studyId of studyIds) catalogue.studyNumber(studyId);
  for (const [done, studyId] of studyIds.entries()) {
    stopIfAborted(observer);
    observer.progress(done, studyIds.length);
    await store.keys.setRule(parseId<StudyId>(studyId), rule);
  }
  return { studies: studyIds.length };
}

const TASKS: { readonly [Task in AccessTask]: Run<Task> } = {
  use: async ({ store }, { member }) => {
    store.keys.use(member);
    return null;
  },
  rewrap,
  recipients: (parts, { studyId }) => recipients(parts, studyId),
  'set-rule': setRule,
  'break-glass': async ({ reader }, { studyId, secret }) => {
    try {
      return { handle: await reader.breakGlass(studyId, secret) };
    } finally {
      wipe(secret.seed);
    }
  },
};

/** Runs one task. @throws what it throws */
export function runAccess<Task extends AccessTask>(
  parts: AccessParts,
  task: Task,
  request: AccessTasks[Task][0],
  observer: VerifyObserver,
): Promise<AccessTasks[Task][1]> {
  const run: Run<Task> = TASKS[task];
  return run(parts, request, observer);
}
