import { fromHex } from '../../core/bytes.ts';
import type { StudyId } from '../../core/ids.ts';
import type { Database } from './database.ts';
import { type InstanceRecord, packJson, type SeriesRecord, type StudyRecord } from './records.ts';
import { sortKey } from './study-list.ts';

/** An instance whose object is on disk, and the study that it belongs to. */
export interface StagedInstance {
  readonly studyId: StudyId;
  readonly study: StudyRecord;
  readonly instance: InstanceRecord;
}

/** A study that the vault has, and its patient. */
export interface KnownStudy extends Pick<StudyRecord, 'patientName' | 'patientId' | 'patientBirthDate'> {
  readonly studyId: StudyId;
}

/** An import's part in one study. */
export interface TouchedStudy {
  readonly number: number;
  readonly studyId: StudyId;
  /** False for a study that this import began. */
  readonly visible: boolean;
  /** Manifests that the study had before. */
  readonly manifests: number;
}

export interface ManifestObject {
  readonly id: string;
  readonly sha256: string;
  readonly size: number;
}

interface StudyText {
  readonly name: string;
  readonly ideographic: string;
  readonly patient: string;
  readonly accession: string;
  readonly date: string;
  readonly description: string;
}

const INSERT_INSTANCE = `INSERT INTO instance (object_id, study, series, import, sop_uid, sop_class_uid, number, sha256, size,
  transfer_syntax, rows, columns, frames, position, warnings, frame_index)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const INSERT_STUDY = `INSERT INTO study (study_id, study_uid, patient_name, patient_name_ideographic, patient_id,
  patient_birth_date, patient_sex, study_date, study_time, description, accession_number, sort_name, sort_id,
  sort_description, sort_accession, sort_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The catalogue's side of an import: begin, stage in batches, then commit or undo as one. */
export class ImportRows {
  readonly #database: Database;
  readonly #changed: () => void;

  constructor(database: Database, changed: () => void) {
    this.#database = database;
    this.#changed = changed;
  }

  /**
   * Durable before the first object is written, so that a crash is noticed at the next open.
   * @param number only a rebuild knows it; otherwise it is the next one.
   */
  begin(importId: string, startedAt: string, number: number | null = null): number {
    return this.#database
      .prepare(`INSERT INTO import (id, import_id, state, started_at) VALUES (?, ?, 'running', ?)`)
      .run([number, importId, startedAt]).lastInsertRowid;
  }

  /** Imports that neither committed nor were undone. */
  unfinished(): { number: number; importId: string }[] {
    return this.#database
      .prepare(`SELECT id AS number, import_id AS importId FROM import WHERE state <> 'done' ORDER BY id`)
      .all() as unknown as { number: number; importId: string }[];
  }

  /** SHA-256 of every object of this SOP Instance UID that is committed or belongs to the running import. */
  hashesOf(sopUid: string): string[] {
    return this.#database
      .prepare('SELECT lower(hex(sha256)) FROM instance WHERE sop_uid = ?', { pluck: true })
      .all([sopUid]) as unknown as string[];
  }

  /** The study of this Study Instance UID and whose it is, or null when the vault has none. */
  studyOf(studyUid: string): KnownStudy | null {
    const row = this.#database
      .prepare(
        `SELECT study_id AS studyId, patient_name AS patientName, patient_id AS patientId,
           patient_birth_date AS patientBirthDate FROM study WHERE study_uid = ?`,
      )
      .get([studyUid]);
    return (row as unknown as KnownStudy | undefined) ?? null;
  }

  /**
   * Writes a batch in one transaction. Nothing of it is visible before `commit`, whose flush of the log takes it along:
   * until then it may be lost, because without that commit it counts for nothing.
   */
  stage(importNumber: number, batch: readonly StagedInstance[]): void {
    this.#database.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#database.transaction(() => this.#stage(importNumber, batch))();
    } finally {
      this.#database.exec('PRAGMA synchronous = FULL');
    }
  }

  /** The studies that an import has instances in. */
  touched(importNumber: number): TouchedStudy[] {
    const rows = this.#database
      .prepare(
        `SELECT id AS number, study_id AS studyId, visible, manifests FROM study
         WHERE id IN (SELECT study FROM instance WHERE import = ?) ORDER BY id`,
      )
      .all([importNumber]) as unknown as (Omit<TouchedStudy, 'visible'> & { visible: number })[];
    return rows.map((row) => ({ ...row, visible: row.visible === 1 }));
  }

  /** What an import adds to a study, for its manifest. */
  objects(importNumber: number, study: number): ManifestObject[] {
    return this.#database
      .prepare(
        `SELECT object_id AS id, lower(hex(sha256)) AS sha256, size FROM instance
         WHERE import = ? AND study = ? ORDER BY id`,
      )
      .all([importNumber, study]) as unknown as ManifestObject[];
  }

  /** Makes everything that the import staged visible, at once. */
  commit(importNumber: number, finishedAt: string): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(`UPDATE import SET state = 'done', finished_at = ? WHERE id = ?`)
        .run([finishedAt, importNumber]);
      for (const study of this.touched(importNumber)) {
        this.#database.prepare('UPDATE study SET manifests = ? WHERE id = ?').run([study.manifests + 1, study.number]);
        this.#show(study.number, finishedAt);
      }
    })();
    this.#changed();
  }

  /** Takes every trace of an import out of the catalogue. The objects' files are the caller's to remove, before. */
  undo(importNumber: number): void {
    this.#database.transaction(() => {
      this.#database
        .prepare('DELETE FROM header WHERE instance IN (SELECT id FROM instance WHERE import = ?)')
        .run([importNumber]);
      this.#database.prepare('DELETE FROM instance WHERE import = ?').run([importNumber]);
      this.#database.exec(`
        DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance.series = series.id);
        DELETE FROM study WHERE visible = 0 AND NOT EXISTS (SELECT 1 FROM instance WHERE instance.study = study.id);
      `);
      this.#database.prepare('DELETE FROM import WHERE id = ?').run([importNumber]);
    })();
    this.#changed();
  }

  /** Sets what only a rebuild knows: how many manifests a study has. */
  setManifests(studyId: StudyId, count: number): void {
    this.#database.prepare('UPDATE study SET manifests = ? WHERE study_id = ?').run([count, studyId]);
  }

  #stage(importNumber: number, batch: readonly StagedInstance[]): void {
    const insert = this.#database.prepare(INSERT_INSTANCE);
    const header = this.#database.prepare('INSERT INTO header (instance, json) VALUES (?, ?)');
    for (const { studyId, study, instance } of batch) {
      const studyNumber = this.#study(studyId, study);
      const { lastInsertRowid } = insert.run([
        instance.objectId,
        studyNumber,
        this.#series(studyNumber, instance.series),
        importNumber,
        instance.sopUid,
        instance.sopClassUid,
        instance.number,
        fromHex(instance.sha256) as Uint8Array<ArrayBuffer>,
        instance.size,
        instance.transferSyntax,
        instance.rows,
        instance.columns,
        instance.frames,
        instance.geometry === null ? null : JSON.stringify(instance.geometry),
        JSON.stringify(instance.warnings),
        instance.frameIndex === null ? null : packJson(instance.frameIndex),
      ]);
      header.run([lastInsertRowid, instance.deflatedJson as Uint8Array<ArrayBuffer>]);
    }
  }

  #study(studyId: StudyId, study: StudyRecord): number {
    const known = this.#database.prepare('SELECT id FROM study WHERE study_id = ?', { pluck: true }).get([studyId]);
    if (typeof known === 'number') return known;
    return this.#database
      .prepare(INSERT_STUDY)
      .run([
        studyId,
        study.studyUid,
        study.patientName,
        study.patientNameIdeographic,
        study.patientId,
        study.patientBirthDate,
        study.patientSex,
        study.studyDate,
        study.studyTime,
        study.description,
        study.accessionNumber,
        sortKey(study.patientName),
        sortKey(study.patientId),
        sortKey(study.description),
        sortKey(study.accessionNumber),
        study.studyDate + study.studyTime,
      ]).lastInsertRowid;
  }

  #series(study: number, series: SeriesRecord): number {
    const known = this.#database
      .prepare('SELECT id FROM series WHERE study = ? AND series_uid = ?', { pluck: true })
      .get([study, series.seriesUid]);
    if (typeof known === 'number') return known;
    return this.#database
      .prepare(
        `INSERT INTO series (study, series_uid, modality, number, description, body_part, laterality, date, time)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run([
        study,
        series.seriesUid,
        series.modality,
        series.number,
        series.description,
        series.bodyPart,
        series.laterality,
        series.date,
        series.time,
      ]).lastInsertRowid;
  }

  /** Counts a study's committed instances anew, writes its text for the search, and shows it. */
  #show(study: number, importedAt: string): void {
    const committed = `instance JOIN import ON import.id = instance.import AND import.state = 'done'
      WHERE instance.study = $study`;
    const modalities = this.#database
      .prepare(
        `SELECT DISTINCT modality FROM series WHERE study = ? AND modality <> ''
         AND EXISTS (SELECT 1 FROM instance JOIN import ON import.id = instance.import AND import.state = 'done'
                     WHERE instance.series = series.id) ORDER BY modality`,
        { pluck: true },
      )
      .all([study]) as unknown as string[];
    this.#database
      .prepare(
        `UPDATE study SET visible = 1, imported_at = $importedAt, modalities = $modalities,
           series_count = (SELECT count(DISTINCT series) FROM ${committed}),
           instance_count = (SELECT count(*) FROM ${committed}),
           conflict_count = (SELECT count(*) FROM ${committed} AND EXISTS
             (SELECT 1 FROM instance AS earlier WHERE earlier.sop_uid = instance.sop_uid AND earlier.id < instance.id))
         WHERE id = $study`,
      )
      .run({ study, importedAt, modalities: modalities.join('\\') });
    this.#index(study, modalities);
  }

  #index(study: number, modalities: readonly string[]): void {
    const text = this.#database
      .prepare(
        `SELECT patient_name AS name, patient_name_ideographic AS ideographic, patient_id AS patient,
           accession_number AS accession, study_date AS date, description FROM study WHERE id = ?`,
      )
      .get([study]) as unknown as StudyText;
    const { date } = text;
    // 20240517 and 2024-05-17 both find it; so does the year alone.
    const dates = date.length === 8 ? `${date} ${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
    this.#database.prepare('DELETE FROM study_text WHERE rowid = ?').run([study]);
    this.#database
      .prepare(
        `INSERT INTO study_text (rowid, name, patient, accession, date, modality, description)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run([
        study,
        `${text.name} ${text.ideographic}`.replaceAll(/[\^=]/g, ' '),
        text.patient,
        text.accession,
        dates,
        modalities.join(' '),
        text.description,
      ]);
  }
}
