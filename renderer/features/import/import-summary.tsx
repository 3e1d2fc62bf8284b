import { useState } from 'react';
import type { ImportOutcome } from '../../../core/contract/import.ts';
import { openStudyById, showList } from '../../state/tabs.ts';
import { errorText, fileReason, warningText } from '../../text/errors.ts';
import { byteSize, number } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { Status } from '../../ui/status.tsx';
import { ImportCounts } from './import-counts.tsx';

interface Entry {
  readonly name: string;
  readonly reason: string;
  readonly code: string;
}

/** A list of files, each with its reason. It names files only on this screen; nothing of it is written anywhere. */
function FileList({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  const numbered = entries.map((entry, place) => ({ ...entry, place }));
  return (
    <>
      <Status kind="warning">{title}</Status>
      <ul className="import-list">
        {numbered.map(({ name, reason, code, place }) => (
          <li key={place} data-code={code}>
            <span>{name}</span>
            <span>{reason}</span>
            <span className="import-code mono">{code}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function headline({ outcome }: ImportOutcome, t: Text): string {
  return t(`import.${outcome}`);
}

function listText(outcome: ImportOutcome): string {
  const refused = outcome.refused.map(({ name, code }) => `${name}\t${fileReason(code)}\t${code}`);
  const conflicts = outcome.conflicts.map(({ name }) => `${name}\t\tconflict`);
  const warnings = outcome.warnings.map(({ name, code }) => `${name}\t${warningText(code)}\t${code}`);
  return [...refused, ...conflicts, ...warnings].join('\n');
}

function Actions({ outcome, onDismiss }: { readonly outcome: ImportOutcome; readonly onDismiss: () => void }) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  const text = listText(outcome);
  const [only, ...others] = outcome.studyIds;
  const open = (): void => {
    if (only === undefined) return;
    void openStudyById(only, t('tabs.study')).catch(showList);
    // Nothing is left to be read in a summary without refusals; those stay until somebody dismisses them.
    if (text === '') onDismiss();
  };
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <>
      {only !== undefined && others.length === 0 && <Button onClick={open}>{t('import.openStudy')}</Button>}
      {text !== '' && <Button onClick={copy}>{isCopied ? t('app.copied') : t('import.saveList')}</Button>}
      <Button onClick={onDismiss}>{t('app.dismiss')}</Button>
    </>
  );
}

/** Why it failed, and every file that was refused, conflicts or has a remark. */
function Findings({ outcome }: { readonly outcome: ImportOutcome }) {
  const t = useText();
  const { refused, conflicts, warnings, code } = outcome;
  return (
    <>
      {code !== null && <ErrorNote error={errorText(code)} code={code} />}
      <FileList
        title={t('import.refusedTitle', { count: refused.length })}
        entries={refused.map(({ name, code: reason }) => ({ name, code: reason, reason: fileReason(reason) }))}
      />
      <FileList
        title={t('import.conflictsTitle', { count: conflicts.length })}
        entries={conflicts.map(({ name }) => ({ name, code: '', reason: '' }))}
      />
      <FileList
        title={t('import.warningsTitle', { count: warnings.length })}
        entries={warnings.map(({ name, code: remark }) => ({ name, code: remark, reason: warningText(remark) }))}
      />
    </>
  );
}

interface ImportSummaryProps {
  readonly outcome: ImportOutcome;
  /** One line at first; the person unfolds the lists. */
  readonly isFolded: boolean;
  readonly onDismiss: () => void;
}

/** What an import did: counts, and every file that was refused with its reason. */
export function ImportSummary({ outcome, isFolded, onDismiss }: ImportSummaryProps) {
  const t = useText();
  const [isShown, setShown] = useState(!isFolded);
  const { code, bytes, seconds } = outcome;
  const hasFindings = code !== null || listText(outcome) !== '';
  const took = t('import.took', {
    size: byteSize(bytes),
    time: t('import.seconds', { count: number(Math.max(0.1, Number(seconds.toFixed(1)))) }),
  });
  return (
    <>
      <div className="import-line" role="status">
        <Status kind={outcome.outcome === 'done' ? 'ok' : outcome.outcome === 'failed' ? 'danger' : 'warning'}>
          {headline(outcome, t)}
        </Status>
        {outcome.outcome === 'done' && <ImportCounts counts={outcome.counts} />}
        {outcome.outcome === 'done' && isShown && <span className="quiet">{took}</span>}
        <span className="import-space" />
        <span className="import-actions">
          {isFolded && hasFindings && (
            <Button aria-expanded={isShown} onClick={() => setShown(!isShown)}>
              {t(isShown ? 'import.hide' : 'import.show')}
            </Button>
          )}
          {isShown ? (
            <Actions outcome={outcome} onDismiss={onDismiss} />
          ) : (
            <Button onClick={onDismiss}>{t('app.dismiss')}</Button>
          )}
        </span>
      </div>
      {isShown && <Findings outcome={outcome} />}
    </>
  );
}
