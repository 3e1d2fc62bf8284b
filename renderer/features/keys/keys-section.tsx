import './keys.css';
import { useEffect, useState } from 'react';
import type { SlotList, SlotRow } from '../../../core/contract/keys.ts';
import { call } from '../../bridge/bridge.ts';
import { useJobs } from '../../state/jobs.ts';
import { takeSession } from '../../state/session.ts';
import { errorText } from '../../text/errors.ts';
import { dateAndTime } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import {
  DrillDialog,
  EscrowDialog,
  PassphraseDialog,
  RecoveryDialog,
  RemoveDialog,
  RotateDialog,
  SharesDialog,
  wayName,
} from './dialogs.tsx';
import { Retention } from './retention.tsx';
import { asUiError, refreshKeys, useKeys } from './state.ts';

type Open =
  | { readonly what: 'passphrase' | 'recovery' | 'shares' | 'escrow' | 'rotate' }
  | { readonly what: 'drill' | 'remove'; readonly slot: SlotRow };

/** After this long a way in that nobody tried may well be lost: a year. */
const STALE = 365 * 24 * 3600 * 1000;

function SlotState({ slot, keychain }: { readonly slot: SlotRow; readonly keychain: SlotList['keychain'] }) {
  const t = useText();
  if (slot.kind === 'keychain')
    return (
      <Status kind={keychain === 'ok' ? 'ok' : keychain === 'locked' ? 'sealed' : 'warning'}>
        {t(`keys.keychain.${keychain}`)}
      </Status>
    );
  // Whoever sits here typed the passphrase not long ago.
  if (slot.kind === 'passphrase') return <Status kind="ok">{t('keys.ok')}</Status>;
  if (slot.testedAt === null) return <Status kind="warning">{t('keys.untested')}</Status>;
  const isStale = Date.now() - Date.parse(slot.testedAt) > STALE;
  return <Status kind={isStale ? 'warning' : 'ok'}>{t(isStale ? 'keys.stale' : 'keys.ok')}</Status>;
}

function detailOf({ set, holder }: SlotRow, t: Text): string {
  if (set !== null) return t('keys.set', set);
  return holder === null ? '' : holder.fingerprint;
}

interface RowProps {
  readonly slot: SlotRow;
  readonly list: SlotList;
  readonly onOpen: (open: Open) => void;
  readonly onRepair: () => void;
}

function SlotLine({ slot, list, onOpen, onRepair }: RowProps) {
  const t = useText();
  const way = wayName(slot, t);
  const named = (action: string): string => `${action}: ${way}`;
  const isBroken = slot.kind === 'keychain' && (list.keychain === 'missing' || list.keychain === 'changed');
  return (
    <tr data-slot={slot.kind}>
      <th scope="row">
        {way}
        <span className="keys-detail">{detailOf(slot, t)}</span>
      </th>
      <td>{dateAndTime(slot.createdAt)}</td>
      <td>{slot.testedAt === null ? t('keys.never') : dateAndTime(slot.testedAt)}</td>
      <td>
        <SlotState slot={slot} keychain={list.keychain} />
      </td>
      <td className="keys-actions">
        <Button aria-label={named(t('keys.test'))} onClick={() => onOpen({ what: 'drill', slot })}>
          {t('keys.test')}
        </Button>
        {slot.kind === 'passphrase' && (
          <Button aria-label={named(t('keys.change'))} onClick={() => onOpen({ what: 'passphrase' })}>
            {t('keys.change')}
          </Button>
        )}
        {slot.kind === 'recovery' && (
          <Button aria-label={named(t('keys.renew'))} onClick={() => onOpen({ what: 'recovery' })}>
            {t('keys.renew')}
          </Button>
        )}
        {isBroken && <Button onClick={onRepair}>{t('keys.repair')}</Button>}
        {slot.removable && slot.kind !== 'passphrase' && (
          <Button aria-label={named(t('keys.remove'))} onClick={() => onOpen({ what: 'remove', slot })}>
            {t('keys.remove')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function SlotTable(props: Omit<RowProps, 'slot'>) {
  const t = useText();
  return (
    <table className="data-table keys-table" data-testid="slots">
      <thead>
        <tr>
          <th scope="col">{t('keys.way')}</th>
          <th scope="col">{t('keys.since')}</th>
          <th scope="col">{t('keys.tested')}</th>
          <th scope="col">{t('keys.state')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('keys.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.list.slots.map((slot) => (
          <SlotLine key={slot.slotId} slot={slot} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function OpenDialog({ open, onClose }: { readonly open: Open; readonly onClose: () => void }) {
  switch (open.what) {
    case 'drill':
      return <DrillDialog slot={open.slot} onClose={onClose} />;
    case 'remove':
      return <RemoveDialog slot={open.slot} onClose={onClose} />;
    case 'passphrase':
      return <PassphraseDialog onClose={onClose} />;
    case 'recovery':
      return <RecoveryDialog onClose={onClose} />;
    case 'shares':
      return <SharesDialog onClose={onClose} />;
    case 'escrow':
      return <EscrowDialog onClose={onClose} />;
    case 'rotate':
      return <RotateDialog onClose={onClose} />;
  }
}

/** New keys for vault and studies. */
function NewKeys({ list, onRotate }: { readonly list: SlotList; readonly onRotate: () => void }) {
  const t = useText();
  const [failure, setFailure] = useState<string | null>(null);
  const isSealing = useJobs((state) => state.running.some(({ kind }) => kind === 'keys.reseal'));
  const reseal = (): void => {
    setFailure(null);
    call('keys.reseal', {}).then(refreshKeys, (error: unknown) => setFailure(asUiError(error).code));
  };
  return (
    <Section title={t('keys.masterTitle')}>
      {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
      {list.rotatingSince !== null && (
        <Note tone="neutral">
          <p>{t('keys.rotate.running', { time: dateAndTime(list.rotatingSince) })}</p>
        </Note>
      )}
      <div className="keys-choice">
        <p>{t('keys.rotate.lead')}</p>
        <Button onClick={onRotate} disabled={list.rotatingSince !== null}>
          {t('keys.rotate.action')}
        </Button>
      </div>
      <div className="keys-choice">
        <p>
          {t('keys.reseal.lead')} {list.resealPending > 0 && t('keys.reseal.pending', { count: list.resealPending })}
        </p>
        <Button onClick={reseal} disabled={isSealing}>
          {t('keys.reseal.action')}
        </Button>
      </div>
    </Section>
  );
}

/** The place "Vault", section keys: ways in, new keys, retention and shredding. */
export function KeysSection() {
  const t = useText();
  const { list, problem } = useKeys();
  const [open, setOpen] = useState<Open | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const ended = useJobs((state) => state.finished.length);
  // Asked again whenever a job has ended: it may have changed what is shown.
  useEffect(() => {
    if (ended >= 0) void refreshKeys();
  }, [ended]);
  const repairKeychain = (): void => {
    setFailure(null);
    call('session.repairKeychain', {})
      .then(takeSession)
      .then(refreshKeys, (error: unknown) => setFailure(asUiError(error).code));
  };
  if (list === null)
    return problem === null ? (
      <p className="quiet">{t('place.opening')}</p>
    ) : (
      <ErrorNote error={errorText(problem)} code={problem} />
    );
  const hasKeychain = list.slots.some(({ kind }) => kind === 'keychain');
  return (
    <>
      <Section
        title={t('keys.waysIn')}
        lead={t('keys.waysInHint')}
        actions={
          <>
            {!hasKeychain && <Button onClick={repairKeychain}>{t('keys.addKeychain')}</Button>}
            <Button onClick={() => setOpen({ what: 'escrow' })}>{t('keys.addEscrow')}</Button>
            <Button onClick={() => setOpen({ what: 'shares' })}>{t('keys.addShares')}</Button>
          </>
        }
      >
        {failure !== null && <ErrorNote error={errorText(failure)} code={failure} />}
        <SlotTable list={list} onOpen={setOpen} onRepair={repairKeychain} />
      </Section>
      <NewKeys list={list} onRotate={() => setOpen({ what: 'rotate' })} />
      <Retention />
      {open !== null && <OpenDialog open={open} onClose={() => setOpen(null)} />}
    </>
  );
}
