import './jobs.css';
import type { JobFinished, JobProgress } from '../../../core/contract/jobs.ts';
import { cancelJob, dismissJob, useJobs } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { byteSize, number, timeLeft } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';

function countText({ done, total, unit, state }: JobProgress, t: Text): string {
  if (state === 'queued') return t('jobs.queued');
  if (total === null) return t('jobs.running');
  const [is, of] = unit === 'bytes' ? [byteSize(done), byteSize(total)] : [number(done), number(total)];
  return t('jobs.of', { done: is, total: of });
}

function JobLine({ progress }: { readonly progress: JobProgress }) {
  const t = useText();
  const { kind, done, total, rate, unit, secondsLeft, state } = progress;
  const share = total === null ? null : total === 0 ? 0 : Math.min(1, done / total);
  const name = t(`job.${kind}`);
  return (
    <section className="job-panel" data-job={kind} data-state={state} data-region="jobs" aria-label={name}>
      <div className="job-line">
        <h3>{name}</h3>
        <span>{countText(progress, t)}</span>
        {rate > 0 && unit === 'bytes' && <span>{t('import.rate', { size: byteSize(rate) })}</span>}
        {secondsLeft !== null && <span>{timeLeft(secondsLeft, t)}</span>}
        <span className="job-space" />
        <Button onClick={() => cancelJob(progress.job)} disabled={state === 'cancelling'}>
          {state === 'cancelling' ? t('import.cancelling') : t('import.cancel')}
        </Button>
      </div>
      <div
        className="progress"
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <i style={share === null ? undefined : { transform: `scaleX(${share})` }} />
      </div>
    </section>
  );
}

/** A job that failed stays until somebody dismisses it; what one made is shown where it was asked for. */
function FailedJob({ report }: { readonly report: JobFinished }) {
  const t = useText();
  const code = report.code ?? 'ipc/unexpected';
  return (
    <section className="job-panel" data-job={report.kind} data-state="failed" data-region="jobs">
      <h3>{t(`job.${report.kind}`)}</h3>
      <ErrorNote
        error={errorText(code, report.facts)}
        code={code}
        actions={<Button onClick={() => dismissJob(report.job)}>{t('app.dismiss')}</Button>}
      />
    </section>
  );
}

/**
 * Work that begins by itself, when nobody reads. It takes no room from the images and moves none: the status bar counts it,
 * the section of care shows it.
 */
const QUIET: readonly JobProgress['kind'][] = ['care.scrub'];

/** Long work at the foot of the window: reading goes on above. */
export function JobPanel() {
  const { running, finished } = useJobs();
  return (
    <div className="job-panels">
      {running
        .filter(({ kind }) => !QUIET.includes(kind))
        .map((progress) => (
          <JobLine key={progress.job} progress={progress} />
        ))}
      {finished
        .filter(({ outcome }) => outcome === 'failed')
        .map((report) => (
          <FailedJob key={report.job} report={report} />
        ))}
    </div>
  );
}
