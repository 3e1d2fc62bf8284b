import { useState } from 'react';
import type { CareStatus } from '../../../core/contract/care.ts';
import { call } from '../../bridge/bridge.ts';
import { changeSettings, useSettings } from '../../state/settings.ts';
import { byteSize, dateAndTime, number } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { startCare } from './state.ts';

const DAYS = [1, 3, 7, 14, 30] as const;

function stateText(status: CareStatus, t: Text): string {
  const { backup, changesSince } = status;
  if (backup === null) return t('care.backup.never');
  if (changesSince === 0) return t('care.backup.current');
  return t('care.backup.changes', { count: changesSince ?? 0, formatted: number(changesSince ?? 0) });
}

/** The last backup in figures. */
function LastBackup({ status }: { readonly status: CareStatus }) {
  const t = useText();
  const { backup, drill } = status;
  return (
    <dl className="care-facts">
      <dt>{t('care.backup.last')}</dt>
      <dd>{backup === null ? t('care.none') : dateAndTime(backup.at)}</dd>
      {backup !== null && (
        <>
          <dt>{t('care.backup.folder')}</dt>
          <dd>
            {backup.place}
            {!backup.isThere && <Status kind="warning">{t('care.backup.notThere')}</Status>}
          </dd>
          <dt>{t('care.backup.holds')}</dt>
          <dd>
            {t('care.backup.size', {
              count: backup.studies,
              studies: number(backup.studies),
              size: byteSize(backup.bytes),
            })}
          </dd>
        </>
      )}
      <dt>{t('care.drill.last')}</dt>
      <dd>
        {drill === null ? (
          t('care.drill.never')
        ) : (
          <>
            {dateAndTime(drill.at)}
            <Status kind={drill.ok ? 'ok' : 'danger'}>{t(drill.ok ? 'care.drill.ok' : 'care.drill.bad')}</Status>
          </>
        )}
      </dd>
    </dl>
  );
}

/** Backup: how old, of what, to where; and what proves that it is one. */
export function BackupPart({ status, isBusy }: { readonly status: CareStatus; readonly isBusy: boolean }) {
  const t = useText();
  const { backupDays } = useSettings();
  const [check, setCheck] = useState(false);
  const { backup, backupDue } = status;
  const hasTarget = backup?.isThere === true;
  const backUp = (source: string | null): void => void startCare(() => call('care.backup', { source, check }));
  const elsewhere = async (): Promise<void> => {
    const { source } = await call('care.chooseFolder', {}).catch(() => ({ source: null }));
    if (source !== null) backUp(source);
  };
  const days = [...new Set([...DAYS, backupDays])].sort((a, b) => a - b);
  return (
    <Section
      title={t('care.backup.title')}
      lead={t('care.backup.lead')}
      actions={
        <>
          <Button
            look="filled"
            disabled={isBusy || status.studies === 0}
            onClick={() => (hasTarget ? backUp(null) : void elsewhere())}
          >
            {t(hasTarget ? 'care.backup.now' : 'care.backup.choose')}
          </Button>
          {hasTarget && (
            <Button disabled={isBusy} onClick={() => void elsewhere()}>
              {t('care.backup.elsewhere')}
            </Button>
          )}
        </>
      }
    >
      <Status kind={backupDue ? 'warning' : backup === null ? 'sealed' : 'ok'}>
        {status.studies === 0 ? t('care.backup.nothing') : stateText(status, t)}
      </Status>
      <LastBackup status={status} />
      <div className="section-actions">
        <Button
          disabled={isBusy || !hasTarget}
          onClick={() => void startCare(() => call('care.drill', { source: null }))}
        >
          {t('care.drill.start')}
        </Button>
        <Button
          disabled={isBusy || !hasTarget}
          onClick={() => void startCare(() => call('care.check', { source: null }))}
        >
          {t('care.check.start')}
        </Button>
        <label className="checkbox">
          <input type="checkbox" checked={check} onChange={(event) => setCheck(event.currentTarget.checked)} />
          {t('care.backup.check')}
        </label>
      </div>
      <p className="quiet">{t('care.drill.what')}</p>
      <div className="section-form">
        <Choice
          label={t('care.backup.remind')}
          value={String(backupDays)}
          options={days.map((count) => [String(count), t('care.days', { count })] as const)}
          onChoose={(value) => void changeSettings({ backupDays: Number(value) })}
        />
      </div>
    </Section>
  );
}
