import {
  type Decision,
  type Finding,
  type KeptDecision,
  type KeptRun,
  type KeptSeries,
  keptDecision,
  keptRun,
  keptSeries,
  type SeriesFinding,
  type Verdict,
} from '../../core/contract/findings.ts';
import type { Provenance } from '../../core/infer/model.ts';
import { largest } from '../../core/infer/scores.ts';
import type { KeptResult } from '../../core/vault/results.ts';
import type { StudyVault } from '../../core/vault/types.ts';

/** Kinds of results that lie sealed with a study: what a model said of it, and what a person said of that. */
export const RUN = 'model.run';
export const SERIES = 'model.series';
const DECISION = 'model.decision';

/** What is sealed. */
export const bytesOf = (value: KeptRun | KeptSeries | KeptDecision): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(value));
const jsonOf = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

type Results = Pick<StudyVault, 'results'>;

/** Where a result lies. */
type Kept = Pick<KeptResult, 'resultId' | 'savedAt'>;

/** What models have said of a study, newest first, each with the last word that a person gave on it. */
export async function findings(
  vault: Results,
  studyId: string,
): Promise<{ findings: Finding[]; series: SeriesFinding[]; unreadable: number }> {
  const { results, unreadable } = await vault.results('list', { studyId });
  let lost = unreadable;
  const opened = async <T>(kind: string, parse: (value: unknown) => T): Promise<{ kept: T; at: Kept }[]> => {
    const found: { kept: T; at: Kept }[] = [];
    for (const { resultId, savedAt } of results.filter((one) => one.kind === kind)) {
      try {
        const kept = parse(jsonOf(await vault.results('read', { studyId, resultId })));
        found.push({ kept, at: { resultId, savedAt } });
      } catch {
        lost += 1;
      }
    }
    return found;
  };
  const decisions = new Map<string, Decision>();
  for (const { kept } of await opened(DECISION, (value) => keptDecision.parse(value))) {
    const { verdict, at, by } = kept;
    const before = decisions.get(kept.resultId);
    if (before === undefined || before.at < at) decisions.set(kept.resultId, { verdict, at, by });
  }
  const decided = <T>({ kept, at }: { kept: T; at: Kept }) => ({
    ...at,
    ...kept,
    decision: decisions.get(at.resultId) ?? null,
  });
  const found = (await opened(RUN, (value) => keptRun.parse(value))).map(decided);
  const series = (await opened(SERIES, (value) => keptSeries.parse(value))).map(decided);
  return { findings: found, series, unreadable: lost };
}

/** What a decision on an image is about. */
function firstOf({ report }: KeptRun): { label: string; provenance: Provenance } {
  const { scores, provenance } = report.classification;
  return { label: scores[0]?.label ?? '', provenance };
}

/** What a decision on a series is about: the class that most of its images have. */
function mostOf({ report: { labels, images, provenance } }: KeptSeries): { label: string; provenance: Provenance } {
  const counts = labels.map((_, k) => images.filter(({ scores }) => scores !== null && largest(scores) === k).length);
  return { label: labels[largest(counts)] ?? '', provenance };
}

/** What a person says of a finding. */
export interface Word {
  readonly studyId: string;
  readonly resultId: string;
  readonly verdict: Verdict;
  readonly by: string;
}

/** Seals a person's word. @throws vault/object-missing, seal/… */
export async function decide(vault: Results, { studyId, resultId, verdict, by }: Word): Promise<Decision> {
  const value = jsonOf(await vault.results('read', { studyId, resultId }));
  const run = keptRun.safeParse(value);
  const { label, provenance } = run.success ? firstOf(run.data) : mostOf(keptSeries.parse(value));
  const decision: Decision = { verdict, at: new Date().toISOString(), by };
  const bytes = bytesOf({ resultId, label, provenance: { ...provenance }, ...decision });
  await vault.results('append', { studyId, kind: DECISION, about: verdict, bytes });
  return decision;
}
