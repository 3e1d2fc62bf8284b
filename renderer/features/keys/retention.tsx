import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { Holds, RetentionPlan, RetentionRule, RetentionRules } from '../../../core/contract/retention.ts';
import { call } from '../../bridge/bridge.ts';
import { useJobs } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { dicomDate, personName } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { asUiError } from './state.ts';

const MONTHS_A_YEAR = 12;
/** Rows of a dry run that are listed; the rest is counted. */
const SHOWN = 100;
const AGES = [18, 21, 25, 28, 30] as const;

/** 16 random bytes, as main names things. */
function newRuleId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface RulesProps {
  readonly rules: RetentionRules;
  readonly onChange: (rules: RetentionRules) => void;
}

function RuleTable({ rules, onChange }: RulesProps) {
  const t = useText();
  if (rules.rules.length === 0) return <p className="quiet">{t('keys.retention.none')}</p>;
  const nameOf = ({ modality }: RetentionRule): string => modality || t('keys.retention.any');
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th scope="col">{t('keys.retention.modality')}</th>
          <th scope="col">{t('keys.retention.years')}</th>
          <th scope="col">{t('keys.retention.since')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('keys.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.rules.map((rule) => (
          <tr key={rule.ruleId}>
            <td>{nameOf(rule)}</td>
            <td>{rule.months / MONTHS_A_YEAR}</td>
            <td>{t(`keys.retention.${rule.since}`)}</td>
            <td className="keys-actions">
              <Button
                aria-label={t('keys.retention.removeRule', { modality: nameOf(rule) })}
                onClick={() =>
                  onChange({ ...rules, rules: rules.rules.filter(({ ruleId }) => ruleId !== rule.ruleId) })
                }
              >
                {t('keys.remove')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RuleForm({ rules, onChange }: RulesProps) {
  const t = useText();
  const [since, setSince] = useState<RetentionRule['since']>('studyDate');
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const modality = String(fields.get('modality') ?? '')
      .trim()
      .toUpperCase();
    const years = Number(fields.get('years'));
    const months = Math.round(years * MONTHS_A_YEAR);
    if (!/^[A-Z0-9]{0,16}$/.test(modality) || !(months >= 1 && months <= 1200)) return;
    onChange({ ...rules, rules: [...rules.rules, { ruleId: newRuleId(), modality, months, since }] });
    form.reset();
  };
  return (
    <form className="keys-rule" onSubmit={add} autoComplete="off">
      <Field
        name="modality"
        label={t('keys.retention.modality')}
        placeholder={t('keys.retention.any')}
        pattern="[A-Za-z0-9]{0,16}"
        maxLength={16}
      />
      <Field
        name="years"
        label={t('keys.retention.years')}
        type="number"
        min={0.25}
        max={100}
        step={0.25}
        defaultValue="10"
        required
      />
      <Choice
        label={t('keys.retention.since')}
        value={since}
        options={[
          ['studyDate', t('keys.retention.studyDate')],
          ['importedAt', t('keys.retention.importedAt')],
        ]}
        onChoose={setSince}
      />
      <Button type="submit">{t('keys.retention.add')}</Button>
    </form>
  );
}

/** The exception that stands above all rules. */
function MinorsChoice({ rules, onChange }: RulesProps) {
  const t = useText();
  return (
    <div className="keys-rule">
      <Choice
        label={t('keys.retention.minors')}
        value={rules.minorsUntil === null ? '' : String(rules.minorsUntil)}
        options={[['', t('keys.retention.minorsOff')], ...AGES.map((age) => [String(age), String(age)] as const)]}
        onChoose={(chosen) => onChange({ ...rules, minorsUntil: chosen === '' ? null : Number(chosen) })}
      />
    </div>
  );
}

function PlanTable({ plan, onHold }: { readonly plan: RetentionPlan; readonly onHold: (studyId: string) => void }) {
  const t = useText();
  const kept = plan.kept.length;
  if (plan.due.length === 0) return <p className="quiet">{t('keys.retention.nothing', { kept })}</p>;
  const more = plan.due.length - SHOWN;
  return (
    <>
      <p>{t('keys.retention.result', { count: plan.due.length, kept })}</p>
      <table className="data-table" data-testid="due">
        <thead>
          <tr>
            <th scope="col">{t('keys.retention.name')}</th>
            <th scope="col">{t('keys.retention.modality')}</th>
            <th scope="col">{t('keys.retention.date')}</th>
            <th scope="col">{t('keys.retention.due')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('keys.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.due.slice(0, SHOWN).map((study) => (
            <tr key={study.studyId}>
              <td>{personName(study.patientName)}</td>
              <td>{study.modalities.replaceAll('\\', ' ')}</td>
              <td>{dicomDate(study.studyDate)}</td>
              <td>{study.dueSince}</td>
              <td className="keys-actions">
                <Button onClick={() => onHold(study.studyId)}>{t('keys.retention.hold')}</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="quiet">{t('keys.retention.more', { count: more })}</p>}
    </>
  );
}

/** What is kept of studies that were shredded. */
function Certificates({ holds, onLift }: { readonly holds: Holds; readonly onLift: () => void }) {
  const t = useText();
  const [count, setCount] = useState(0);
  const [saved, setSaved] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const ended = useJobs((state) => state.finished.length);
  // Asked again whenever a job has ended: it may have shredded studies.
  useEffect(() => {
    if (ended < 0) return;
    call('shred.certificates', {}).then(
      ({ certificates }) => setCount(certificates.length),
      () => undefined,
    );
  }, [ended]);
  const save = (): void => {
    setFailure(null);
    call('shred.export', {}).then(
      (answer) => setSaved(answer.saved),
      (error: unknown) => setFailure(asUiError(error).code),
    );
  };
  return (
    <>
      {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
      {holds.length > 0 && (
        <p className="keys-figure">
          {t('keys.retention.holds', { count: holds.length })}
          <Button onClick={onLift}>{t('keys.retention.lift')}</Button>
        </p>
      )}
      {count > 0 && (
        <p className="keys-figure">
          {t('keys.shred.certificates', { count })}
          <Button onClick={save}>{t('keys.shred.export')}</Button>
          {saved && <Status kind="ok">{t('keys.shred.saved')}</Status>}
        </p>
      )}
    </>
  );
}

/** Rules, dry run, run. Nothing is shredded without the dialog that names the act. */
export function Retention() {
  const t = useText();
  const [kept, setKept] = useState<{ rules: RetentionRules; holds: Holds } | null>(null);
  const [plan, setPlan] = useState<RetentionPlan | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const failed = useCallback((error: unknown): void => setFailure(asUiError(error).code), []);
  useEffect(() => void call('retention.get', {}).then(setKept, failed), [failed]);
  if (kept === null) return failure === null ? null : <ErrorNote error={errorText(failure)} code={failure} />;

  const change = (rules: RetentionRules): void => {
    setPlan(null);
    setFailure(null);
    // Shown at once, so that a second change is made to this one; what could not be kept is taken back.
    setKept({ ...kept, rules });
    call('retention.set', rules).catch((error: unknown) => {
      failed(error);
      setKept(kept);
    });
  };
  const dryRun = (): void => {
    setFailure(null);
    call('retention.plan', {}).then(setPlan, failed);
  };
  const hold = async (studyIds: readonly string[], held: boolean): Promise<void> => {
    let { holds } = kept;
    for (const studyId of studyIds) ({ holds } = await call('retention.hold', { studyId, held }));
    setKept({ ...kept, holds });
    setPlan(await call('retention.plan', {}));
  };
  const count = plan?.due.length ?? 0;
  const run = async (): Promise<null> => {
    await call('retention.run', { studyIds: (plan?.due ?? []).map(({ studyId }) => studyId) });
    setPlan(null);
    return null;
  };
  const lift = (): void =>
    void hold(
      kept.holds.map(({ studyId }) => studyId),
      false,
    ).catch(failed);
  return (
    <Section
      title={t('keys.retention')}
      lead={t('keys.retention.lead')}
      actions={
        <>
          <Button onClick={dryRun} disabled={kept.rules.rules.length === 0}>
            {t('keys.retention.dryRun')}
          </Button>
          {count > 0 && (
            <Button look="danger" onClick={() => setAsking(true)}>
              {t('keys.shred', { count })}
            </Button>
          )}
        </>
      }
    >
      {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
      <RuleTable rules={kept.rules} onChange={change} />
      <RuleForm rules={kept.rules} onChange={change} />
      <MinorsChoice rules={kept.rules} onChange={change} />
      {plan !== null && <PlanTable plan={plan} onHold={(id) => void hold([id], true).catch(failed)} />}
      <Certificates holds={kept.holds} onLift={lift} />
      {isAsking && (
        <KeyDialog
          title={t('keys.shred', { count })}
          lead={t('keys.shred.lead')}
          action={t('keys.shred', { count })}
          isDanger
          asksOwner={false}
          onClose={() => setAsking(false)}
          act={run}
        />
      )}
    </Section>
  );
}
