import type { CareStatus } from '../../../core/contract/care.ts';
import { call } from '../../bridge/bridge.ts';
import { changeSettings, useSettings } from '../../state/settings.ts';
import { dateAndTime, number } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { startCare } from './state.ts';

const DAYS = [7, 14, 30, 90, 180] as const;

function scrubText({ since, done, total, lastPass }: CareStatus['scrub'], isOn: boolean, t: Text): string {
  if (since !== null) return t('care.scrub.underWay', { done: number(done), total: number(total) });
  if (lastPass !== null) return t('care.scrub.last', { at: dateAndTime(lastPass) });
  return t(isOn && total > 0 ? 'care.scrub.soon' : 'care.scrub.never');
}

/** Whether what is sealed still opens: asked for, and by itself while nobody works. */
export function CheckPart({ status, isBusy }: { readonly status: CareStatus; readonly isBusy: boolean }) {
  const t = useText();
  const { scrub: isOn, scrubDays } = useSettings();
  const { verify, scrub } = status;
  const start = (full: boolean): void => void startCare(() => call('care.verify', { full }));
  const days = [...new Set([...DAYS, scrubDays])].sort((a, b) => a - b);
  return (
    <Section
      title={t('care.verify.title')}
      lead={t('care.verify.lead')}
      actions={
        <>
          <Button disabled={isBusy} onClick={() => start(false)}>
            {t('care.verify.fast')}
          </Button>
          <Button disabled={isBusy} onClick={() => start(true)}>
            {t('care.verify.full')}
          </Button>
        </>
      }
    >
      <dl className="care-facts">
        <dt>{t('care.verify.last')}</dt>
        <dd>
          {verify === null ? (
            t('care.none')
          ) : (
            <>
              {`${dateAndTime(verify.at)}, ${t(verify.full ? 'care.verify.wasFull' : 'care.verify.wasFast')}`}
              <Status kind={verify.problems === 0 ? 'ok' : 'danger'}>
                {verify.problems === 0
                  ? t('care.verify.whole', { count: verify.objects, formatted: number(verify.objects) })
                  : t('care.verify.problems', { count: verify.problems, formatted: number(verify.problems) })}
              </Status>
            </>
          )}
        </dd>
        <dt>{t('care.scrub.title')}</dt>
        <dd>
          {scrubText(scrub, isOn, t)}
          {scrub.damaged.length > 0 && (
            <Status kind="danger">{t('care.scrub.damaged', { count: scrub.damaged.length })}</Status>
          )}
        </dd>
      </dl>
      <div className="section-actions">
        <label className="checkbox">
          <input
            type="checkbox"
            checked={isOn}
            onChange={(event) => void changeSettings({ scrub: event.currentTarget.checked })}
          />
          {t('care.scrub.on')}
        </label>
        <Choice
          label={t('care.scrub.every')}
          hideLabel
          value={String(scrubDays)}
          options={days.map((count) => [String(count), t('care.everyDays', { count })] as const)}
          onChoose={(value) => void changeSettings({ scrubDays: Number(value) })}
        />
        <Button disabled={isBusy} onClick={() => void startCare(() => call('care.scrub', {}))}>
          {t('care.scrub.start')}
        </Button>
      </div>
    </Section>
  );
}
