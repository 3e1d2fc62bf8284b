import './start.css';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { SessionState } from '../../../core/contract/session.ts';
import { call, UiError } from '../../bridge/bridge.ts';
import { takeSession, useSession } from '../../state/session.ts';
import { errorText } from '../../text/errors.ts';
import { timeOfDay } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { Brand } from './brand.tsx';
import { useCountdown } from './countdown.ts';
import { OtherWays } from './other-ways.tsx';

type Way = 'passphrase' | 'recovery';

function KeychainNote({ session }: { readonly session: SessionState }) {
  const t = useText();
  const { keychain } = session;
  if (keychain === 'ok' || keychain === 'not-used') return null;
  return (
    <Note tone={keychain === 'changed' || keychain === 'plaintext' ? 'warning' : 'neutral'}>
      <h3>{t(`keychain.${keychain}`)}</h3>
      <p>{t(`keychain.${keychain}Hint`)}</p>
    </Note>
  );
}

/** A damaged header tells no name. */
function vaultTitle(name: string | null, t: Text): string {
  return name === null ? t('unlock.nameless') : t('unlock.title', { name });
}

function Heading({ session }: { readonly session: SessionState }) {
  const t = useText();
  const { lockedAt, vaultName, jobs } = session;
  return (
    <header className="start-head">
      <Brand />
      <h1>{lockedAt === null ? vaultTitle(vaultName, t) : t('locked.title')}</h1>
      {lockedAt !== null && (
        <p className="quiet">
          <time dateTime={lockedAt}>{t('locked.since', { time: timeOfDay(lockedAt) })}</time>
          {jobs > 0 && <span data-testid="paused-jobs">{` · ${t('locked.jobs', { count: jobs })}`}</span>}
        </p>
      )}
    </header>
  );
}

/** What a person can mistype: said without the code and the copying that a fault of the vault gets. */
const MISTYPED: readonly string[] = [
  'keys/wrong-passphrase',
  'keys/wrong-recovery-code',
  'keys/recovery-code-mistyped',
  'keys/share-mistyped',
  'keys/too-few-shares',
  'keys/mixed-shares',
  'keys/unknown-shares',
  'keys/retired-shares',
  'keys/wrong-shares',
  'keys/not-an-escrow-key',
  'keys/wrong-escrow-key',
  'keys/wrong-escrow-passphrase',
];

function FailureNote({ failure }: { readonly failure: UiError | null }) {
  // The countdown says it already.
  if (failure === null || failure.code === 'keys/too-soon') return null;
  const error = errorText(failure.code, failure.details);
  if (!MISTYPED.includes(failure.code)) return <ErrorNote error={error} code={failure.code} />;
  return (
    <Note tone="danger" alert>
      <h3>{error.what}</h3>
      <p>
        {error.kept} {error.next}
      </p>
    </Note>
  );
}

interface Try {
  readonly busy: boolean;
  readonly failure: UiError | null;
  readonly attempt: (request: Parameters<typeof call<'session.unlock'>>[1]) => void;
  readonly forget: () => void;
}

/** Stands for the vault's own passphrase among the accounts; no account can be named so. */
const OWNER = '';

/** Who was chosen last, for as long as the window is there. A display name is all that the screen says of anybody. */
let last: string | null = null;

function lastUser({ accounts }: SessionState): string {
  const known = accounts.some(({ user }) => user === last) || last === OWNER;
  return known ? (last ?? OWNER) : (accounts[0]?.user ?? OWNER);
}

/** What an account's own count of failed tries says; the vault's is another. One object for one failure. */
const waits = new WeakMap<UiError, { retryAfterMs: number }>();
const NO_WAIT = { retryAfterMs: 0 };

function accountWait(failure: UiError | null): { retryAfterMs: number } {
  if (failure?.code !== 'keys/too-soon') return NO_WAIT;
  const known = waits.get(failure) ?? { retryAfterMs: Number(failure.details['retryAfterMs'] ?? 0) };
  waits.set(failure, known);
  return known;
}

/** Sends one try to main and keeps what came of it. */
function useTry(): Try {
  const start = useSession((state) => state.keychainTry);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<UiError | null>(null);
  useEffect(() => {
    if (typeof start === 'object') setFailure(new UiError(start.code));
  }, [start]);
  const attempt = (request: Parameters<typeof call<'session.unlock'>>[1]): void => {
    setBusy(true);
    setFailure(null);
    call('session.unlock', request)
      .then(takeSession)
      .catch(async (error: unknown) => {
        setFailure(error instanceof UiError ? error : new UiError('ipc/unexpected'));
        // The wait that this try has cost, and what became of the keychain.
        await call('session.state', {}).then(takeSession, () => undefined);
      })
      .finally(() => setBusy(false));
  };
  const forget = (): void => setFailure(null);
  return { busy, failure, attempt, forget };
}

interface SecretFormProps {
  readonly session: SessionState;
  readonly tried: Try;
  readonly onOther: () => void;
}

/** The field, its countdown and the ways in. The field keeps its text to itself and is emptied once it is sent. */
function SecretForm({ session, tried, onOther }: SecretFormProps) {
  const t = useText();
  const [way, setWay] = useState<Way>('passphrase');
  const { busy, attempt, forget } = tried;
  const field = useRef<HTMLInputElement>(null);
  const { lockedAt, keychain, accounts } = session;
  const [user, setUser] = useState(() => lastUser(session));
  const isAccount = way === 'passphrase' && user !== OWNER;
  const wait = useCountdown(isAccount ? accountWait(tried.failure) : session);

  // The way whose field takes what is typed now.
  const open = busy || wait > 0 ? null : way;
  useEffect(() => {
    if (open !== null) field.current?.focus();
  }, [open]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const input = field.current;
    if (input === null || input.value === '' || busy || wait > 0) return;
    const secret = input.value;
    input.value = '';
    if (isAccount) attempt({ with: 'account', user, passphrase: secret });
    else if (way === 'passphrase') attempt({ with: 'passphrase', passphrase: secret });
    else attempt({ with: 'recovery', recoveryCode: secret });
  };
  const change = (): void => {
    forget();
    setWay(way === 'passphrase' ? 'recovery' : 'passphrase');
  };

  return (
    <form className="start-form" onSubmit={submit} autoComplete="off">
      {accounts.length > 0 && way === 'passphrase' && (
        <Choice
          label={t('unlock.account')}
          value={user}
          options={[
            ...accounts.map((account) => [account.user, account.displayName] as const),
            [OWNER, t('unlock.owner')] as const,
          ]}
          onChoose={(chosen) => {
            forget();
            last = chosen;
            setUser(chosen);
          }}
        />
      )}
      <Field
        key={way}
        ref={field}
        name="secret"
        type={way === 'passphrase' ? 'password' : 'text'}
        className={way === 'recovery' ? 'mono' : ''}
        label={t(`unlock.${way}`)}
        hint={wait > 0 ? t('unlock.wait', { count: wait }) : way === 'recovery' ? t('unlock.recoveryHint') : ''}
        maxLength={way === 'passphrase' ? 1024 : 256}
        autoComplete="off"
      />
      <div className="start-actions">
        <span className="start-links">
          <Button look="link" onClick={change}>
            {t(way === 'passphrase' ? 'unlock.useRecovery' : 'unlock.usePassphrase')}
          </Button>
          {lockedAt === null && keychain === 'ok' && accounts.length === 0 && (
            <Button look="link" onClick={() => attempt({ with: 'keychain' })} disabled={busy}>
              {t('unlock.useKeychain')}
            </Button>
          )}
          <Button look="link" onClick={onOther}>
            {t('unlock.otherWays')}
          </Button>
        </span>
        <Button look="filled" type="submit" disabled={busy || wait > 0}>
          {busy ? t('unlock.opening') : t('unlock.action')}
        </Button>
      </div>
    </form>
  );
}

/** Passphrase or recovery code; one step away the ways for bad days. What came of a try stays when the way changes. */
function WaysIn({ session }: { readonly session: SessionState }) {
  const tried = useTry();
  const [isOther, setOther] = useState(false);
  const { failure, busy, attempt, forget } = tried;
  const go = (other: boolean): void => {
    forget();
    setOther(other);
  };
  return (
    <div className="start-form">
      <FailureNote failure={failure} />
      {failure?.code.startsWith('keychain/') !== true && <KeychainNote session={session} />}
      {isOther ? (
        <OtherWays busy={busy} attempt={attempt} onBack={() => go(false)} />
      ) : (
        <SecretForm session={session} tried={tried} onOther={() => go(true)} />
      )}
    </div>
  );
}

/** Unlock at start, and the locked screen: the same form. Nothing on it names a patient or counts studies. */
export function Unlock({ session }: { readonly session: SessionState }) {
  const { lockedAt, problem } = session;
  return (
    <main className="start" data-screen={lockedAt === null ? 'unlock' : 'locked'}>
      <div className="start-card">
        <Heading session={session} />
        {problem === null ? <WaysIn session={session} /> : <ErrorNote error={errorText(problem)} code={problem} />}
      </div>
    </main>
  );
}
