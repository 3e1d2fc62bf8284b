import '../schemas.ts';
import { app, BrowserWindow, dialog, type OpenDialogOptions, powerMonitor, type SaveDialogOptions } from 'electron';
import type { EventName } from '../../core/contract/operations.ts';
import type { SessionState } from '../../core/contract/session.ts';
import type { Argon2id, SecretStore } from '../../core/keys/types.ts';
import type { Logger } from '../log.ts';
import type { LaunchPaths } from '../paths.ts';
import { createWorkstation, type Workstation } from '../workstation.ts';
import { startEngineProcess } from './engine-host.ts';
import { ForecastHost } from './forecast-host.ts';
import { installMenu } from './menu.ts';
import { printer } from './printer.ts';
import type { VaultHost } from './vault-host.ts';
import { renewPage } from './window.ts';

/**
 * What secrets come through. Argon2id and both add-ons are loaded when they are first needed, not when the window opens;
 * and before the first secret is in this process, it is closed to debuggers, as far as the system allows.
 */
function secretSources(log: Logger): { argon2id: Argon2id; secrets: SecretStore } {
  let hardened: Promise<void> | null = null;
  const harden = (): Promise<void> => {
    hardened ??= import('../crypto/choose-engine.ts').then(({ engineChoice, hardenProcess }) => {
      const reached = hardenProcess();
      log.info('main.hardened', { sealEngine: `engine.${engineChoice().id}`, ...reached });
    });
    return hardened;
  };
  let store: Promise<SecretStore> | null = null;
  const keychain = async (): Promise<SecretStore> => {
    store ??= import('../../native/keychain/keytar-store.ts').then(({ createKeytarStore }) => createKeytarStore());
    const [loaded] = await Promise.all([store, harden()]);
    return loaded;
  };
  return {
    argon2id: async (...request) => {
      const [{ chooseArgon2 }, { createArgon2 }] = await Promise.all([
        import('../crypto/choose-engine.ts'),
        import('../crypto/argon2.ts'),
        harden(),
      ]);
      return chooseArgon2(() => createArgon2(new URL('../vault/kdf-worker.ts', import.meta.url)))(...request);
    },
    secrets: {
      get: async (account) => (await keychain()).get(account),
      set: async (account, secret) => (await keychain()).set(account, secret),
      delete: async (account) => (await keychain()).delete(account),
    },
  };
}

/** The engine that the vault process chooses too: both look in the same place. */
async function sealEngine(): Promise<string> {
  const { engineChoice } = await import('../crypto/choose-engine.ts');
  return engineChoice().id;
}

async function choose(kind: 'files' | 'folder'): Promise<readonly string[] | null> {
  const options: OpenDialogOptions = {
    // A file chosen for import must not come up in the system's list of recent documents.
    properties: [kind === 'folder' ? 'openDirectory' : 'openFile', 'multiSelections', 'dontAddToRecent'],
  };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { canceled, filePaths } = await (window === undefined
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return canceled ? null : filePaths;
}

async function saveAs(suggestedName: string): Promise<string | null> {
  const options: SaveDialogOptions = {
    defaultPath: suggestedName,
    properties: ['dontAddToRecent', 'showOverwriteConfirmation'],
  };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  return canceled || filePath === '' ? null : filePath;
}

/** Milliseconds after a lock until what is left over in this process is overwritten: by then nobody works with it. */
const FORGET_AFTER = 3000;

function send(name: EventName, payload: unknown): void {
  if (name === 'session.changed' && (payload as SessionState).state === 'locked')
    setTimeout(() => void import('./forget.ts').then(({ forgetAtLock }) => forgetAtLock()), FORGET_AFTER).unref();
  for (const window of BrowserWindow.getAllWindows())
    if (!window.webContents.isDestroyed()) window.webContents.send(name, payload);
}

function loadedWindows(): BrowserWindow[] {
  return BrowserWindow.getAllWindows().filter(
    ({ webContents }) => !webContents.isDestroyed() && !webContents.isCrashed(),
  );
}

/** The workstation on Electron: its windows, dialogs, power events and menu. */
export function startWorkstation(parts: { paths: LaunchPaths; log: Logger; host: VaultHost }): Workstation {
  const { paths, log, host } = parts;
  const workstation = createWorkstation({
    paths,
    log,
    ...secretSources(log),
    openVault: (vault, options) => host.open(vault, options),
    versions: {
      version: app.getVersion(),
      electron: process.versions.electron,
      chrome: process.versions.chrome,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    },
    sealEngine,
    send,
    windows: () => loadedWindows().length,
    renewPages: () => loadedWindows().forEach(renewPage),
    opened: () => host.connect(),
    choose,
    saveAs,
    printer,
    forecaster: new ForecastHost(),
    startEngine: () => startEngineProcess(() => host.port()),
    systemIdleSeconds: () => powerMonitor.getSystemIdleTime(),
  });
  host.follow(workstation.patients);
  const lock = () => void workstation.session.lock();
  powerMonitor.on('suspend', lock);
  powerMonitor.on('lock-screen', lock);
  workstation.autoLock.start();
  if (process.platform === 'darwin') installMenu((id) => send('command', { id }));
  return workstation;
}
