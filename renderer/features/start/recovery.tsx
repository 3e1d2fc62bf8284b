import './start.css';
import { type FormEvent, useEffect, useState } from 'react';
import { codeOf } from '../../bridge/bridge.ts';
import { confirmRecovery, renewRecovery, useRecovery } from '../../state/recovery.ts';
import { useSession } from '../../state/session.ts';
import { errorText } from '../../text/errors.ts';
import { dicomDate, dicomDay } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { Brand } from './brand.tsx';

function CodeSheet({ code }: { readonly code: readonly string[] }) {
  const numbered = code.map((group, index) => ({ group, place: index + 1 }));
  return (
    <div className="code-sheet">
      {numbered.map(({ group, place }) => (
        <div className="code-group" key={place}>
          <span>{place}</span>
          <span className="mono">{group}</span>
        </div>
      ))}
    </div>
  );
}

/** What the printer gets: the code and what it is for. Nothing else of the page is printed (base.css). */
function PrintSheet({ code, vaultName }: { readonly code: readonly string[]; readonly vaultName: string }) {
  const t = useText();
  return (
    <div className="print-only" aria-hidden="true">
      <h1>{t('recovery.sheetTitle')}</h1>
      <p>{t('recovery.sheetVault', { name: vaultName })}</p>
      <p>{t('recovery.sheetDate', { date: dicomDate(dicomDay(new Date())) })}</p>
      <CodeSheet code={code} />
      <p>{t('recovery.sheetHint')}</p>
    </div>
  );
}

function ConfirmForm({ code }: { readonly code: readonly string[] }) {
  const t = useText();
  const [group] = useState(() => (crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) % code.length);
  const [isWrong, setWrong] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('group')).trim().toUpperCase();
    setFailure(null);
    confirmRecovery(group, typed.slice(0, 16)).then(
      (confirmed) => setWrong(!confirmed),
      (error: unknown) => setFailure(codeOf(error)),
    );
  };

  return (
    <form className="start-form" onSubmit={submit} autoComplete="off">
      {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
      <Field
        name="group"
        className="code-input"
        label={t('recovery.type', { group: group + 1 })}
        maxLength={16}
        autoFocus
        data-group={group}
        data-testid="recovery-group"
        onInput={() => setWrong(false)}
        error={isWrong ? t('recovery.differs', { group: group + 1 }) : ''}
      />
      <div className="start-actions">
        <span className="quiet">{t('firstRun.step', { step: 2 })}</span>
        <span className="start-links">
          <Button onClick={() => window.print()}>{t('recovery.print')}</Button>
          <Button look="filled" type="submit">
            {t('recovery.kept')}
          </Button>
        </span>
      </div>
    </form>
  );
}

/** First run, 2 of 2: the recovery code, once, and a group of it typed back. There is no way past it. */
export function Recovery() {
  const t = useText();
  const { code, renewed } = useRecovery();
  const vaultName = useSession((state) => state.session?.vaultName ?? '');
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    renewRecovery().catch((error: unknown) => setFailure(codeOf(error)));
  }, []);
  return (
    <main className="start" data-screen="recovery">
      <div className="start-card start-card-wide">
        <header className="start-head">
          <Brand />
          <h1>{t('recovery.title')}</h1>
          <p className="quiet">{t('recovery.lead')}</p>
        </header>
        {renewed && <Note tone="neutral">{t('recovery.again')}</Note>}
        {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
        {code === null ? (
          <p className="quiet">{t('recovery.making')}</p>
        ) : (
          <>
            <section aria-label={t('recovery.code')} data-testid="recovery-code">
              <CodeSheet code={code} />
            </section>
            <ConfirmForm code={code} />
          </>
        )}
      </div>
      {code !== null && <PrintSheet code={code} vaultName={vaultName} />}
    </main>
  );
}
