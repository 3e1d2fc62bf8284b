import './start.css';
import { useState } from 'react';
import type { BackupContents } from '../../../core/contract/restore.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { cancelJob, dismissJob, useJobs, whenFinished } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { byteSize, dateAndTime, number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { Brand } from './brand.tsx';

function Contents({ backup }: { readonly backup: BackupContents }) {
  const t = useText();
  return (
    <dl className="restore-facts">
      <dt>{t('restore.place')}</dt>
      <dd>{backup.place}</dd>
      <dt>{t('restore.at')}</dt>
      <dd>{dateAndTime(backup.at)}</dd>
      <dt>{t('restore.holds')}</dt>
      <dd>
        {t('restore.studies', { count: backup.studies, formatted: number(backup.studies) })}, {byteSize(backup.bytes)}
      </dd>
    </dl>
  );
}

function Progress({ job }: { readonly job: string }) {
  const t = useText();
  const now = useJobs((state) => state.running.find((one) => one.job === job));
  const [done, total] = [now?.done ?? 0, now?.total ?? null];
  return (
    <>
      <progress className="restore-progress" max={total ?? 1} value={total === null ? undefined : done} />
      <p className="quiet" role="status">
        {total === null ? t('restore.begins') : t('restore.progress', { done: number(done), total: number(total) })}
      </p>
    </>
  );
}

/** Instead of making a vault: one of a backup. It ends in the locked vault, which any of its ways in opens. */
export function Restore({ onBack }: { readonly onBack: () => void }) {
  const t = useText();
  const [backup, setBackup] = useState<BackupContents | null>(null);
  const [job, setJob] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const failed = (error: unknown): void => setFailure(codeOf(error));
  const choose = (): void => {
    setFailure(null);
    call('restore.choose', {}).then((answer) => answer.backup !== null && setBackup(answer.backup), failed);
  };
  const start = async ({ source }: BackupContents): Promise<void> => {
    setFailure(null);
    const started = await call('restore.start', { source });
    setJob(started.job);
    const end = await whenFinished(started.job);
    dismissJob(started.job);
    setJob(null);
    // The handle of a folder is spent by being used. What a cancelled restore had written is taken out again.
    setBackup(null);
    if (end.outcome === 'failed') setFailure(end.code ?? 'ipc/unexpected');
  };
  return (
    <main className="start" data-screen="restore">
      <div className="start-card">
        <header className="start-head">
          <Brand />
          <h1>{t('restore.title')}</h1>
          <p className="quiet">{t('restore.lead')}</p>
        </header>
        {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
        {backup !== null && <Contents backup={backup} />}
        {job !== null && <Progress job={job} />}
        <div className="start-actions">
          {job === null ? (
            <Button look="link" onClick={onBack}>
              {t('restore.back')}
            </Button>
          ) : (
            <Button onClick={() => cancelJob(job)}>{t('restore.cancel')}</Button>
          )}
          <span className="start-links">
            {job === null && (
              <Button look={backup === null ? 'filled' : 'outline'} onClick={choose}>
                {t(backup === null ? 'restore.choose' : 'restore.chooseOther')}
              </Button>
            )}
            {job === null && backup !== null && (
              <Button look="filled" onClick={() => void start(backup).catch(failed)}>
                {t('restore.start')}
              </Button>
            )}
          </span>
        </div>
      </div>
    </main>
  );
}
