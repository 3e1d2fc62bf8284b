/** What the jobs of care give to the job board. */
import type { CareResult } from '../../core/contract/care.ts';
import type { VerifyProblem } from '../../core/vault/types.ts';
import type { JobControl } from '../jobs.ts';

/** Findings that are shown one by one; the count is whole. */
const LIMIT = 1000;

export const observer = ({ signal, progress }: JobControl) => ({
  signal,
  progress: (done: number, total: number) => progress({ done, total, unit: 'items' }),
});

export function listed(problems: readonly VerifyProblem[], state: CareResult['problems'][number]['state']) {
  return problems.map(
    ({ kind, studyId, objectId }) => ({ kind, studyId, objectId, state }) as CareResult['problems'][number],
  );
}

export function resultOf(problems: CareResult['problems'], damaged: readonly string[] = []): CareResult {
  return { problems: problems.slice(0, LIMIT), damaged: damaged.slice(0, LIMIT).map((name) => name.slice(0, 512)) };
}

/** What a job keeps for `care.result`, and says on its line. */
export interface Made {
  readonly result: CareResult;
  readonly facts: Readonly<Record<string, number | boolean>>;
}
