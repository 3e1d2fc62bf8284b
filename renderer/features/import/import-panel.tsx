import './import.css';
import { cancelImport, dismissImportProblem, dismissOutcome, useImports } from '../../state/imports.ts';
import { useTabs } from '../../state/tabs.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { ImportProgressLine } from './import-progress.tsx';
import { ImportSummary } from './import-summary.tsx';

/**
 * Imports at the foot of the window: reading goes on above. Summaries stay until somebody dismisses them; beside images each
 * is one line, so that the images keep their height.
 */
export function ImportPanel() {
  const t = useText();
  const { running, outcomes, problem } = useImports();
  const isReading = useTabs((state) => state.active !== null);
  return (
    <div className="import-panels">
      {running !== null && (
        <section className="import-panel" data-import="running" data-region="import" aria-label={t('import.title')}>
          <ImportProgressLine
            progress={running.progress}
            isCancelling={running.cancelling}
            onCancel={() => void cancelImport()}
          />
        </section>
      )}
      {problem !== null && (
        <section className="import-panel" data-import="refused" data-region="import" aria-label={t('import.title')}>
          <ErrorNote
            error={errorText(problem)}
            code={problem}
            actions={<Button onClick={dismissImportProblem}>{t('app.dismiss')}</Button>}
          />
        </section>
      )}
      {outcomes.map((outcome) => (
        <section
          key={outcome.job}
          className="import-panel"
          data-import="finished"
          data-outcome={outcome.outcome}
          data-region="import"
          aria-label={t('import.title')}
        >
          <ImportSummary
            key={String(isReading)}
            outcome={outcome}
            isFolded={isReading}
            onDismiss={() => dismissOutcome(outcome.job)}
          />
        </section>
      ))}
    </div>
  );
}
