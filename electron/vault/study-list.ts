import type { SortColumn, StudyPage, StudyQuery, StudyRow } from '../../core/contract/catalogue.ts';
import type { Database } from './database.ts';

/** Column of the schema that each column of the list sorts by; each has an index. */
const SORT_KEYS: Record<SortColumn, string> = {
  patientName: 'sort_name',
  patientId: 'sort_id',
  patientBirthDate: 'patient_birth_date',
  studyDate: 'sort_date',
  modalities: 'modalities',
  studyDescription: 'sort_description',
  accessionNumber: 'sort_accession',
  instanceCount: 'instance_count',
  importedAt: 'imported_at',
};

/** The columns of a `StudyRow`, under the contract's names. */
const STUDY_COLUMNS = `
  study_id AS studyId, patient_name AS patientName, patient_id AS patientId, patient_birth_date AS patientBirthDate,
  patient_sex AS patientSex, study_date AS studyDate, study_time AS studyTime, modalities,
  description AS studyDescription, accession_number AS accessionNumber, series_count AS seriesCount,
  instance_count AS instanceCount, conflict_count AS conflictCount, annotation_count AS annotationCount,
  imported_at AS importedAt`;

/** What a row says of a patient whose study the session doesn't open. */
const WITHHELD = {
  patientName: '',
  patientId: '',
  patientBirthDate: '',
  patientSex: '',
  studyDescription: '',
  accessionNumber: '',
};

/** An order by one of these would say what is withheld. */
function isTelling(sort: SortColumn): boolean {
  return Object.hasOwn(WITHHELD, sort);
}

/** Case and accents don't count in sorting (Unicode NFKD without marks, lower case). */
export function sortKey(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * FTS5 expression that asks for every word of `text` as the beginning of a word, or null when `text` has no word.
 * Each word is quoted, so nothing that is typed is an operator.
 */
function matchExpression(text: string, modality: string): string | null {
  const words = text
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word.replaceAll('"', '""')}"*`);
  if (modality !== '') words.push(`modality : "${modality.replaceAll('"', '""')}"`);
  return words.length === 0 ? null : words.join(' AND ');
}

/**
 * The study list. Orders and matches are kept as lists of row numbers until the catalogue changes, so that scrolling
 * through a list of any length costs one page of rows.
 */
export class StudyList {
  readonly #database: Database;
  readonly #orders = new Map<SortColumn, Int32Array>();
  #matches: { key: string; ids: Int32Array } | null = null;
  #filter: { key: string; members: Uint8Array } | null = null;
  #generation = 0;
  /** 1 for each row whose patient may be told; null: all of them. A row that came later isn't among them. */
  #shown: Uint8Array | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Forgets what is kept: to be called whenever studies come, go or change. */
  changed(): void {
    this.#generation += 1;
    this.#forget();
  }

  /** Grows with every change. */
  get generation(): number {
    return this.#generation;
  }

  /** Tells the patients of these rows from now on, and of no others. */
  show(numbers: readonly number[]): void {
    const size = numbers.reduce((most, number) => Math.max(most, number), 0) + 1;
    this.#shown = mark(size, Int32Array.from(numbers));
    this.#forget();
  }

  search(query: StudyQuery): StudyPage {
    const order = this.#order(query.sort);
    const ids = this.#matching(query, order);
    const last = Math.min(ids.length, query.offset + query.limit);
    const page: number[] = [];
    if (this.#shown !== null && isTelling(query.sort)) {
      page.push(...this.#withheldLast(ids, query.descending).subarray(query.offset, last));
    } else {
      for (let i = query.offset; i < last; i++) page.push(ids[query.descending ? ids.length - 1 - i : i] as number);
    }
    return { total: ids.length, all: order.length, rows: this.#rows(page) };
  }

  /** A study's row, or null when there is none of that number. */
  row(number: number): StudyRow | null {
    return this.#rows([number])[0] ?? null;
  }

  /**
   * Other visible studies of the same patient, newest first. Patient IDs are unique within one institution only, so the
   * ID alone never joins two studies: the name must agree and no birth date contradict it, or the birth date must agree
   * (a changed name). Without an ID, name and birth date must both be there and agree.
   */
  priors(studyId: string): StudyRow[] {
    const own = this.#database
      .prepare('SELECT sort_id AS id, sort_name AS name, patient_birth_date AS birth FROM study WHERE study_id = ?')
      .get<{ id: string; name: string; birth: string }>([studyId]);
    if (own === undefined || (own.id === '' && (own.name === '' || own.birth === ''))) return [];
    const same =
      own.id === ''
        ? 'sort_name = $name AND patient_birth_date = $birth'
        : `((sort_name = $name AND (patient_birth_date = $birth OR patient_birth_date = '' OR $birth = ''))
           OR (patient_birth_date = $birth AND $birth <> ''))`;
    const ids = this.#database
      .prepare(
        `SELECT id FROM study WHERE visible = 1 AND study_id <> $studyId AND sort_id = $id AND ${same}
         ORDER BY sort_date DESC, id DESC LIMIT 200`,
        { pluck: true },
      )
      .all({ studyId, ...own }) as unknown as number[];
    // That a withheld study is this patient's is withheld, too.
    return this.#rows(ids.filter((id) => !this.#isWithheld(id)));
  }

  #isWithheld(id: number): boolean {
    return this.#shown !== null && this.#shown[id] !== 1;
  }

  /** Those that are told in their order, then the others, the newest first, whichever way the list is turned. */
  #withheldLast(ids: Int32Array, descending: boolean): Int32Array {
    const told = ids.filter((id) => !this.#isWithheld(id));
    if (descending) told.reverse();
    const others = ids.filter((id) => this.#isWithheld(id)).sort((a, b) => b - a);
    const all = new Int32Array(ids.length);
    all.set(told);
    all.set(others, told.length);
    return all;
  }

  #forget(): void {
    this.#orders.clear();
    this.#matches = null;
    this.#filter = null;
  }

  #rows(ids: readonly number[]): StudyRow[] {
    const one = this.#database.prepare(`SELECT ${STUDY_COLUMNS} FROM study WHERE id = ?`);
    const rows: StudyRow[] = [];
    for (const id of ids) {
      const row = one.get([id]);
      if (row === undefined) continue;
      const restricted = this.#isWithheld(id);
      rows.push({ ...(row as unknown as StudyRow), ...(restricted ? WITHHELD : {}), restricted });
    }
    return rows;
  }

  #order(sort: SortColumn): Int32Array {
    const known = this.#orders.get(sort);
    if (known !== undefined) return known;
    const order = this.#ids(`SELECT id FROM study WHERE visible = 1 ORDER BY ${SORT_KEYS[sort]}, id`, []);
    this.#orders.set(sort, order);
    return order;
  }

  #matching(query: StudyQuery, order: Int32Array): Int32Array {
    const filterKey = JSON.stringify([query.text, query.modality, query.since]);
    const members = this.#members(query, filterKey);
    if (members === null) return order;
    const key = `${query.sort} ${filterKey}`;
    if (this.#matches?.key === key) return this.#matches.ids;
    const ids = order.filter((id) => members[id] === 1);
    this.#matches = { key, ids };
    return ids;
  }

  /** Which rows pass text, modality and date; null means all of them do. */
  #members(query: StudyQuery, key: string): Uint8Array | null {
    const match = matchExpression(query.text, query.modality);
    if (match === null && query.since === '') return null;
    if (this.#filter?.key === key) return this.#filter.members;
    const size = Number(this.#database.prepare('SELECT max(id) FROM study', { pluck: true }).get() ?? 0) + 1;
    let members: Uint8Array | null = null;
    if (match !== null) {
      members = mark(size, this.#ids('SELECT rowid FROM study_text WHERE study_text MATCH ?', [match]));
      // A word that finds a withheld study says that it stands there.
      if (this.#shown !== null && query.text.trim() !== '')
        members = members.map((value, id) => value & (this.#shown?.[id] ?? 0));
    }
    if (query.since !== '') {
      const recent = mark(size, this.#ids('SELECT id FROM study WHERE visible = 1 AND sort_date >= ?', [query.since]));
      members = members === null ? recent : members.map((value, id) => value & (recent[id] as number));
    }
    this.#filter = { key, members: members as Uint8Array };
    return members;
  }

  #ids(sql: string, parameters: string[]): Int32Array {
    return Int32Array.from(this.#database.prepare(sql, { pluck: true }).all(parameters) as unknown as number[]);
  }
}

function mark(size: number, ids: Int32Array): Uint8Array {
  const members = new Uint8Array(size);
  for (const id of ids) members[id] = 1;
  return members;
}
