import type { MainOperationName, Request, Response } from '../../core/contract/operations.ts';
import type { AppInfo } from '../../core/contract/session.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { AuditForwarder } from '../audit/forwarder.ts';
import type { AuditRecorder } from '../audit/recorder.ts';
import type { CareKeeper } from '../care/keeper.ts';
import type { ChosenFiles } from '../chosen-files.ts';
import type { Engine } from '../engine/engine.ts';
import type { ImportJobs } from '../import-jobs.ts';
import type { ModelDesk } from '../infer/model-desk.ts';
import type { JobBoard } from '../jobs.ts';
import type { KeyRoom } from '../keys/key-room.ts';
import type { Laboratory } from '../laboratory/laboratory.ts';
import type { Printer } from '../printer.ts';
import type { Forecaster } from '../private/forecaster.ts';
import type { SeriesShelf } from '../private/series-shelf.ts';
import type { Session } from '../session.ts';
import type { SettingsFile } from '../settings.ts';

/** What handlers work with. Nothing of Electron is in it, so the command line and the tests use the same handlers. */
export interface HandlerContext {
  readonly session: Session;
  /** The open vault. @throws vault/locked */
  vault(): MainVault;
  isUnlocked(): boolean;
  /** Where the workstation's vault lies, or is to lie. */
  readonly vaultFolder: string;
  readonly settings: SettingsFile;
  readonly jobs: ImportJobs;
  /** Long work that isn't an import. */
  readonly board: JobBoard;
  readonly chosen: ChosenFiles;
  /** The process that computes: tasks of electron/engine/tasks.ts. */
  readonly engine: Engine;
  readonly laboratory: Laboratory;
  /** Runs of the zoo's models on open images, their findings, and attacks on what they see. */
  readonly models: ModelDesk;
  /** Forecasts on encrypted data, in processes of their own, and the series that were read for them. */
  readonly forecaster: Forecaster;
  readonly series: SeriesShelf;
  /** What is done with the vault's slots and keys; loaded when it is first asked for. */
  keys(): Promise<KeyRoom>;
  /** Asks the person for files or a folder. Null means that the dialog was closed. */
  choose(kind: 'files' | 'folder'): Promise<readonly string[] | null>;
  /** Asks where a file is to be written. Null means that the dialog was closed. */
  saveAs(suggestedName: string): Promise<string | null>;
  /** Puts the window's view on paper or into a PDF. */
  readonly printer: Printer;
  readonly audit: AuditRecorder;
  readonly forwarder: AuditForwarder;
  /** What is remembered of the vault, and what is due. */
  readonly care: CareKeeper;
  /** Starts the scrub, or answers the one that runs. */
  startScrub(): { job: string };
  appInfo(): Promise<AppInfo>;
  /** The settings changed: the auto-lock takes the new time. */
  settingsChanged(): void;
  /** A window says that nothing of a study is on its screen. */
  screenCleared(): void;
}

/** One function per operation that main answers: takes the checked request, answers what the contract says, throws a VitrineError. */
export type Handlers = { readonly [Name in MainOperationName]: (request: Request<Name>) => Promise<Response<Name>> };

/** The handlers of one stage: those operations whose names begin with it. */
export type HandlersOf<Stage extends string> = Pick<Handlers, Extract<MainOperationName, `${Stage}.${string}`>>;
