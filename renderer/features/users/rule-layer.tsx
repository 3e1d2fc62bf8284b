import './users.css';
import { useEffect, useState } from 'react';
import type { StudyAccessFacts } from '../../../core/contract/users.ts';
import { call, UiError } from '../../bridge/bridge.ts';
import { closeLayer } from '../../state/layers.ts';
import { useHasRole } from '../../state/roles.ts';
import { useRule } from '../../state/rules.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { misread } from './rule-form.tsx';
import { Failure, UserDialog } from './user-form.tsx';

/** Who opens one study: the rule that it is under, and for administrators another in its place. */
export function RuleLayer() {
  const t = useText();
  const study = useRule((state) => state.study);
  const mayChange = useHasRole('administrator');
  const [facts, setFacts] = useState<StudyAccessFacts | null>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const studyId = study?.studyId ?? '';
  useEffect(() => {
    call('policy.of', { studyId }).then(setFacts, (error: unknown) =>
      setFailure(error instanceof UiError ? error : new UiError('ipc/unexpected')),
    );
  }, [studyId]);
  if (facts === null || !mayChange) {
    const shown = facts === null ? t('place.opening') : (facts.rule ?? t('policy.studyNone'));
    return (
      <Dialog
        title={t('policy.study')}
        onClose={closeLayer}
        foot={<Button onClick={closeLayer}>{t('app.close')}</Button>}
      >
        {failure === null ? (
          <p className={facts?.rule == null ? '' : 'mono'}>{shown}</p>
        ) : (
          <Failure failure={failure} />
        )}
      </Dialog>
    );
  }
  const act = async (fields: FormData): Promise<void> => {
    const rule = String(fields.get('rule') ?? '').trim();
    setWrong(null);
    try {
      await call('policy.set', { studyIds: [studyId], rule: rule === '' ? null : rule });
    } catch (error) {
      setWrong(error instanceof UiError ? misread(error, t) : null);
      throw error;
    }
  };
  return (
    <UserDialog title={t('policy.study')} action={t('policy.save')} onClose={closeLayer} act={act}>
      <p>{study?.title}</p>
      <Field
        label={t('policy.rule')}
        name="rule"
        className="mono"
        maxLength={500}
        defaultValue={facts.rule ?? ''}
        hint={t('policy.ruleHint')}
        error={wrong}
      />
    </UserDialog>
  );
}
