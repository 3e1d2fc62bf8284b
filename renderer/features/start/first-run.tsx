import './start.css';
import { type FormEvent, useRef, useState } from 'react';
import { UiError } from '../../bridge/bridge.ts';
import { createVault } from '../../state/recovery.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { Brand } from './brand.tsx';
import { Restore } from './restore.tsx';
import { isAccepted, type Strength, strengthOf } from './strength.ts';

type Fault = 'name' | 'weak' | 'differs' | null;

function faultOf(name: string, passphrase: string, again: string): Fault {
  if (name === '') return 'name';
  if (!isAccepted(strengthOf(passphrase))) return 'weak';
  return passphrase === again ? null : 'differs';
}

/** The start where there is no vault: a new one, or that of a backup. */
export function FirstRun() {
  const [restores, setRestores] = useState(false);
  if (restores) return <Restore onBack={() => setRestores(false)} />;
  return <NewVault onRestore={() => setRestores(true)} />;
}

/** First run, 1 of 2: name and passphrase. The passphrase fields keep their text to themselves and are emptied once sent. */
function NewVault({ onRestore }: { readonly onRestore: () => void }) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const [strength, setStrength] = useState<Strength>('empty');
  const [fault, setFault] = useState<Fault>(null);
  const [failure, setFailure] = useState<UiError | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get('name')).trim();
    const passphrase = String(fields.get('passphrase'));
    setFailure(null);
    const found = faultOf(name, passphrase, String(fields.get('again')));
    setFault(found);
    if (found !== null) return;
    setBusy(true);
    const request = { name, passphrase, useKeychain: fields.get('keychain') !== null };
    for (const field of form.current?.querySelectorAll<HTMLInputElement>('input[type=password]') ?? [])
      field.value = '';
    setStrength('empty');
    createVault(request).catch((error: unknown) => {
      setBusy(false);
      setFailure(error instanceof UiError ? error : new UiError('ipc/unexpected'));
    });
  };

  return (
    <main className="start" data-screen="first-run">
      <form className="start-card" ref={form} onSubmit={submit} autoComplete="off">
        <header className="start-head">
          <Brand />
          <h1>{t('firstRun.title')}</h1>
          <p className="quiet">{t('firstRun.lead')}</p>
        </header>
        {failure !== null && <ErrorNote error={errorText(failure.code, failure.details)} code={failure.code} />}
        <div className="start-form">
          <Field
            name="name"
            label={t('firstRun.name')}
            defaultValue={t('firstRun.nameDefault')}
            maxLength={80}
            error={fault === 'name' ? t('firstRun.nameMissing') : ''}
          />
          <div className="field">
            <Field
              name="passphrase"
              type="password"
              label={t('firstRun.passphrase')}
              autoFocus
              autoComplete="new-password"
              maxLength={1024}
              onInput={(event) => setStrength(strengthOf(event.currentTarget.value))}
              hint={t(`strength.${strength}`)}
              error={
                fault === 'weak' && !isAccepted(strength)
                  ? t(`strength.${strength === 'empty' ? 'short' : strength}`)
                  : ''
              }
            />
            <div className="strength" data-level={strength} aria-hidden="true">
              <i />
              <i />
              <i />
            </div>
          </div>
          <Field
            name="again"
            type="password"
            label={t('firstRun.again')}
            autoComplete="new-password"
            maxLength={1024}
            onInput={() => setFault((current) => (current === 'differs' ? null : current))}
            error={fault === 'differs' ? t('firstRun.differs') : ''}
          />
          <label className="checkbox">
            <input type="checkbox" name="keychain" defaultChecked />
            <span>
              {t('firstRun.keychain')}
              <br />
              <span className="quiet">{t('firstRun.keychainHint')}</span>
            </span>
          </label>
        </div>
        <div className="start-actions">
          <span className="start-links">
            <span className="quiet">{t('firstRun.step', { step: 1 })}</span>
            <Button look="link" onClick={onRestore}>
              {t('restore.open')}
            </Button>
          </span>
          <Button look="filled" type="submit" disabled={busy}>
            {busy ? t('firstRun.creating') : t('firstRun.next')}
          </Button>
        </div>
      </form>
    </main>
  );
}
