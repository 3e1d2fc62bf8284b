import { type FormEvent, useEffect, useRef, useState } from 'react';
import { call } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Field, LongField } from '../../ui/field.tsx';
import { Status } from '../../ui/status.tsx';

type Request = Parameters<typeof call<'session.unlock'>>[1];
type Other = 'shares' | 'escrow';

interface OtherWaysProps {
  readonly busy: boolean;
  readonly attempt: (request: Request) => void;
  readonly onBack: () => void;
}

/** The ways in that are for bad days: key shares of several people, an administrator's escrow key. */
export function OtherWays({ busy, attempt, onBack }: OtherWaysProps) {
  const t = useText();
  const form = useRef<HTMLFormElement>(null);
  const [way, setWay] = useState<Other>('shares');
  const [source, setSource] = useState<string | null>(null);
  // What had the focus before is gone with its form.
  useEffect(() => form.current?.querySelector('textarea')?.focus(), []);
  const choose = (): void => {
    call('keys.chooseFile', {}).then(
      (answer) => answer.source !== null && setSource(answer.source),
      () => undefined,
    );
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = String(fields.get(way) ?? '');
    if (busy || text.trim() === '' || (way === 'escrow' && source === null)) return;
    for (const field of form.current?.querySelectorAll<HTMLInputElement>('[data-secret]') ?? []) field.value = '';
    if (way === 'shares') attempt({ with: way, shares: text.split(/\r?\n/).filter((line) => line.trim() !== '') });
    else if (source !== null) attempt({ with: way, source, passphrase: text });
    // The handle of a file is spent by being used.
    setSource(null);
  };
  return (
    <form className="start-form" ref={form} onSubmit={submit} autoComplete="off">
      <Choice
        label={t('unlock.otherWays')}
        value={way}
        options={[
          ['shares', t('unlock.wayShares')],
          ['escrow', t('unlock.wayEscrow')],
        ]}
        onChoose={setWay}
      />
      {way === 'shares' ? (
        <LongField name="shares" data-secret rows={5} label={t('unlock.shares')} hint={t('unlock.sharesHint')} />
      ) : (
        <>
          <div className="start-links">
            <Button onClick={choose}>{t('unlock.escrowFile')}</Button>
            {source !== null && <Status kind="ok">{t('unlock.escrowChosen')}</Status>}
          </div>
          <Field
            name="escrow"
            type="password"
            data-secret
            label={t('unlock.escrow')}
            hint={t('unlock.escrowHint')}
            maxLength={1024}
            autoComplete="off"
          />
        </>
      )}
      <div className="start-actions">
        <span className="start-links">
          <Button look="link" onClick={onBack}>
            {t('unlock.usePassphrase')}
          </Button>
        </span>
        <Button look="filled" type="submit" disabled={busy || (way === 'escrow' && source === null)}>
          {busy ? t('unlock.opening') : t('unlock.action')}
        </Button>
      </div>
    </form>
  );
}
