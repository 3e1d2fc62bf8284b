import { dirname, join } from 'node:path';
import type { EventName, EventPayload, OperationName } from '../core/contract/operations.ts';
import type { AppInfo } from '../core/contract/session.ts';
import type { Argon2id, SecretStore } from '../core/keys/types.ts';
import type { MainVault } from '../core/vault/main-vault.ts';
import type { Dispatch } from './answer.ts';
import { AuditForwarder } from './audit/forwarder.ts';
import { checkpointsIn } from './audit/known-checkpoints.ts';
import { AuditRecorder, actor } from './audit/recorder.ts';
import { AutoLock } from './auto-lock.ts';
import { CareRoom } from './care/care-room.ts';
import { freeBytes } from './care/free-bytes.ts';
import { ChosenFiles } from './chosen-files.ts';
import { checkedEvent, createDispatch } from './dispatch.ts';
import { Engine, type EngineChannel } from './engine/engine.ts';
import type { Handlers } from './handlers/context.ts';
import { allHandlers } from './handlers/handlers.ts';
import { ImportJobs } from './import-jobs.ts';
import { ModelDesk } from './infer/model-desk.ts';
import { JobBoard } from './jobs.ts';
import { keyRoom } from './keys/key-room.ts';
import { Laboratory } from './laboratory/laboratory.ts';
import type { Logger } from './log.ts';
import type { LaunchPaths } from './paths.ts';
import type { Printer } from './printer.ts';
import type { Forecaster } from './private/forecaster.ts';
import { SeriesShelf } from './private/series-shelf.ts';
import { Screens } from './screens.ts';
import { Session, type SessionParts } from './session.ts';
import { SettingsFile } from './settings.ts';
import { assertPermitted, isPermitted, OPERATIONS } from './users/permissions.ts';

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
  /** Windows have emptied themselves for a lock: their pages go on in processes that never held a patient's data. */
  renewPages(): void;
  /** The vault was opened (anew): windows get their ports. */
  opened(): void;
  choose(kind: 'files' | 'folder'): Promise<readonly string[] | null>;
  /** Asks where a file is to be written. Null means that the dialog was closed. */
  saveAs(suggestedName: string): Promise<string | null>;
  readonly printer: Printer;
  systemIdleSeconds(): number;
  /** Starts a process that computes. */
  startEngine(): EngineChannel;
  /** Forecasts in processes of their own. */
  readonly forecaster: Forecaster;
}

/** What main does about the operations that pages ask of the vault process itself (core/contract/patient.ts). */
export interface PatientFollower {
  /** Resolves when a change may be made. */
  mayChange(): Promise<void>;
  answered(operation: string, code: string | null, studyId: string | null): void;
}

export interface Workstation {
  readonly dispatch: Dispatch;
  readonly patients: PatientFollower;
  readonly session: Session;
  readonly autoLock: AutoLock;
}

type Send = <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void;

/** Tells every window, unless the event breaks the contract. */
function sender({ log, send }: WorkstationParts): Send {
  return (name, payload) => {
    try {
      send(name, checkedEvent(name, payload));
    } catch (error) {
      log.error('event.refused', error, { event: name });
    }
  };
}

/** The audit log, and its copies to a collector. */
function auditOf({ log, paths, versions }: WorkstationParts) {
  const profile = dirname(paths.settings);
  const forwarder = new AuditForwarder(join(profile, 'audit-forwarding.json'), (event) => log.warn(event));
  const audit = new AuditRecorder({
    forwarder,
    vault: paths.vault,
    checkpoints: checkpointsIn(profile),
    application: `vitrine ${versions.version} window`,
    report: (event, error) => log.error(event, error),
  });
  return { audit, forwarder };
}

/** Imports and other long work. @param ended told whenever one is over */
function workOf(send: Send, audit: AuditRecorder, ended: () => void) {
  const jobs = new ImportJobs({
    progress: (progress) => send('import.progress', progress),
    finished: (outcome) => {
      audit.imported(outcome);
      send('import.finished', outcome);
      if (outcome.outcome === 'done') send('catalogue.changed', {});
      ended();
    },
    doubted: (outcome) => {
      send('import.finished', outcome);
      send('catalogue.changed', {});
    },
  });
  const board = new JobBoard({
    progress: (progress) => send('job.progress', progress),
    finished: (finished) => {
      send('job.finished', finished);
      ended();
    },
  });
  return {
    jobs,
    board,
    count: () => jobs.count() + board.count(),
    stop: async () => void (await Promise.all([jobs.stop(), board.stop()])),
  };
}

/** What computes on images and series: decoded pixels and series live here and go with the lock. */
function sciencesOf(parts: WorkstationParts, board: JobBoard, chosen: ChosenFiles, vault: () => MainVault) {
  const engine = new Engine(parts.startEngine);
  const readFile = async (source: string) => {
    const paths = chosen.take(source);
    return (await import('./laboratory/picture-bytes.ts')).readPictureFile(paths);
  };
  const laboratory = new Laboratory({ engine, board, vault, readFile });
  const models = new ModelDesk({ engine, board, vault, readFile });
  const series = new SeriesShelf();
  const clear = (): void => {
    series.clear();
    laboratory.clear();
    models.clear();
    engine.stop();
  };
  return { engine, laboratory, models, series, forecaster: parts.forecaster, clear };
}

/** What is done with keys, and what goes on by itself after an unlock. */
function keyRoomOf(parts: WorkstationParts, session: Session, board: JobBoard, audit: AuditRecorder, send: Send) {
  const { paths, log, argon2id, secrets, versions } = parts;
  return keyRoom({
    ...{ folder: paths.vault, argon2id, secrets, session, board },
    by: actor(`vitrine ${versions.version} window`),
    signer: () => (session.isUnlocked ? audit.log().signer : null),
    shredded: (studyIds, code) => {
      audit.shredded(studyIds, code);
      send('catalogue.changed', {});
    },
    report: (event, error) => log.error(event, error),
  });
}

/** The vault's care: what is remembered of it, what is due. */
function careRoomOf(
  { paths, secrets, log }: WorkstationParts,
  parts: { settings: SettingsFile; audit: AuditRecorder; board: JobBoard },
  session: () => Session,
): CareRoom {
  return new CareRoom({ paths, secrets, ...parts, session, report: (event, error) => log.error(event, error) });
}

/** What goes with every answer to a window, of main's and of the vault process': permission, audit, care. */
function answersOf(
  handlers: Handlers,
  parts: { log: Logger; audit: AuditRecorder; care: CareRoom; session: Session; chosen: ChosenFiles },
): Pick<Workstation, 'dispatch' | 'patients'> {
  const { log, audit, care, session, chosen } = parts;
  const answered: PatientFollower['answered'] = (operation, code, studyId) => {
    audit.answered(operation, code, studyId);
    if (code !== null) log.info('operation.failed', { operation, code });
  };
  const dispatch = createDispatch(handlers, (dropped) => chosen.add(dropped), {
    answered,
    isUnlocked: () => session.isUnlocked,
    permit: (operation) => assertPermitted(OPERATIONS[operation as OperationName], session.roles),
    unexpected: (operation, error) => log.error('operation.unexpected', error, { operation }),
  });
  const patients: PatientFollower = {
    mayChange: () => care.checked(),
    answered: (operation, code, studyId) => {
      answered(operation, code, studyId);
      care.answered(operation);
    },
  };
  return { dispatch: care.guarding(dispatch), patients };
}

/** Puts session, jobs, settings, handlers and auto-lock together: all of main that isn't Electron. */
export function createWorkstation(parts: WorkstationParts): Workstation {
  const { log, paths } = parts;
  const send = sender(parts);
  const { audit, forwarder } = auditOf(parts);
  const screens = new Screens(parts.windows);
  const settings = new SettingsFile(paths.settings, () => log.warn('settings.damaged'));
  const chosen = new ChosenFiles();
  const { jobs, board, count, stop } = workOf(send, audit, () => {
    care.care.changed();
    void autoLock.tick();
  });
  const { clear, ...sciences } = sciencesOf(parts, board, chosen, () => session.vault());
  const care = careRoomOf(parts, { settings, audit, board }, () => session);
  const session = new Session({
    folder: paths.vault,
    argon2id: parts.argon2id,
    secrets: parts.secrets,
    open: care.opening(parts.openVault),
    changed: (state) => {
      if (state.state === 'unlocked') {
        autoLock.active();
        parts.opened();
        if (isPermitted(OPERATIONS['keys.list'], session.roles)) room.unlocked();
      } else clear();
      care.state(state.state === 'unlocked');
      send('session.changed', state);
    },
    screensCleared: () => screens.cleared(),
    work: { count, stop },
    report: (event, error) => (error === undefined ? log.warn(event) : log.error(event, error)),
  });
  const room = keyRoomOf(parts, session, board, audit, send);
  const autoLock = new AutoLock({
    systemIdleSeconds: parts.systemIdleSeconds,
    minutes: async () => (await settings.get()).autoLockMinutes,
    isUnlocked: () => session.isUnlocked,
    isBusy: () => count() > 0,
    waits: (until) => send('lock.waits', { until: until === null ? null : new Date(until).toISOString() }),
    lock: () => void session.lock(),
  });
  const handlers = allHandlers({
    ...{ session, settings, jobs, board, chosen, audit, forwarder, ...sciences },
    ...{ care: care.care, startScrub: care.startScrub },
    vault: () => session.vault(),
    vaultFolder: paths.vault,
    keys: () => room.keys(),
    isUnlocked: () => session.isUnlocked,
    choose: parts.choose,
    saveAs: parts.saveAs,
    printer: parts.printer,
    appInfo: async () => {
      const [sealEngine, free] = await Promise.all([parts.sealEngine(), freeBytes(paths.vault)]);
      return { ...parts.versions, sealEngine, freeBytes: free };
    },
    settingsChanged: () => void autoLock.tick(),
    screenCleared: () => {
      screens.oneCleared();
      parts.renewPages();
    },
  });
  return { ...answersOf(handlers, { log, audit, care, session, chosen }), session, autoLock };
}
