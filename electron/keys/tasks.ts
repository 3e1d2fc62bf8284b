import {
  type Holds,
  holds,
  type RetentionPlan,
  type RetentionRules,
  retentionRules,
} from '../../core/contract/retention.ts';
import type { KeyTask, KeyTasks } from '../../core/vault/key-tasks.ts';
import { planRetention } from '../../core/vault/retention.ts';
import type { VerifyObserver } from '../../core/vault/types.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import type { VaultRecords } from '../vault/vault-records.ts';
import { reach } from '../vault/write-points.ts';
import { leaveEarlierKeys } from './rekey.ts';
import { beginReseal, type ResealParts, resealAll, resealPending } from './reseal.ts';
import { type ShredParts, shred } from './shred.ts';

/** What the tasks need of an open vault. */
export interface KeyTaskParts extends ResealParts, Omit<ShredParts, 'held' | 'rows' | 'isKnown'> {
  readonly catalogue: Catalogue;
  /** Takes changed keys: catalogue, studies and records open by them and by those before. */
  useKeys(keys: KeyTasks['rekey'][0]): Promise<void>;
}

/** No rule: nothing is ever due. */
const NO_RULES: RetentionRules = { rules: [], minorsUntil: 28 };

async function readHolds(records: VaultRecords): Promise<Holds> {
  return (await records.read('holds', holds)) ?? [];
}

async function heldIds(records: VaultRecords): Promise<Set<string>> {
  return new Set((await readHolds(records)).map(({ studyId }) => studyId));
}

async function hold({ records, catalogue }: KeyTaskParts, { studyId, held, by }: KeyTasks['hold'][0]): Promise<Holds> {
  catalogue.studyNumber(studyId);
  const others = (await readHolds(records)).filter((one) => one.studyId !== studyId);
  const all = held ? [...others, { studyId, at: new Date().toISOString(), by }] : others;
  await records.write('holds', all);
  return all;
}

async function plan({ records, catalogue }: KeyTaskParts): Promise<RetentionPlan> {
  const rules = (await records.read('retention', retentionRules)) ?? NO_RULES;
  return planRetention(catalogue.retire.facts(), rules, await heldIds(records), new Date());
}

type Run = {
  readonly [Name in KeyTask]: (
    parts: KeyTaskParts,
    request: KeyTasks[Name][0],
    observer: VerifyObserver,
  ) => Promise<KeyTasks[Name][1]>;
};

const RUN: Run = {
  rekey: async (parts, keys, observer) => {
    await parts.useKeys(keys);
    reach('rotate.catalogue');
    return leaveEarlierKeys(parts, observer);
  },
  reseal: async (parts, { begin }, observer) => {
    if (begin) await beginReseal(parts);
    return resealAll(parts, observer);
  },
  'reseal-pending': ({ records }) => resealPending(records),
  shred: async (parts, request, observer) => {
    const { catalogue, records } = parts;
    const isKnown = (studyId: string): boolean => catalogue.visibleNumber(studyId) !== null;
    return shred({ ...parts, rows: catalogue.retire, isKnown, held: await heldIds(records) }, request, observer);
  },
  retention: async ({ records }, { rules }) => {
    if (rules !== null) await records.write('retention', retentionRules.parse(rules));
    return (await records.read('retention', retentionRules)) ?? NO_RULES;
  },
  'retention-plan': (parts) => plan(parts),
  'retention-due': async (parts) => (await plan(parts)).due.map(({ studyId, ruleId }) => ({ studyId, ruleId })),
  holds: ({ records }) => readHolds(records),
  hold: (parts, request) => hold(parts, request),
};

/** Runs one task. @throws what the task throws */
export function runKeyTask<Name extends KeyTask>(
  parts: KeyTaskParts,
  task: Name,
  request: KeyTasks[Name][0],
  observer: VerifyObserver,
): Promise<KeyTasks[Name][1]> {
  return RUN[task](parts, request, observer);
}
