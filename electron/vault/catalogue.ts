import type { InstanceRow, SeriesRow, StudyDetails, StudyPage, StudyQuery } from '../../core/contract/catalogue.ts';
import type { FrameIndex } from '../../core/dicom/types.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import { vaultError } from '../../core/vault/errors.ts';
import { AnnotationRows } from './annotation-rows.ts';
import { type Database, openDatabase, WAL_PAGES } from './database.ts';
import { ImportRows } from './import-rows.ts';
import { ReaderRows } from './reader-rows.ts';
import { type SliceGeometry, unpackText } from './records.ts';
import { rekeyDatabase } from './rekey-database.ts';
import { RetireRows } from './retire-rows.ts';
import { ScrubRows } from './scrub-rows.ts';
import { type Ordered, sliceOrder } from './slice-order.ts';
import { StateRows } from './state-rows.ts';
import { StudyList } from './study-list.ts';
import { UncheckedRows } from './unchecked-rows.ts';

/** A committed instance as reading and verifying need it. */
export interface StoredInstance {
  readonly objectId: ObjectId;
  readonly sopUid: string;
  readonly sha256: string;
  readonly size: number;
  readonly transferSyntax: string;
  readonly frames: number;
}

/** Where an instance's frames lie. */
export interface StoredFrames extends Pick<StoredInstance, 'objectId' | 'size' | 'transferSyntax'> {
  readonly index: FrameIndex;
}

interface DetailRow {
  readonly objectId: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly instanceNumber: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly conflict: number;
  readonly warnings: string;
  readonly position: string | null;
  readonly series: number;
}

/** A row together with what orders it. */
interface OrderedRow extends Ordered {
  readonly row: InstanceRow;
}

const COMMITTED = `JOIN import ON import.id = instance.import AND import.state = 'done'`;

const STORED_COLUMNS = `instance.object_id AS objectId, instance.sop_uid AS sopUid, lower(hex(instance.sha256)) AS sha256,
  instance.size, instance.transfer_syntax AS transferSyntax, instance.frames`;

/**
 * The encrypted catalogue: everything that a list or a reader asks often. It holds nothing that could not be rebuilt from
 * the sealed objects. All of it is synchronous: a statement takes microseconds, and a transaction can't be interleaved.
 */
export class Catalogue {
  readonly imports: ImportRows;
  readonly annotations: AnnotationRows;
  readonly retire: RetireRows;
  readonly state: StateRows;
  readonly scrubbed: ScrubRows;
  readonly unchecked: UncheckedRows;
  readonly readers: ReaderRows;
  readonly #database: Database;
  readonly #list: StudyList;

  /** @throws see `openDatabase` */
  constructor(path: string, key: Uint8Array, options: { mustExist: boolean }) {
    this.#database = openDatabase(path, key, options.mustExist);
    this.#list = new StudyList(this.#database);
    this.imports = new ImportRows(this.#database, () => this.#list.changed());
    this.annotations = new AnnotationRows(this.#database);
    this.retire = new RetireRows(this.#database, () => this.#list.changed());
    this.state = new StateRows(this.#database);
    this.scrubbed = new ScrubRows(this.#database);
    this.unchecked = new UncheckedRows(this.#database);
    this.readers = new ReaderRows(this.#database, () => this.#list.changed());
  }

  /** Puts the whole catalogue under another key; killed meanwhile, it opens by the old key or by the new one. */
  rekey(key: Uint8Array): void {
    rekeyDatabase(this.#database, key);
  }

  /** Moves the write-ahead log into the catalogue and closes it. */
  close(): void {
    this.#database.close();
  }

  search(query: StudyQuery): StudyPage {
    return this.#list.search(query);
  }

  /** Grows whenever studies come, go, or get other readers. */
  get generation(): number {
    return this.#list.generation;
  }

  /** Withholds who the patient is, from now on, of every study but these. */
  show(numbers: readonly number[]): void {
    this.#list.show(numbers);
  }

  /** The number of a visible study, or null when there is none of that id. */
  visibleNumber(studyId: string): number | null {
    const row = this.#database
      .prepare('SELECT id FROM study WHERE study_id = ? AND visible = 1', { pluck: true })
      .get([studyId]);
    return typeof row === 'number' ? row : null;
  }

  /** @throws vault/no-such-study */
  studyNumber(studyId: string): number {
    const number = this.visibleNumber(studyId);
    if (number === null) throw vaultError('vault/no-such-study', 'no such study');
    return number;
  }

  /** Of a study whose patient is withheld the row alone: UIDs and descriptions of series would say who it is elsewhere. */
  details(studyId: string): StudyDetails {
    const number = this.studyNumber(studyId);
    const study = this.#list.row(number);
    if (study === null) throw vaultError('vault/no-such-study', 'no such study');
    if (study.restricted) return { study, series: [], priors: [] };
    return { study, series: this.#series(number), priors: this.#list.priors(studyId) };
  }

  /** Every committed instance of a study, in no particular order. */
  instances(studyId: string): StoredInstance[] {
    return this.#database
      .prepare(`SELECT ${STORED_COLUMNS} FROM instance ${COMMITTED} WHERE instance.study = ?`)
      .all([this.studyNumber(studyId)]) as unknown as StoredInstance[];
  }

  /** One committed instance of a study; null when the study has none of that id. */
  instance(study: number, objectId: string): StoredInstance | null {
    const row = this.#database
      .prepare(`SELECT ${STORED_COLUMNS} FROM instance ${COMMITTED} WHERE object_id = ? AND instance.study = ?`)
      .get([objectId, study]);
    return row === undefined ? null : (row as unknown as StoredInstance);
  }

  /** What reading a frame of a committed instance takes; null when the study has none of that id, or it has no pixels. */
  framesOf(study: number, objectId: string): StoredFrames | null {
    const row = this.#database
      .prepare(
        `SELECT object_id AS objectId, size, transfer_syntax AS transferSyntax, frame_index AS packed
         FROM instance ${COMMITTED} WHERE object_id = ? AND instance.study = ?`,
      )
      .get([objectId, study]) as unknown as (Omit<StoredFrames, 'index'> & { packed: unknown }) | undefined;
    if (row === undefined || !(row.packed instanceof Uint8Array)) return null;
    const { packed, ...stored } = row;
    return { ...stored, index: JSON.parse(unpackText(packed)) as FrameIndex };
  }

  /** Null for an object without pixels. */
  frameIndex(objectId: string): FrameIndex | null {
    const blob = this.#database
      .prepare('SELECT frame_index FROM instance WHERE object_id = ?', { pluck: true })
      .get([objectId]);
    return blob instanceof Uint8Array ? (JSON.parse(unpackText(blob)) as FrameIndex) : null;
  }

  /** DICOM JSON text, or null when the study has no such object. */
  header(study: number, objectId: string): string | null {
    const blob = this.#database
      .prepare(
        `SELECT header.json FROM instance ${COMMITTED} JOIN header ON header.instance = instance.id
         WHERE object_id = ? AND instance.study = ?`,
        { pluck: true },
      )
      .get([objectId, study]);
    return blob instanceof Uint8Array ? unpackText(blob) : null;
  }

  /** Committed objects with this SOP Instance UID: several are a conflict. */
  objectsOf(sopInstanceUid: string): { studyId: StudyId; objectId: ObjectId }[] {
    return this.#database
      .prepare(
        `SELECT study.study_id AS studyId, instance.object_id AS objectId FROM instance ${COMMITTED}
         JOIN study ON study.id = instance.study WHERE instance.sop_uid = ? ORDER BY instance.id`,
      )
      .all([sopInstanceUid]) as unknown as { studyId: StudyId; objectId: ObjectId }[];
  }

  /** Ids of every visible study, and how many manifests each has. */
  studies(): { studyId: StudyId; manifests: number }[] {
    return this.#database
      .prepare('SELECT study_id AS studyId, manifests FROM study WHERE visible = 1 ORDER BY id')
      .all() as unknown as { studyId: StudyId; manifests: number }[];
  }

  /** The number of the newest import that was committed; 0: none. */
  lastImport(): number {
    const row = this.#database.prepare(`SELECT max(id) FROM import WHERE state = 'done'`, { pluck: true }).get();
    return Number(row ?? 0);
  }

  /** Ids of a study's objects of imports up to `last`. */
  objectsUpTo(study: number, last: number): ObjectId[] {
    return this.#database
      .prepare(`SELECT object_id FROM instance ${COMMITTED} WHERE instance.study = ? AND instance.import <= ?`, {
        pluck: true,
      })
      .all([study, last]) as unknown as ObjectId[];
  }

  /**
   * Runs `copy` while the catalogue's main file doesn't change: everything so far is in it, and what is committed
   * meanwhile goes into the log beside it.
   */
  async frozen<T>(copy: () => Promise<T>): Promise<T> {
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    this.#database.exec('PRAGMA wal_autocheckpoint = 0');
    try {
      return await copy();
    } finally {
      this.#database.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES}`);
    }
  }

  /** Whether the database is sound: its structure, or (`full`) every page's authentication tag as well. */
  isSound(full: boolean): boolean {
    if (full && this.#database.pragma('cipher_integrity_check').length > 0) return false;
    const answer = this.#database.pragma(full ? 'integrity_check(1)' : 'quick_check(1)', { simple: true });
    return answer === 'ok';
  }

  #series(study: number): SeriesRow[] {
    const series = this.#database
      .prepare(
        `SELECT id, series_uid AS seriesInstanceUid, modality, number AS seriesNumber, description AS seriesDescription,
           body_part AS bodyPart, laterality, date AS seriesDate, time AS seriesTime
         FROM series WHERE study = ? ORDER BY number IS NULL, number, date, time, series_uid`,
      )
      .all([study]) as unknown as (Omit<SeriesRow, 'instances'> & { id: number })[];
    const rows = this.#detailRows(study);
    return series.flatMap(({ id, ...fields }) => {
      const own = rows.get(id);
      return own === undefined ? [] : [{ ...fields, instances: sliceOrder(own).map((item) => item.row) }];
    });
  }

  #detailRows(study: number): Map<number, OrderedRow[]> {
    const rows = this.#database
      .prepare(
        `SELECT object_id AS objectId, sop_uid AS sopInstanceUid, sop_class_uid AS sopClassUid, number AS instanceNumber,
           rows, columns, frames, warnings, position, series,
           EXISTS (SELECT 1 FROM instance AS other JOIN import AS its ON its.id = other.import AND its.state = 'done'
                   WHERE other.sop_uid = instance.sop_uid AND other.id <> instance.id) AS conflict
         FROM instance ${COMMITTED} WHERE instance.study = ?`,
      )
      .all([study]) as unknown as DetailRow[];
    const bySeries = new Map<number, OrderedRow[]>();
    for (const { position, series, warnings, conflict, ...fields } of rows) {
      const ordered: OrderedRow = {
        row: { ...fields, conflict: conflict === 1, warnings: JSON.parse(warnings) as string[] },
        geometry: position === null ? null : (JSON.parse(position) as SliceGeometry),
        number: fields.instanceNumber,
        sopUid: fields.sopInstanceUid,
      };
      const list = bySeries.get(series);
      if (list === undefined) bySeries.set(series, [ordered]);
      else list.push(ordered);
    }
    return bySeries;
  }
}
