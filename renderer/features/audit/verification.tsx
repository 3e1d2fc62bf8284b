import { useEffect, useState } from 'react';
import type { AuditVerification } from '../../../core/contract/audit.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { useJobs, whenFinished } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { number } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';

/** Findings that are named; more are counted. */
const NAMED = 8;

function findingText({ kind, batch, entry }: AuditVerification['problems'][number], t: Text): string {
  return t(`audit.problem.${kind}`, { batch: batch ?? '', entry: entry ?? '' });
}

function Found({ report }: { readonly report: AuditVerification }) {
  const t = useText();
  const { entries, known, problems } = report;
  if (problems.length === 0) {
    const against = known === 0 ? t('audit.knownNone') : t('audit.known', { count: known });
    return (
      <Note tone="neutral">{`${t('audit.whole', { count: entries, formatted: number(entries) })} ${against}`}</Note>
    );
  }
  return (
    <Note tone="danger" alert>
      <p>{t('audit.notWhole', { count: problems.length })}</p>
      <ul>
        {problems.slice(0, NAMED).map((problem) => (
          <li key={`${problem.kind}-${problem.batch}-${problem.entry}`}>{findingText(problem, t)}</li>
        ))}
      </ul>
      {problems.length > NAMED && <p>{t('audit.moreProblems', { count: problems.length - NAMED })}</p>}
      <p>{t('audit.whatNow')}</p>
    </Note>
  );
}

/** Holds the whole log against its signatures and against what this computer remembers of it. @param all entries, for its words */
export function Verification({ all }: { readonly all: number | null }) {
  const t = useText();
  const [report, setReport] = useState<AuditVerification | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useJobs((state) => state.running.find(({ kind }) => kind === 'audit.verify')?.job ?? null);
  const last = useJobs((state) => state.finished.find(({ kind }) => kind === 'audit.verify')?.job ?? null);
  useEffect(() => {
    if (last === null) return;
    call('audit.verification', { job: last }).then(setReport, (error: unknown) => setProblem(codeOf(error)));
  }, [last]);
  const start = async (): Promise<void> => {
    setReport(null);
    setProblem(null);
    try {
      const { job } = await call('audit.verify', {});
      await whenFinished(job);
    } catch (error) {
      setProblem(codeOf(error));
    }
  };
  return (
    <>
      <div className="section-actions">
        <Button onClick={() => void start()} disabled={running !== null}>
          {running === null ? t('audit.verify') : t('audit.verifying')}
        </Button>
        {all !== null && <span className="quiet">{t('audit.count', { count: all, formatted: number(all) })}</span>}
      </div>
      {problem !== null && <ErrorNote error={errorText(problem)} code={problem} />}
      {report !== null && <Found report={report} />}
    </>
  );
}
