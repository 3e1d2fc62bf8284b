import { type FormEvent, useState } from 'react';
import type { AccountList } from '../../../core/contract/users.ts';
import { call, UiError } from '../../bridge/bridge.ts';
import { isTextKey, type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { Failure } from './user-form.tsx';

/** Where a rule can't be read and what was expected there; null for any other failure. */
export function misread({ code, details }: UiError, t: Text): string | null {
  if (code !== 'policy/bad-rule') return null;
  const key = `policy.expected.${details['expected']}`;
  return t('policy.at', { at: Number(details['at']) + 1, expected: isTextKey(key) ? t(key) : '' });
}

/** The rule that imported studies are put under. */
export function RuleForm({
  list,
  onList,
}: {
  readonly list: AccountList;
  readonly onList: (list: AccountList) => void;
}) {
  const t = useText();
  const [failure, setFailure] = useState<UiError | null>(null);
  const [isSaved, setSaved] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const rule = String(new FormData(event.currentTarget).get('rule') ?? '').trim();
    setFailure(null);
    setSaved(false);
    call('policy.setImport', { rule: rule === '' ? null : rule }).then(
      (next) => {
        onList(next);
        setSaved(true);
      },
      (error: unknown) => setFailure(error instanceof UiError ? error : new UiError('ipc/unexpected')),
    );
  };
  const wrong = failure && misread(failure, t);
  return (
    <Section title={t('policy.title')} lead={t('policy.lead')}>
      {failure !== null && wrong === null && <Failure failure={failure} />}
      <form className="section-form users-rule" onSubmit={submit} autoComplete="off">
        <Field
          key={list.importRule ?? ''}
          label={t('policy.rule')}
          name="rule"
          className="mono"
          maxLength={500}
          defaultValue={list.importRule ?? ''}
          hint={t('policy.ruleHint')}
          error={wrong}
        />
        <div className="field">
          <span className="field-label">&nbsp;</span>
          <Button type="submit">{t('policy.save')}</Button>
        </div>
      </form>
      {isSaved && <Status kind="ok">{t(list.importRule === null ? 'policy.savedNone' : 'policy.saved')}</Status>}
    </Section>
  );
}
