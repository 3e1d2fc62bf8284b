import { useState } from 'react';
import type { CareStatus } from '../../../core/contract/care.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { ProblemRow } from './findings.tsx';
import { startCare, useCare } from './state.ts';

/** Damage that is named; more is counted. */
const NAMED = 12;

/** What is damaged, and what can put it right. */
export function RepairPart({ status, isBusy }: { readonly status: CareStatus; readonly isBusy: boolean }) {
  const t = useText();
  const [isRebuilding, setRebuilding] = useState(false);
  const { damaged } = status.scrub;
  const fromBackup = async (): Promise<void> => {
    if (status.backup?.isThere === true) {
      await startCare(() => call('care.repair', { from: 'backup', source: null }));
      return;
    }
    const { source } = await call('care.chooseFolder', {}).catch(() => ({ source: null }));
    if (source !== null) await startCare(() => call('care.repair', { from: 'backup', source }));
  };
  const fromFiles = async (): Promise<void> => {
    const { source } = await call('import.choose', { kind: 'folder' }).catch(() => ({ source: null }));
    if (source !== null) await startCare(() => call('care.repair', { from: 'files', source }));
  };
  const rebuild = async (): Promise<void> => {
    setRebuilding(true);
    await call('care.rebuild', {}).catch((error: unknown) => useCare.setState({ problem: codeOf(error) }));
    setRebuilding(false);
  };
  return (
    <Section title={t('care.repair.title')} lead={t('care.repair.lead')}>
      {damaged.length === 0 ? (
        <Status kind={status.verify === null ? 'sealed' : 'ok'}>{t('care.repair.none')}</Status>
      ) : (
        <Note tone="danger">
          <p>{t('care.repair.found', { count: damaged.length })}</p>
          <ul className="care-findings">
            {damaged.slice(0, NAMED).map((problem) => (
              <ProblemRow key={`${problem.studyId}-${problem.objectId}`} problem={problem} state="found" />
            ))}
          </ul>
          {damaged.length > NAMED && <p>{t('care.more', { count: damaged.length - NAMED })}</p>}
        </Note>
      )}
      <div className="section-actions">
        <Button disabled={isBusy} onClick={() => void fromBackup()}>
          {t('care.repair.backup')}
        </Button>
        <Button disabled={isBusy} onClick={() => void fromFiles()}>
          {t('care.repair.files')}
        </Button>
        <Button disabled={isBusy || isRebuilding} onClick={() => void rebuild()}>
          {t('care.repair.rebuild')}
        </Button>
      </div>
      <p className="quiet">{t('care.repair.what')}</p>
    </Section>
  );
}
