import { useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { UserDialog } from './user-form.tsx';

/** The passphrase of who is signed in. */
export function OwnPassphrase() {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const [isDone, setDone] = useState(false);
  const act = async (fields: FormData): Promise<void> => {
    const current = String(fields.get('current') ?? '');
    await call('users.changeOwnPassphrase', { current, passphrase: String(fields.get('passphrase') ?? '') });
    setDone(true);
  };
  return (
    <Section
      title={t('users.own')}
      lead={t('users.ownLead')}
      actions={<Button onClick={() => setOpen(true)}>{t('users.ownAction')}</Button>}
    >
      {isDone && <Status kind="ok">{t('users.ownDone')}</Status>}
      {isOpen && (
        <UserDialog title={t('users.own')} action={t('users.ownAction')} onClose={() => setOpen(false)} act={act}>
          <Field label={t('users.current')} name="current" type="password" required autoComplete="off" />
          <Field
            label={t('users.newPassphrase')}
            name="passphrase"
            type="password"
            required
            maxLength={1024}
            autoComplete="off"
          />
        </UserDialog>
      )}
    </Section>
  );
}
