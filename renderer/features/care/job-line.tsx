import type { JobProgress } from '../../../core/contract/jobs.ts';
import { cancelJob, useJobs } from '../../state/jobs.ts';
import { number, timeLeft } from '../../text/format.ts';
import { isTextKey, type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { careJobs } from './state.ts';

function jobName(kind: string, t: Text): string {
  const key = `job.${kind}`;
  return isTextKey(key) ? t(key) : kind;
}

function paceText({ done, total, rate, secondsLeft, state }: JobProgress, t: Text): string {
  if (state !== 'running') return t(`care.job.${state}`);
  const counted = total === null ? number(done) : t('care.job.count', { done: number(done), total: number(total) });
  if (secondsLeft === null) return counted;
  return `${counted} · ${t('care.job.rate', { rate: number(Math.round(rate)) })} · ${timeLeft(secondsLeft, t)}`;
}

/** Work that runs: what, how far, how fast, how long yet, and a way to end it. */
export function RunningJobs() {
  const t = useText();
  const running = careJobs(useJobs((state) => state.running));
  return running.map((job) => (
    <div className="care-job" key={job.job} role="status">
      <span className="care-job-name">{jobName(job.kind, t)}</span>
      <progress
        aria-label={jobName(job.kind, t)}
        max={job.total ?? 1}
        value={job.total === null ? undefined : job.done}
      />
      <span className="care-job-pace">{paceText(job, t)}</span>
      <Button onClick={() => cancelJob(job.job)} disabled={job.state === 'cancelling'}>
        {t('care.job.cancel')}
      </Button>
    </div>
  ));
}
