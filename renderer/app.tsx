import { lazy, Suspense, useEffect, useLayoutEffect } from 'react';
import { listen } from './bridge/bridge.ts';
import { listenToKeys } from './commands/keys.ts';
import { runCommand } from './commands/registry.ts';
import { isCommandId } from './commands/table.ts';
import { useCommands } from './commands/use-commands.ts';
import { Unlock } from './features/start/unlock.tsx';
import { lock, useSession } from './state/session.ts';
import { currentChords, useSettings } from './state/settings.ts';
import { errorText } from './text/errors.ts';
import { useText } from './text/text.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { ErrorNote } from './ui/note.tsx';
import { TipLayer } from './ui/tooltip.tsx';
import { Workspace } from './workspace.tsx';

/** Seen once in a vault's life: no start of a day waits for them. */
const FirstRun = lazy(async () => ({ default: (await import('./features/start/first-run.tsx')).FirstRun }));
const Recovery = lazy(async () => ({ default: (await import('./features/start/recovery.tsx')).Recovery }));

const isMac = navigator.userAgent.includes('Macintosh');

/** Files dropped where nothing takes them would replace the page; they are refused instead. */
function refuseStrayDrops(): () => void {
  const refuse = (event: DragEvent): void => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
  };
  window.addEventListener('dragover', refuse);
  window.addEventListener('drop', refuse);
  return () => {
    window.removeEventListener('dragover', refuse);
    window.removeEventListener('drop', refuse);
  };
}

function Screen() {
  const t = useText();
  const session = useSession((state) => state.session);
  const problem = useSession((state) => state.problem);
  const isTrying = useSession((state) => state.keychainTry === 'running');
  const isReplaced = useSession((state) => state.isReplaced);
  if (session === null) {
    return (
      <main className="start" data-screen="starting">
        {problem === null ? (
          <p className="quiet">{t('app.starting')}</p>
        ) : (
          <ErrorNote error={errorText(problem)} code={problem} />
        )}
      </main>
    );
  }
  if (session.state === 'no-vault' && session.problem === null) return <FirstRun />;
  // While the keychain opens the vault, the workspace is drawn already: only the studies are missing then.
  const isOpening = session.state === 'locked' && isTrying;
  if (session.state !== 'unlocked' && !isOpening) return isReplaced ? <Replaced /> : <Unlock session={session} />;
  return session.recoveryPending && !isOpening ? <Recovery /> : <Workspace isOpening={isOpening} />;
}

/** A page that showed a patient takes no passphrase: main replaces it by one in a new process, within a moment. */
function Replaced() {
  const t = useText();
  return (
    <main className="start" data-screen="locking">
      <p className="quiet">{t('locked.locking')}</p>
    </main>
  );
}

/** Chooses the screen by what main says about the vault, and hears keys and menus for all of them. */
export function App() {
  const theme = useSettings((state) => state.theme);
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => listenToKeys(currentChords, isMac), []);
  useEffect(() => listen('command', ({ id }) => void (isCommandId(id) && runCommand(id, 'menu'))), []);
  useEffect(refuseStrayDrops, []);
  // Here and not in the workspace: the screen of the recovery code locks as well.
  useCommands({ 'session.lock': () => void lock() });
  return (
    <>
      <ErrorBoundary>
        <Suspense fallback={null}>
          <Screen />
        </Suspense>
      </ErrorBoundary>
      <TipLayer />
    </>
  );
}
