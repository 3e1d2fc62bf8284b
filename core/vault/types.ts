import type { Annotation, JournalEntry } from '../annotate/annotation.ts';
import type { Report } from '../annotate/report.ts';
import type { PaintedSegment } from '../annotate/segment.ts';
import type { StudyDetails, StudyPage, StudyQuery } from '../contract/catalogue.ts';
import type { ImportOutcome, ImportProgress, ImportReport } from '../contract/import.ts';
import type { DicomWarning } from '../dicom/errors.ts';
import type { AccessTask, AccessTasks } from './access-tasks.ts';
import type { CareTask, CareTasks } from './care.ts';
import type { KeyTask, KeyTasks } from './key-tasks.ts';
import type { ResultTask, ResultTasks } from './results.ts';

/**
 * The vault as the handlers see it. Two implementers: `FileVault` (in the vault process, and in-process for the command
 * line) and the proxy that main holds. Every method throws a VitrineError with a code of `core/vault/errors.ts`,
 * `core/seal` or `core/dicom`.
 */
export interface StudyVault {
  search(query: StudyQuery): Promise<StudyPage>;
  /** @throws vault/no-such-study */
  details(studyId: string): Promise<StudyDetails>;
  /** Allows `frame` and `headers` of this study under the handle. @throws vault/no-such-study */
  open(studyId: string): Promise<{ handle: string }>;
  /** Modality of the series that an object belongs to. @throws vault/no-such-study, vault/no-such-object */
  modalityOf(studyId: string, objectId: string): Promise<string>;
  /** Closing an unknown handle is no error: the window may have been reloaded. */
  close(handle: string): Promise<void>;
  /**
   * Imports files, folders, ZIP archives and DICOMDIRs as one unit: all that is accepted becomes visible at the end, at
   * once; cancel, failure and crash leave nothing.
   */
  import(request: ImportRequest, observer: ImportObserver): Promise<FinishedImport>;
  /**
   * What decoding an import's compressed frames showed, once all of them are decoded; that goes on after the import is
   * done and visible. Nothing where nobody checks, for an import that is unknown, and the second time.
   */
  pixelDoubts(job: string): Promise<PixelDoubt[]>;
  annotations(studyId: string): Promise<{
    annotations: Annotation[];
    reports: Report[];
    segments: PaintedSegment[];
    unreadable: number;
  }>;
  /** Resolves after the entries are on disk (fsync of file and folder, catalogue committed). */
  append(studyId: string, entries: readonly JournalEntry[]): Promise<{ savedAt: string }>;
  verify(options: { full: boolean }, observer: VerifyObserver): Promise<VerifyReport>;
  /**
   * Writes the original files (preamble cleared) below `folder`: readable, so callers warn first. Objects that can't be
   * opened or written are named, and the others are written. @throws export/exists
   */
  exportStudy(studyId: string, folder: string): Promise<ExportedStudy>;
  /** One task with the results that lie sealed with a study (core/vault/results.ts). @throws vault/no-such-study */
  results<Task extends ResultTask>(task: Task, request: ResultTasks[Task][0]): Promise<ResultTasks[Task][1]>;
  /** One of the tasks about who opens which study (core/vault/access-tasks.ts). @throws what the task throws */
  access<Task extends AccessTask>(
    task: Task,
    request: AccessTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<AccessTasks[Task][1]>;
  /** One of the tasks that keep the vault whole (core/vault/care.ts). @throws what the task throws */
  care<Task extends CareTask>(
    task: Task,
    request: CareTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<CareTasks[Task][1]>;
  /** One of the tasks of keys and retention (core/vault/key-tasks.ts). @throws what the task throws */
  keys<Task extends KeyTask>(
    task: Task,
    request: KeyTasks[Task][0],
    observer?: VerifyObserver,
  ): Promise<KeyTasks[Task][1]>;
}

/** What an export left on the disk, and what it could not. */
export interface ExportedStudy {
  readonly files: number;
  readonly bytes: number;
  readonly refused: readonly { readonly objectId: string; readonly sopInstanceUid: string; readonly code: string }[];
}

export interface ImportRequest {
  readonly job: string;
  /** Absolute paths, or the built-in sample study. */
  readonly from: { readonly paths: readonly string[] } | { readonly sample: true };
}

export interface ImportObserver {
  readonly signal: AbortSignal;
  readonly progress: (progress: ImportProgress) => void;
}

export interface FinishedImport {
  readonly outcome: ImportOutcome;
  readonly report: ImportReport;
}

/** A file of an import whose pixels are damaged or can't be trusted. */
export interface PixelDoubt {
  /** As the reports of the import name it. */
  readonly path: string;
  readonly name: string;
  readonly code: DicomWarning;
}

export interface VerifyObserver {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/** A fast verify reads every header and tag of first and last segments; a full one opens every segment. */
export interface VerifyReport {
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly VerifyProblem[];
}

export interface VerifyProblem {
  readonly kind: 'missing' | 'altered' | 'unknown-object' | 'half-study' | 'manifest' | 'catalogue';
  readonly studyId: string;
  readonly objectId: string | null;
}
