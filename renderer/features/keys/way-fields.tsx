import { useState } from 'react';
import type { SlotRow } from '../../../core/contract/keys.ts';
import { call } from '../../bridge/bridge.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Field, LongField } from '../../ui/field.tsx';
import { Status } from '../../ui/status.tsx';

type WayIn = Parameters<typeof call<'keys.drill'>>[1];

/** Lines of a text that aren't empty. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** The request that the fields of a kind make, or null while something is missing. */
export function wayFrom(kind: SlotRow['kind'], fields: FormData, source: string | null): WayIn | null {
  const text = (name: string): string => String(fields.get(name) ?? '');
  switch (kind) {
    case 'keychain':
      return { with: kind };
    case 'passphrase':
      return text('secret') === '' ? null : { with: kind, passphrase: text('secret') };
    case 'recovery':
      return text('secret') === '' ? null : { with: kind, recoveryCode: text('secret') };
    case 'shares': {
      const shares = linesOf(text('shares'));
      return shares.length === 0 ? null : { with: kind, shares };
    }
    case 'escrow':
      return source === null || text('secret') === '' ? null : { with: kind, source, passphrase: text('secret') };
  }
}

/** Chooses the administrator's secret file. The window gets a handle, never a path. */
function FileChoice({
  isChosen,
  onChosen,
}: {
  readonly isChosen: boolean;
  readonly onChosen: (source: string) => void;
}) {
  const t = useText();
  const choose = (): void => {
    call('keys.chooseFile', {}).then(
      ({ source }) => source !== null && onChosen(source),
      () => undefined,
    );
  };
  return (
    <div className="keys-file">
      <Button onClick={choose}>{t('unlock.escrowFile')}</Button>
      {isChosen && <Status kind="ok">{t('unlock.escrowChosen')}</Status>}
    </div>
  );
}

interface WayFieldsProps {
  readonly kind: SlotRow['kind'];
  readonly source: string | null;
  readonly onSource: (source: string) => void;
}

/** What a person types to open that kind of slot. */
export function WayFields({ kind, source, onSource }: WayFieldsProps) {
  const t = useText();
  const [id] = useState(() => `way-${kind}`);
  if (kind === 'keychain') return null;
  if (kind === 'shares')
    return <LongField name="shares" data-secret rows={5} label={t('unlock.shares')} hint={t('unlock.sharesHint')} />;
  const secret = (
    <Field
      key={id}
      name="secret"
      data-secret
      type={kind === 'recovery' ? 'text' : 'password'}
      className={kind === 'recovery' ? 'mono' : ''}
      label={t(kind === 'escrow' ? 'unlock.escrow' : `unlock.${kind}`)}
      hint={kind === 'recovery' ? t('unlock.recoveryHint') : kind === 'escrow' ? t('unlock.escrowHint') : ''}
      maxLength={1024}
      autoComplete="off"
    />
  );
  if (kind !== 'escrow') return secret;
  return (
    <>
      <FileChoice isChosen={source !== null} onChosen={onSource} />
      {secret}
    </>
  );
}
