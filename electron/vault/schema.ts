/**
 * The catalogue's tables. An instance row is written while its import runs and counts only once the import's state is
 * `done`: one small update at the end makes a whole import visible, whatever its size. Study rows carry counts and sort
 * keys of what is visible, so that the list never has to count.
 *
 * Migrations are appended, never edited: `user_version` says how many have run.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE import (
    id INTEGER PRIMARY KEY,
    import_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    started_at TEXT NOT NULL,
    finished_at TEXT
  );

  CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    study_id TEXT NOT NULL UNIQUE,
    study_uid TEXT NOT NULL UNIQUE,
    visible INTEGER NOT NULL DEFAULT 0,
    patient_name TEXT NOT NULL DEFAULT '',
    patient_name_ideographic TEXT NOT NULL DEFAULT '',
    patient_id TEXT NOT NULL DEFAULT '',
    patient_birth_date TEXT NOT NULL DEFAULT '',
    patient_sex TEXT NOT NULL DEFAULT '',
    study_date TEXT NOT NULL DEFAULT '',
    study_time TEXT NOT NULL DEFAULT '',
    modalities TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    accession_number TEXT NOT NULL DEFAULT '',
    series_count INTEGER NOT NULL DEFAULT 0,
    instance_count INTEGER NOT NULL DEFAULT 0,
    conflict_count INTEGER NOT NULL DEFAULT 0,
    annotation_count INTEGER NOT NULL DEFAULT 0,
    imported_at TEXT NOT NULL DEFAULT '',
    manifests INTEGER NOT NULL DEFAULT 0,
    sort_name TEXT NOT NULL DEFAULT '',
    sort_id TEXT NOT NULL DEFAULT '',
    sort_description TEXT NOT NULL DEFAULT '',
    sort_accession TEXT NOT NULL DEFAULT '',
    sort_date TEXT NOT NULL DEFAULT ''
  );
  CREATE INDEX study_by_name ON study (sort_name, id) WHERE visible = 1;
  CREATE INDEX study_by_patient ON study (sort_id, id) WHERE visible = 1;
  CREATE INDEX study_by_birth ON study (patient_birth_date, id) WHERE visible = 1;
  CREATE INDEX study_by_date ON study (sort_date, id) WHERE visible = 1;
  CREATE INDEX study_by_modalities ON study (modalities, id) WHERE visible = 1;
  CREATE INDEX study_by_description ON study (sort_description, id) WHERE visible = 1;
  CREATE INDEX study_by_accession ON study (sort_accession, id) WHERE visible = 1;
  CREATE INDEX study_by_instances ON study (instance_count, id) WHERE visible = 1;
  CREATE INDEX study_by_import ON study (imported_at, id) WHERE visible = 1;

  CREATE VIRTUAL TABLE study_text USING fts5 (
    name, patient, accession, date, modality, description,
    content = '', contentless_delete = 1, prefix = '1 2 3', detail = full,
    tokenize = 'unicode61 remove_diacritics 2'
  );

  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    study INTEGER NOT NULL REFERENCES study (id),
    series_uid TEXT NOT NULL,
    modality TEXT NOT NULL,
    number INTEGER,
    description TEXT NOT NULL,
    body_part TEXT NOT NULL,
    laterality TEXT NOT NULL,
    date TEXT NOT NULL,
    time TEXT NOT NULL,
    UNIQUE (study, series_uid)
  );

  CREATE TABLE instance (
    id INTEGER PRIMARY KEY,
    object_id TEXT NOT NULL UNIQUE,
    study INTEGER NOT NULL REFERENCES study (id),
    series INTEGER NOT NULL REFERENCES series (id),
    import INTEGER NOT NULL REFERENCES import (id),
    sop_uid TEXT NOT NULL,
    sop_class_uid TEXT NOT NULL,
    number INTEGER,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    transfer_syntax TEXT NOT NULL,
    rows INTEGER NOT NULL,
    columns INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    position TEXT,
    warnings TEXT NOT NULL,
    frame_index BLOB
  );
  CREATE INDEX instance_by_sop ON instance (sop_uid);
  CREATE INDEX instance_by_study ON instance (study);
  CREATE INDEX instance_by_series ON instance (series);
  CREATE INDEX instance_by_import ON instance (import, study);

  CREATE TABLE header (
    instance INTEGER PRIMARY KEY REFERENCES instance (id) ON DELETE CASCADE,
    json BLOB NOT NULL
  );

  CREATE TABLE annotation_entry (
    study INTEGER NOT NULL REFERENCES study (id),
    sequence INTEGER NOT NULL,
    object_id TEXT NOT NULL UNIQUE,
    saved_at TEXT NOT NULL,
    entries TEXT,
    PRIMARY KEY (study, sequence, object_id)
  ) WITHOUT ROWID;
  `,
  // The vault's count of itself (state-rows.ts), what its care found (electron/care), and where the scrub is.
  `
  CREATE TABLE vault_state (id INTEGER PRIMARY KEY CHECK (id = 1), counter INTEGER NOT NULL);
  CREATE TABLE state_bucket (bucket TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE state_dirty (bucket TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE study_manifest (
    study INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    import_id TEXT NOT NULL,
    PRIMARY KEY (study, number)
  ) WITHOUT ROWID;

  INSERT INTO vault_state (id, counter)
    SELECT 1, (SELECT count(*) FROM import WHERE state = 'done') + (SELECT count(*) FROM annotation_entry);
  INSERT INTO state_dirty SELECT DISTINCT substr(study_id, 1, 2) FROM study WHERE visible = 1;
  INSERT INTO study_manifest
    SELECT part.study, row_number() OVER (PARTITION BY part.study ORDER BY part.import), import.import_id
    FROM (SELECT DISTINCT study, import FROM instance) AS part
    JOIN import ON import.id = part.import AND import.state = 'done';

  CREATE TRIGGER count_import AFTER UPDATE OF state ON import WHEN NEW.state = 'done' BEGIN
    UPDATE vault_state SET counter = counter + 1;
  END;
  CREATE TRIGGER count_manifest AFTER UPDATE OF manifests ON study
    WHEN NEW.manifests = OLD.manifests + 1 AND EXISTS (
      SELECT 1 FROM instance WHERE study = NEW.id AND import = (SELECT max(id) FROM import WHERE state = 'done')
    ) BEGIN
    INSERT OR REPLACE INTO study_manifest
      SELECT NEW.id, NEW.manifests, import_id FROM import WHERE state = 'done' ORDER BY id DESC LIMIT 1;
    INSERT OR IGNORE INTO state_dirty VALUES (substr(NEW.study_id, 1, 2));
  END;
  CREATE TRIGGER count_note AFTER INSERT ON annotation_entry BEGIN
    UPDATE vault_state SET counter = counter + 1;
    INSERT OR IGNORE INTO state_dirty SELECT substr(study_id, 1, 2) FROM study WHERE id = NEW.study;
  END;
  CREATE TRIGGER count_study_gone AFTER DELETE ON study WHEN OLD.visible = 1 BEGIN
    UPDATE vault_state SET counter = counter + 1;
    INSERT OR IGNORE INTO state_dirty VALUES (substr(OLD.study_id, 1, 2));
  END;

  CREATE TABLE care (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE scrubbed (
    object_id TEXT PRIMARY KEY,
    study_id TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    problem TEXT
  ) WITHOUT ROWID;
  CREATE INDEX scrubbed_damaged ON scrubbed (study_id) WHERE problem IS NOT NULL;
  `,
  // Objects whose compressed frames nobody has decoded yet (pixel-check.ts). The native syntaxes have nothing to decode.
  `
  CREATE TABLE unchecked (instance INTEGER PRIMARY KEY REFERENCES instance (id) ON DELETE CASCADE);
  CREATE TRIGGER to_check AFTER INSERT ON instance
    WHEN NEW.frames > 0 AND (NEW.transfer_syntax LIKE '1.2.840.10008.1.2.4.%' OR NEW.transfer_syntax = '1.2.840.10008.1.2.5')
    BEGIN
      INSERT INTO unchecked VALUES (NEW.id);
    END;
  INSERT INTO unchecked SELECT id FROM instance
    WHERE frames > 0 AND (transfer_syntax LIKE '1.2.840.10008.1.2.4.%' OR transfer_syntax = '1.2.840.10008.1.2.5');
  `,
  // For which roles and rules each study's key is wrapped, as far as it was looked at (reader-rows.ts).
  `
  CREATE TABLE study_reader (study INTEGER PRIMARY KEY REFERENCES study (id) ON DELETE CASCADE, readers TEXT NOT NULL);
  `,
];
