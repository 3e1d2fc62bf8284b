import { useEffect, useState } from 'react';
import type { CareProblem, CareResult } from '../../../core/contract/care.ts';
import type { JobKind } from '../../../core/contract/jobs.ts';
import { call } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { number, personName } from '../../text/format.ts';
import { type Text, type TextKey, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { dismissShown, type Shown, useCare } from './state.ts';

/** Findings that are named; more are counted. */
const NAMED = 12;

type Problem = CareResult['problems'][number];

/** Who a study is of, or its number where the list doesn't know it any more. */
function StudyName({ studyId }: { readonly studyId: string }) {
  const t = useText();
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    call('studies.details', { studyId }).then(
      ({ study }) => {
        if (isShown) setName([personName(study.patientName), study.studyDescription].filter(Boolean).join(', '));
      },
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [studyId]);
  return <span>{name ?? t('care.study', { id: studyId.slice(0, 8) })}</span>;
}

/** One object or study that is damaged, and what became of it. */
export function ProblemRow({ problem, state }: { readonly problem: CareProblem; readonly state: Problem['state'] }) {
  const t = useText();
  return (
    <li>
      {problem.studyId === '' ? <span>{t('care.wholeVault')}</span> : <StudyName studyId={problem.studyId} />}
      <span>{t(`care.problem.${problem.kind}`)}</span>
      {state !== 'found' && <strong>{t(`care.became.${state}`)}</strong>}
    </li>
  );
}

/** The sentence of a kind of work, and what it counts. */
const FACTS: Partial<Record<JobKind, readonly [TextKey, string]>> = {
  'vault.verify': ['care.fact.vault.verify', 'objects'],
  'care.backup': ['care.fact.care.backup', 'studies'],
  'care.check': ['care.fact.care.check', 'files'],
  'care.drill': ['care.fact.care.drill', 'objects'],
  'care.scrub': ['care.fact.care.scrub', 'objects'],
  'care.repair': ['care.fact.care.repair', 'found'],
};

function factText({ report }: Shown, t: Text): string {
  const { facts, kind } = report;
  const count = (name: string): number => (typeof facts[name] === 'number' ? facts[name] : 0);
  const fact = FACTS[kind];
  if (fact === undefined) return '';
  const [key, counted] = fact;
  return t(key, {
    count: count(counted),
    formatted: number(count(counted)),
    copied: number(count('copied')),
    repaired: number(count('repaired')),
  });
}

/** What the last piece of work came to: in a sentence, and what is damaged one by one. */
export function Findings() {
  const t = useText();
  const shown = useCare((state) => state.shown);
  if (shown === null) return null;
  const { report, result } = shown;
  const close = <Button onClick={dismissShown}>{t('app.dismiss')}</Button>;
  if (report.outcome === 'failed') {
    const code = report.code ?? 'ipc/unexpected';
    return <ErrorNote error={errorText(code, report.facts)} code={code} actions={close} />;
  }
  if (report.outcome === 'cancelled') {
    return (
      <Note tone="neutral" actions={close}>
        {t('care.cancelled')}
      </Note>
    );
  }
  const problems = result?.problems ?? [];
  const damaged = result?.damaged ?? [];
  const open = problems.filter(({ state }) => state !== 'repaired');
  const tone = open.length + damaged.length > 0 ? 'danger' : 'neutral';
  return (
    <Note tone={tone} actions={close} alert={tone === 'danger'}>
      <p>{factText(shown, t)}</p>
      {problems.length > 0 && (
        <ul className="care-findings">
          {problems.slice(0, NAMED).map((problem) => (
            <ProblemRow
              key={`${problem.kind}-${problem.studyId}-${problem.objectId}`}
              problem={problem}
              state={problem.state}
            />
          ))}
        </ul>
      )}
      {damaged.length > 0 && (
        <p>{t('care.backupDamaged', { count: damaged.length, formatted: number(damaged.length) })}</p>
      )}
      {problems.length > NAMED && <p>{t('care.more', { count: problems.length - NAMED })}</p>}
      {tone === 'danger' && <p>{t(report.kind === 'care.repair' ? 'care.next.lost' : 'care.next.damage')}</p>}
      {report.facts['sameHeader'] === false && <p>{t('care.oldHeader')}</p>}
    </Note>
  );
}
