import './care.css';
import { useEffect } from 'react';
import { useJobs } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { BackupPart } from './backup-part.tsx';
import { CheckPart } from './check-part.tsx';
import { Findings } from './findings.tsx';
import { RunningJobs } from './job-line.tsx';
import { OlderCopy } from './older-copy.tsx';
import { RepairPart } from './repair-part.tsx';
import { careJobs, refreshCare, showLast, useCare } from './state.ts';

/** Milliseconds between two looks while a scrub goes on in the background. */
const LOOK = 5000;

/** The care of the vault: backup, verification, repair, and whether it is the newest copy of itself. */
export function CareSection() {
  const t = useText();
  const { status, problem } = useCare();
  const running = careJobs(useJobs((state) => state.running));
  const isScrubbing = running.some(({ kind }) => kind === 'care.scrub');
  const isBusy = running.some(({ kind }) => kind !== 'care.scrub');
  useEffect(() => {
    void refreshCare();
    showLast();
  }, []);
  useEffect(() => {
    if (!isScrubbing) return;
    const timer = setInterval(() => void refreshCare(), LOOK);
    return () => {
      clearInterval(timer);
      void refreshCare();
    };
  }, [isScrubbing]);
  return (
    <>
      {problem !== null && (
        <ErrorNote
          error={errorText(problem)}
          code={problem}
          actions={<Button onClick={() => void refreshCare()}>{t('care.again')}</Button>}
        />
      )}
      {status === null && problem === null && <p className="quiet">{t('place.opening')}</p>}
      {status !== null && (
        <div className="care-work">
          {status.older !== null && <OlderCopy older={status.older} />}
          <RunningJobs />
          <Findings />
        </div>
      )}
      {status !== null && (
        <>
          <BackupPart status={status} isBusy={isBusy} />
          <CheckPart status={status} isBusy={isBusy} />
          <RepairPart status={status} isBusy={isBusy} />
        </>
      )}
    </>
  );
}
