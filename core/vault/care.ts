import type { VerifyProblem, VerifyReport } from './types.ts';

/**
 * What keeps a vault whole: its counted state, backup, drill, scrub, repair. Every task runs where the keys and the
 * catalogue are (the vault process); what is signed is signed by main, which has the audit key.
 */

/** The state of a vault as the catalogue counts it. Equal roots mean equal studies, imports and notes. */
export interface VaultCounter {
  /** Commits of every kind since the vault was made; never goes back. */
  readonly counter: number;
  /** SHA-256 over all studies with their imports and notes, in hexadecimal. */
  readonly root: string;
  readonly studies: number;
  readonly images: number;
  readonly notes: number;
  /** When the newest import was committed, ISO 8601; null: none yet. */
  readonly lastImport: string | null;
  /** When the oldest import was committed; null: none was. */
  readonly firstImport: string | null;
}

/** What lies on the disk, held against the catalogue. */
export interface DiskCount {
  readonly studies: number;
  readonly manifests: number;
  readonly notes: number;
  /** The disk holds imports or notes that the catalogue doesn't know: it is older than the objects. */
  readonly beyondCatalogue: boolean;
}

export interface BackupRequest {
  /** Absolute path of the backup's folder. */
  readonly target: string;
}

/** What a backup copied; it counts once main has signed its number and hash. */
export interface BackupReport {
  readonly number: number;
  /** SHA-256 of the snapshot's text, in hexadecimal. */
  readonly sha256: string;
  readonly counter: number;
  readonly at: string;
  readonly studies: number;
  /** Files that the snapshot names. */
  readonly files: number;
  readonly bytes: number;
  /** Files that this run wrote. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Copied without opening them: their study's key isn't this session's to open. */
  readonly unchecked: number;
  /** Studies whose key and objects were removed from the backup because they are shredded. */
  readonly shredded: number;
  /** Objects that are damaged or gone in the vault. A copy of an earlier backup is kept where there is one. */
  readonly problems: readonly (VerifyProblem & { readonly kept: boolean })[];
}

/** What reading a backup back found. */
export interface BackupCheck {
  readonly number: number;
  readonly at: string;
  readonly files: number;
  readonly bytes: number;
  /** Names of files that are missing or differ. */
  readonly damaged: readonly string[];
}

export interface DrillReport extends VerifyReport {
  readonly number: number;
  /** When the snapshot that was restored had been taken. */
  readonly at: string;
  /** The catalogue came with the backup and opened; false: it was rebuilt from the objects. */
  readonly catalogueOpened: boolean;
  /** The backup's vault.json is today's: the same passphrases and codes open it. */
  readonly sameHeader: boolean;
  /** Files of the backup that could not be restored. */
  readonly damaged: readonly string[];
}

export interface ScrubReport {
  readonly finished: boolean;
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly VerifyProblem[];
}

/** Where replacements come from. */
export type RepairSource = { readonly backup: string } | { readonly paths: readonly string[] };

export interface RepairReport {
  /** Damaged or missing when the repair began. */
  readonly found: readonly VerifyProblem[];
  readonly repaired: readonly VerifyProblem[];
  /** Still damaged: no source had the same bytes. */
  readonly lost: readonly VerifyProblem[];
}

/** Results that are kept, with their dates (ISO 8601). */
export interface CareRecords {
  readonly backup: {
    readonly at: string;
    readonly target: string;
    readonly counter: number;
    readonly studies: number;
    readonly files: number;
    readonly bytes: number;
    readonly copied: number;
    readonly problems: number;
  } | null;
  readonly verify: {
    readonly at: string;
    readonly full: boolean;
    readonly objects: number;
    readonly problems: number;
  } | null;
  readonly drill: { readonly at: string; readonly ok: boolean; readonly objects: number } | null;
  readonly scrub: ScrubState;
}

export interface ScrubState {
  /** When the last pass over every object ended; null: none has. */
  readonly lastPass: string | null;
  /** When the pass under way began; null: none is. */
  readonly since: string | null;
  /** Objects of the pass under way that were read. */
  readonly done: number;
  readonly total: number;
  /** Objects that the newest reading of each found damaged. */
  readonly damaged: readonly VerifyProblem[];
}

/** Request and result of every task, by name. */
export interface CareTasks {
  state: [Record<string, never>, VaultCounter];
  compare: [Record<string, never>, DiskCount];
  /** Lets the vault take changes, or not. */
  hold: [{ readonly held: boolean }, Record<string, never>];
  /** Counts on from beyond a number: a copy was accepted. */
  advance: [{ readonly beyond: number }, VaultCounter];
  /** The next open makes the catalogue anew. */
  distrust: [Record<string, never>, Record<string, never>];
  backup: [BackupRequest, BackupReport];
  /** After its snapshot was signed: takes away what no snapshot needs. */
  'backup-finish': [BackupRequest & { readonly report: BackupReport }, Record<string, never>];
  drill: [{ readonly target: string; readonly scratch: string | null }, DrillReport];
  /** @param bytesPerSecond the most that is read; 0: no limit */
  scrub: [{ readonly bytesPerSecond: number }, ScrubReport];
  repair: [{ readonly from: RepairSource }, RepairReport];
  records: [Record<string, never>, CareRecords];
}

export type CareTask = keyof CareTasks;
