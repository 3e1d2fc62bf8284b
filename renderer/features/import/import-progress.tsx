import type { ImportProgress } from '../../../core/contract/import.ts';
import { byteSize, number, timeLeft } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ImportCounts } from './import-counts.tsx';

function phaseText(progress: ImportProgress | null, t: Text): string {
  if (progress === null || progress.phase === 'counting' || progress.filesTotal === null) return t('import.counting');
  if (progress.phase === 'committing') return t('import.committing');
  return t('import.reading', { done: number(progress.filesDone), total: number(progress.filesTotal) });
}

interface ImportProgressLineProps {
  /** Null until the first word about it. */
  readonly progress: ImportProgress | null;
  readonly isCancelling: boolean;
  readonly onCancel: () => void;
}

/** An import that runs: count, rate, time left, [Cancel]. */
export function ImportProgressLine({ progress, isCancelling, onCancel }: ImportProgressLineProps) {
  const t = useText();
  const total = progress?.bytesTotal ?? 0;
  const share = progress === null || total === 0 ? 0 : Math.min(1, progress.bytesDone / total);
  return (
    <>
      <div className="import-line" title={t('import.locksAfter')}>
        <h3>{t('import.title')}</h3>
        <span>{phaseText(progress, t)}</span>
        {progress !== null && progress.rate > 0 && <span>{t('import.rate', { size: byteSize(progress.rate) })}</span>}
        {progress?.secondsLeft != null && progress.phase === 'reading' && (
          <span>{timeLeft(progress.secondsLeft, t)}</span>
        )}
        <span className="import-space" />
        {progress !== null && <ImportCounts counts={progress.counts} />}
        <Button onClick={onCancel} disabled={isCancelling}>
          {isCancelling ? t('import.cancelling') : t('import.cancel')}
        </Button>
      </div>
      <div
        className="progress"
        role="progressbar"
        aria-label={t('import.title')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ transform: `scaleX(${share})` }} />
      </div>
    </>
  );
}
