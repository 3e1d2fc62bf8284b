import type { CareTask, CareTasks, DiskCount } from '../../core/vault/care.ts';
import type { VerifyObserver, VerifyReport } from '../../core/vault/types.ts';
import type { Catalogue } from '../vault/catalogue.ts';
import type { ObjectStore } from '../vault/objects.ts';
import type { VaultRecords } from '../vault/vault-records.ts';
import { backUp } from './backup.ts';
import { BackupFolder, now } from './backup-folder.ts';
import { pruneBackup } from './backup-prune.ts';
import { backupRecord, keepCare, readCare } from './care-record.ts';
import { drill } from './drill.ts';
import { repair } from './repair.ts';
import { scrub, scrubState } from './scrub.ts';

/** What the tasks need of an open vault. */
export interface CareParts {
  readonly dir: string;
  readonly vaultId: string;
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly records: VaultRecords;
  /** For the catalogue of a drill. */
  readonly catalogueKey: Uint8Array;
  betweenImports<T>(task: () => Promise<T>): Promise<T>;
  importing(): boolean;
  /** Somebody reads or imports, or did a moment ago. */
  isBusy(): boolean;
  hold(held: boolean): void;
  distrust(): Promise<void>;
}

type Run = {
  readonly [Name in CareTask]: (
    parts: CareParts,
    request: CareTasks[Name][0],
    observer: VerifyObserver,
  ) => Promise<CareTasks[Name][1]>;
};

const RUN: Run = {
  state: async ({ catalogue }) => catalogue.state.read(),
  compare: (parts) => compare(parts),
  hold: async (parts, { held }) => {
    parts.hold(held);
    return {};
  },
  advance: async ({ catalogue }, { beyond }) => {
    catalogue.state.advance(beyond);
    return catalogue.state.read();
  },
  distrust: async (parts) => {
    await parts.distrust();
    return {};
  },
  backup: (parts, { target }, observer) => backUp(parts, target, observer),
  'backup-finish': async ({ records }, { target, report }) => {
    await pruneBackup(await BackupFolder.open(target));
    await keepCare(records, { backup: backupRecord(target, report) });
    return {};
  },
  drill: async (parts, request, observer) => {
    const report = await drill(parts, request, observer);
    const ok = report.problems.length === 0 && report.damaged.length === 0;
    await keepCare(parts.records, { drill: { at: now(), ok, objects: report.objects } });
    return report;
  },
  scrub: (parts, { bytesPerSecond }, observer) => scrub(parts, bytesPerSecond, observer),
  repair: (parts, { from }, observer) => repair(parts, from, observer),
  records: async ({ catalogue, records }) => ({ ...(await readCare(records)), scrub: scrubState(catalogue) }),
};

/** Runs one task. @throws what the task throws */
export function runCare<Name extends CareTask>(
  parts: CareParts,
  task: Name,
  request: CareTasks[Name][0],
  observer: VerifyObserver,
): Promise<CareTasks[Name][1]> {
  return RUN[task](parts, request, observer);
}

/** Keeps what a verification found, for the screen. */
export async function keepVerify(records: VaultRecords, full: boolean, report: VerifyReport): Promise<void> {
  const { objects, problems } = report;
  await keepCare(records, { verify: { at: now(), full, objects, problems: problems.length } });
}

async function compare({ catalogue, store }: CareParts): Promise<DiskCount> {
  const known = new Map(catalogue.studies().map(({ studyId, manifests }) => [studyId, manifests]));
  const count = { studies: 0, manifests: 0, notes: 0 };
  let beyondCatalogue = false;
  for (const studyId of await store.studies()) {
    const listing = await store.list(studyId);
    if (listing.manifests.length === 0 && !known.has(studyId)) continue;
    count.studies += 1;
    count.manifests += listing.manifests.length;
    count.notes += listing.notes.length;
    beyondCatalogue ||= (listing.manifests.at(-1) ?? 0) > (known.get(studyId) ?? 0);
  }
  return { ...count, beyondCatalogue };
}
