import { useState } from 'react';
import type { SlotRow } from '../../../core/contract/keys.ts';
import { call, UiError } from '../../bridge/bridge.ts';
import { takeNewCode } from '../../state/recovery.ts';
import { currentLanguage, type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { KeyDialog, OwnerField } from './key-dialog.tsx';
import { asUiError, useKeys } from './state.ts';
import { WayFields, wayFrom } from './way-fields.tsx';

/** How a way in is called on the screen. */
export function wayName(slot: SlotRow, t: Text): string {
  return slot.holder === null ? t(`keys.kind.${slot.kind}`) : `${t('keys.kind.escrow')} (${slot.holder.label})`;
}

interface DialogProps {
  readonly onClose: () => void;
}

export function DrillDialog({ slot, onClose }: DialogProps & { readonly slot: SlotRow }) {
  const t = useText();
  const [source, setSource] = useState<string | null>(null);
  const act = async (fields: FormData): Promise<string | null> => {
    const way = wayFrom(slot.kind, fields, source);
    if (way === null) throw new UiError(slot.kind === 'escrow' ? 'keys/not-an-escrow-key' : 'keys/empty-passphrase');
    // The handle is spent by being used.
    setSource(null);
    await call('keys.drill', way);
    return t('keys.drill.passed');
  };
  return (
    <KeyDialog
      title={t('keys.drill.title', { way: wayName(slot, t) })}
      lead={t('keys.drill.lead')}
      action={t('keys.drill.action')}
      asksOwner={false}
      onClose={onClose}
      act={act}
    >
      <WayFields kind={slot.kind} source={source} onSource={setSource} />
    </KeyDialog>
  );
}

export function PassphraseDialog({ onClose }: DialogProps) {
  const t = useText();
  const [differs, setDiffers] = useState(false);
  const act = async (fields: FormData, passphrase: string | null): Promise<string | null> => {
    const newPassphrase = String(fields.get('new') ?? '');
    const isSame = newPassphrase === String(fields.get('again') ?? '');
    setDiffers(!isSame);
    if (newPassphrase === '' || !isSame) throw new UiError('keys/empty-passphrase');
    await call('keys.changePassphrase', { passphrase, newPassphrase });
    return null;
  };
  return (
    <KeyDialog title={t('keys.passphrase.title')} action={t('keys.passphrase.action')} onClose={onClose} act={act}>
      <Field
        name="new"
        type="password"
        data-secret
        label={t('keys.passphrase.new')}
        hint={t('strength.empty')}
        maxLength={1024}
        autoComplete="new-password"
      />
      <Field
        name="again"
        type="password"
        data-secret
        label={t('keys.passphrase.again')}
        error={differs ? t('firstRun.differs') : ''}
        maxLength={1024}
        autoComplete="new-password"
      />
    </KeyDialog>
  );
}

export function RecoveryDialog({ onClose }: DialogProps) {
  const t = useText();
  const act = async (_fields: FormData, passphrase: string | null): Promise<null> => {
    await takeNewCode(async () => (await call('keys.renewRecovery', { passphrase })).recoveryCode);
    return null;
  };
  return (
    <KeyDialog
      title={t('keys.recovery.title')}
      lead={t('keys.recovery.lead')}
      action={t('keys.recovery.action')}
      onClose={onClose}
      act={act}
    />
  );
}

const COUNTS = Array.from({ length: 15 }, (_, at) => at + 2);

export function SharesDialog({ onClose }: DialogProps) {
  const t = useText();
  const [count, setCount] = useState(5);
  const [threshold, setThreshold] = useState(3);
  const [language, setLanguage] = useState(currentLanguage());
  const replaces = useKeys((state) => state.list?.slots.some(({ kind }) => kind === 'shares') === true);
  const options = (upTo: number) =>
    COUNTS.filter((one) => one <= upTo).map((one) => [String(one), String(one)] as const);
  const act = async (_fields: FormData, passphrase: string | null): Promise<string | null> => {
    const { saved } = await call('keys.makeShares', { passphrase, threshold, count, language });
    return saved ? t('keys.shares.saved') : null;
  };
  return (
    <KeyDialog
      title={t('keys.shares.title')}
      lead={`${t('keys.shares.lead')}${replaces ? ` ${t('keys.shares.replaces')}` : ''}`}
      action={t('keys.shares.action')}
      onClose={onClose}
      act={act}
    >
      <div className="keys-row">
        <Choice
          label={t('keys.shares.count')}
          value={String(count)}
          options={options(16)}
          onChoose={(chosen) => {
            setCount(Number(chosen));
            setThreshold(Math.min(threshold, Number(chosen)));
          }}
        />
        <Choice
          label={t('keys.shares.threshold')}
          value={String(threshold)}
          options={options(count)}
          onChoose={(chosen) => setThreshold(Number(chosen))}
        />
        <Choice
          label={t('keys.shares.language')}
          value={language}
          options={[
            ['en', 'English'],
            ['de', 'Deutsch'],
          ]}
          onChoose={setLanguage}
        />
      </div>
    </KeyDialog>
  );
}

type Chosen = { readonly source: string; readonly label: string; readonly fingerprint: string };

export function EscrowDialog({ onClose }: DialogProps) {
  const t = useText();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const choose = (): void => {
    setFailure(null);
    call('keys.chooseEscrow', {}).then(
      (answer) => answer.chosen !== null && setChosen(answer.chosen),
      (error: unknown) => setFailure(asUiError(error).code),
    );
  };
  const act = async (_fields: FormData, passphrase: string | null): Promise<null> => {
    if (failure !== null || chosen === null) throw new UiError(failure ?? 'keys/not-an-escrow-key');
    // The handle is spent by being used.
    setChosen(null);
    await call('keys.addEscrow', { passphrase, source: chosen.source });
    return null;
  };
  return (
    <KeyDialog
      title={t('keys.escrow.title')}
      lead={t('keys.escrow.lead')}
      action={t('keys.escrow.action')}
      isReady={chosen !== null || failure !== null}
      onClose={onClose}
      act={act}
    >
      <div className="keys-file">
        <Button onClick={choose}>{t('keys.escrow.choose')}</Button>
      </div>
      {chosen !== null && (
        <dl className="keys-facts">
          <dt>{t('keys.escrow.label')}</dt>
          <dd>{chosen.label}</dd>
          <dt>{t('keys.escrow.fingerprint')}</dt>
          <dd className="mono">{chosen.fingerprint}</dd>
        </dl>
      )}
    </KeyDialog>
  );
}

export function RemoveDialog({ slot, onClose }: DialogProps & { readonly slot: SlotRow }) {
  const t = useText();
  const way = wayName(slot, t);
  const act = async (_fields: FormData, passphrase: string | null): Promise<null> => {
    await call('keys.remove', { passphrase, slotId: slot.slotId });
    return null;
  };
  return (
    <KeyDialog
      title={t('keys.remove.title')}
      lead={t('keys.remove.lead', { way })}
      action={t('keys.remove.action', { way })}
      isDanger
      onClose={onClose}
      act={act}
    />
  );
}

export function RotateDialog({ onClose }: DialogProps) {
  const t = useText();
  const act = async (fields: FormData): Promise<string | null> => {
    const passphrase = String(fields.get('secret') ?? '');
    if (passphrase === '') throw new UiError('keys/empty-passphrase');
    let dead: readonly string[] = [];
    await takeNewCode(async () => {
      const { recoveryCode, retiredSets } = await call('keys.rotate', { passphrase });
      dead = retiredSets;
      return recoveryCode;
    });
    return dead.length === 0 ? null : t('keys.rotate.shares', { sets: dead.join(', ') });
  };
  return (
    <KeyDialog
      title={t('keys.rotate.title')}
      lead={t('keys.rotate.lead')}
      action={t('keys.rotate.action')}
      asksOwner={false}
      onClose={onClose}
      act={act}
    >
      <OwnerField name="secret" />
    </KeyDialog>
  );
}
