import './users.css';
import { useEffect, useState } from 'react';
import type { AccountList, AccountRow } from '../../../core/contract/users.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { useJobs } from '../../state/jobs.ts';
import { useHasRole } from '../../state/roles.ts';
import { useSession } from '../../state/session.ts';
import { errorText } from '../../text/errors.ts';
import { dateAndTime } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { AddDialog, ChangeDialog, RemoveDialog, ResetDialog } from './account-dialogs.tsx';
import { GlassLog } from './glass-log.tsx';
import { OwnPassphrase } from './own-passphrase.tsx';
import { RuleForm } from './rule-form.tsx';

type Open = { readonly what: 'add' } | { readonly what: 'change' | 'reset' | 'remove'; readonly account: AccountRow };

interface LineProps {
  readonly account: AccountRow;
  readonly isSelf: boolean;
  readonly onOpen: (open: Open) => void;
}

function AccountLine({ account, isSelf, onOpen }: LineProps) {
  const t = useText();
  const { user, displayName, roles, attributes, createdAt } = account;
  const named = (action: string): string => `${action}: ${displayName}`;
  return (
    <tr data-user={user}>
      <th scope="row">
        {displayName}
        <span className="users-hint mono">{user}</span>
      </th>
      <td>{roles.map((role) => t(`users.role.${role}`)).join(', ')}</td>
      <td className="mono">{attributes.join(' ')}</td>
      <td className="users-when">{dateAndTime(createdAt)}</td>
      <td className="users-actions">
        <Button aria-label={named(t('users.change'))} onClick={() => onOpen({ what: 'change', account })}>
          {t('users.change')}
        </Button>
        {!isSelf && (
          <>
            <Button aria-label={named(t('users.reset'))} onClick={() => onOpen({ what: 'reset', account })}>
              {t('users.reset')}
            </Button>
            <Button aria-label={named(t('users.remove'))} onClick={() => onOpen({ what: 'remove', account })}>
              {t('users.remove')}
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}

function AccountTable({ list, onOpen }: { readonly list: AccountList; readonly onOpen: (open: Open) => void }) {
  const t = useText();
  const self = useSession((state) => state.session?.user?.user ?? null);
  if (list.accounts.length === 0) return <p className="quiet">{t('users.none')}</p>;
  return (
    <table className="data-table users-table" data-testid="accounts">
      <thead>
        <tr>
          <th scope="col">{t('users.name')}</th>
          <th scope="col">{t('users.roles')}</th>
          <th scope="col">{t('users.attributes')}</th>
          <th scope="col">{t('users.since')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('users.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.accounts.map((account) => (
          <AccountLine key={account.user} account={account} isSelf={account.user === self} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

interface OpenProps {
  readonly open: Open;
  readonly onClose: () => void;
  readonly onList: (list: AccountList) => void;
}

function OpenDialog({ open, ...rest }: OpenProps) {
  switch (open.what) {
    case 'add':
      return <AddDialog {...rest} />;
    case 'change':
      return <ChangeDialog account={open.account} {...rest} />;
    case 'reset':
      return <ResetDialog account={open.account} {...rest} />;
    case 'remove':
      return <RemoveDialog account={open.account} {...rest} />;
  }
}

/** Whether all studies are wrapped to the keys of today, and what to do when not. */
function Epochs({ list }: { readonly list: AccountList }) {
  const t = useText();
  const isRunning = useJobs((state) => state.running.some(({ kind }) => kind === 'users.rewrap'));
  if (list.epoch === 0) return null;
  if (list.oldestEpoch === list.epoch) return <p className="quiet">{t('users.epochs', { epoch: list.epoch })}</p>;
  const rewrap = (): void => void call('users.rewrap', {}).catch(() => undefined);
  return (
    <Note
      tone="neutral"
      actions={
        <Button onClick={rewrap} disabled={isRunning}>
          {t('users.rewrap')}
        </Button>
      }
    >
      <p>{t('users.behind')}</p>
    </Note>
  );
}

function Accounts() {
  const t = useText();
  const [list, setList] = useState<AccountList | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const ended = useJobs((state) => state.finished.length);
  // Asked again whenever a job has ended: studies may be wrapped anew by now.
  useEffect(() => {
    if (ended < 0) return;
    call('users.list', {}).then(setList, (error: unknown) => setProblem(codeOf(error)));
  }, [ended]);
  if (problem !== null) return <ErrorNote error={errorText(problem)} code={problem} />;
  if (list === null) return <p className="quiet">{t('place.opening')}</p>;
  return (
    <>
      <Section
        title={t('users.title')}
        lead={t('users.lead')}
        actions={
          <Button look="filled" onClick={() => setOpen({ what: 'add' })}>
            {t('users.add')}
          </Button>
        }
      >
        <AccountTable list={list} onOpen={setOpen} />
        <Epochs list={list} />
      </Section>
      {list.epoch > 0 && <RuleForm list={list} onList={setList} />}
      {open !== null && <OpenDialog open={open} onClose={() => setOpen(null)} onList={setList} />}
    </>
  );
}

/** The place "Vault", section users: accounts and rules for administrators, the break-glass log for auditors, and one's own passphrase. */
export function UsersSection() {
  const mayAdminister = useHasRole('administrator');
  const mayAudit = useHasRole('administrator', 'auditor');
  const isAccount = useSession((state) => (state.session?.user ?? null) !== null);
  return (
    <>
      {mayAdminister && <Accounts />}
      {mayAudit && <GlassLog />}
      {isAccount && <OwnPassphrase />}
    </>
  );
}
