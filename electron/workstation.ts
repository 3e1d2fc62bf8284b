import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventName, EventPayload } from '../core/contract/operations.ts';
import type { AppInfo, SessionState } from '../core/contract/session.ts';
import type { Argon2id, SecretStore } from '../core/keys/types.ts';
import { checkpointsIn } from './audit/known-checkpoints.ts';
import { AuditRecorder } from './audit/recorder.ts';
import { AutoLock } from './auto-lock.ts';
import { ChosenFiles } from './chosen-files.ts';
import { checkedEvent, createDispatch, type Dispatch } from './dispatch.ts';
import { allHandlers } from './handlers/handlers.ts';
import { ImportJobs } from './import-jobs.ts';
import { JobBoard } from './jobs.ts';
import type { Logger } from './log.ts';
import type { LaunchPaths } from './paths.ts';
import type { Forecaster } from './private/forecaster.ts';
import { SeriesShelf } from './private/series-shelf.ts';
import { Screens } from './screens.ts';
import { Session, type SessionParts } from './session.ts';
import { SettingsFile } from './settings.ts';

/** What the workstation needs of the machine and of Electron; a test gives its own. */
export interface WorkstationParts {
  readonly paths: LaunchPaths;
  readonly log: Logger;
  readonly argon2id: Argon2id;
  readonly secrets: SecretStore;
  readonly openVault: SessionParts['open'];
  readonly versions: Pick<AppInfo, 'version' | 'electron' | 'chrome' | 'node' | 'platform'>;
  /** Which engine seals. */
  sealEngine(): Promise<string>;
  /** Sends to every window. */
  send(name: EventName, payload: unknown): void;
  /** How many windows show a page. */
  windows(): number;
  /** The vault was opened (anew): windows get their ports. */
  opened(): void;
  choose(kind: 'files' | 'folder'): Promise<readonly string[] | null>;
  systemIdleSeconds(): number;
  /** Forecasts in processes of their own. */
  readonly forecaster: Forecaster;
}

export interface Workstation {
  readonly dispatch: Dispatch;
  readonly session: Session;
  readonly autoLock: AutoLock;
}

/** Bytes that are free on the volume of `folder` or, before it exists, of the nearest folder above it. */
async function freeBytes(folder: string): Promise<number | null> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const volume = await statfs(place);
      return volume.bavail * volume.bsize;
    } catch {
      if (place === dirname(place)) return null;
    }
  }
}

/** The audit log is open as long as the vault: from before its first answer to after its last. */
function audited(audit: AuditRecorder, open: WorkstationParts['openVault']): SessionParts['open'] {
  return async (vault, options, auditSeed) => {
    const opened = await open(vault, options, auditSeed);
    audit.opened(vault.vaultId, auditSeed, options);
    const close = async (): Promise<void> => {
      await audit.closed();
      await opened.close();
    };
    return { ...opened, close };
  };
}

/** Puts session, jobs, settings, handlers and auto-lock together: all of main that isn't Electron. */
export function createWorkstation(parts: WorkstationParts): Workstation {
  const { log, paths } = parts;
  const send = <Name extends EventName>(name: Name, payload: EventPayload<Name>): void => {
    try {
      parts.send(name, checkedEvent(name, payload));
    } catch (error) {
      log.error('event.refused', error, { event: name });
    }
  };
  const audit = new AuditRecorder({
    vault: paths.vault,
    checkpoints: checkpointsIn(dirname(paths.settings)),
    application: `vitrine ${parts.versions.version} window`,
    report: (event, error) => log.error(event, error),
  });
  const screens = new Screens(parts.windows);
  const settings = new SettingsFile(paths.settings, () => log.warn('settings.damaged'));
  const jobs = new ImportJobs({
    progress: (progress) => send('import.progress', progress),
    finished: (outcome) => {
      audit.imported(outcome);
      send('import.finished', outcome);
      if (outcome.outcome === 'done') send('catalogue.changed', {});
      void autoLock.tick();
    },
  });
  const board = new JobBoard({
    progress: (progress) => send('job.progress', progress),
    finished: (finished) => {
      send('job.finished', finished);
      void autoLock.tick();
    },
  });
  const count = (): number => jobs.count() + board.count();
  const series = new SeriesShelf();
  const changed = (state: SessionState): void => {
    if (state.state !== 'unlocked') series.clear();
    if (state.state === 'unlocked') {
      autoLock.active();
      parts.opened();
    }
    send('session.changed', state);
  };
  const session = new Session({
    folder: paths.vault,
    argon2id: parts.argon2id,
    secrets: parts.secrets,
    open: audited(audit, parts.openVault),
    changed,
    screensCleared: () => screens.cleared(),
    work: { count, stop: async () => void (await Promise.all([jobs.stop(), board.stop()])) },
    report: (event, error) => (error === undefined ? log.warn(event) : log.error(event, error)),
  });
  const autoLock = new AutoLock({
    systemIdleSeconds: parts.systemIdleSeconds,
    minutes: async () => (await settings.get()).autoLockMinutes,
    isUnlocked: () => session.isUnlocked,
    isBusy: () => count() > 0,
    lock: () => void session.lock(),
  });
  const chosen = new ChosenFiles();
  const handlers = allHandlers({
    session,
    vault: () => session.vault(),
    isUnlocked: () => session.isUnlocked,
    settings,
    jobs,
    board,
    chosen,
    forecaster: parts.forecaster,
    series,
    choose: parts.choose,
    appInfo: async () => {
      const [sealEngine, free] = await Promise.all([parts.sealEngine(), freeBytes(paths.vault)]);
      return { ...parts.versions, sealEngine, freeBytes: free };
    },
    settingsChanged: () => void autoLock.tick(),
    screenCleared: () => screens.oneCleared(),
  });
  const dispatch = createDispatch(handlers, (dropped) => chosen.add(dropped), {
    answered: (operation, code, studyId) => {
      audit.answered(operation, code, studyId);
      if (code !== null) log.info('operation.failed', { operation, code });
    },
    unexpected: (operation, error) => log.error('operation.unexpected', error, { operation }),
  });
  return { dispatch, session, autoLock };
}
