import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SortColumn, sortColumn } from '../../core/contract/catalogue.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import { Catalogue } from './catalogue.ts';
import type { StagedInstance } from './import-rows.ts';
import { packJson } from './records.ts';

const path = join(tmpdir(), `vitrine-list-${randomBytes(6).toString('hex')}.db`);
const NAMES = ['Müller^Jörg', 'Mulder^Anna', 'Díaz^José', 'ÅBERG^Sven', 'de la Cruz^Ana', "O'Neil^Pat", '山田^太郎'];
let catalogue: Catalogue;

function study(n: number): StagedInstance {
  const id = (prefix: string) => `${prefix}${n.toString(16)}`.padStart(32, '0');
  return {
    studyId: id('a') as StudyId,
    study: {
      studyUid: `1.2.${n}`,
      patientName: NAMES[n % NAMES.length] as string,
      patientNameIdeographic: n % 7 === 1 ? '山田^太郎' : '',
      patientId: `P-${n % 5}`,
      patientBirthDate: `19${50 + n}0101`,
      patientSex: 'O',
      studyDate: `202${n % 5}0${1 + (n % 9)}15`,
      studyTime: `${10 + n}0000`,
      description: n % 2 === 0 ? 'Chest with contrast' : 'Brain "T1" AND more',
      accessionNumber: `ACC${1000 + n}`,
    },
    instance: {
      objectId: id('b') as ObjectId,
      series: {
        seriesUid: `1.2.${n}.1`,
        modality: n % 2 === 0 ? 'CT' : 'MR',
        number: 1,
        description: '',
        bodyPart: '',
        laterality: '',
        date: '',
        time: '',
      },
      sopUid: `1.2.${n}.1.1`,
      sopClassUid: '1.2',
      number: 1,
      sha256: '00'.repeat(32),
      size: 1,
      transferSyntax: '1.2.840.10008.1.2.1',
      rows: 1,
      columns: 1,
      frames: 1,
      geometry: null,
      warnings: [],
      frameIndex: null,
      deflatedJson: packJson({}),
    },
  };
}

function search(
  text: string,
  options: { modality?: string; since?: string; sort?: SortColumn; descending?: boolean } = {},
) {
  const { modality = '', since = '', sort = 'patientName', descending = false } = options;
  return catalogue.search({ text, modality, since, sort, descending, offset: 0, limit: 100 });
}

const names = (text: string) => new Set(search(text).rows.map((row) => row.patientName));

beforeAll(() => {
  catalogue = new Catalogue(path, randomBytes(32), { mustExist: false });
  const number = catalogue.imports.begin('f'.repeat(32), '2026-01-01T00:00:00Z');
  catalogue.imports.stage(
    number,
    Array.from({ length: 21 }, (_, n) => study(n)),
  );
  expect(search('').total).toBe(0);
  catalogue.imports.commit(number, '2026-01-02T00:00:00Z');
});

afterAll(async () => {
  catalogue.close();
  for (const companion of ['', '-wal', '-shm']) await rm(`${path}${companion}`, { force: true });
});

describe('search', () => {
  it('takes each word as the beginning of a word, whatever its case and accents', () => {
    expect(names('mul')).toEqual(new Set(['Müller^Jörg', 'Mulder^Anna']));
    expect(names('MÜLL jor')).toEqual(new Set(['Müller^Jörg']));
    expect(names('jose diaz')).toEqual(new Set(['Díaz^José']));
    expect(names('aberg')).toEqual(new Set(['ÅBERG^Sven']));
    expect(names('cruz an')).toEqual(new Set(['de la Cruz^Ana']));
    expect(names('山田')).toEqual(new Set(['山田^太郎', 'Mulder^Anna']));
    expect(names('uller').size).toBe(0);
  });

  it('looks in id, accession, date, modality and description too', () => {
    expect(search('acc1003').total).toBe(1);
    expect(search('p-3').total).toBe(4);
    expect(search('2023-04').total).toBe(search('202304').total);
    expect(search('ct').total).toBe(11);
    expect(search('chest contrast mul').total).toBeGreaterThan(0);
  });

  it('takes nothing that is typed for an operator', () => {
    for (const text of ['"', '*', 'AND', 'NOT ct', 'name:x', '(', 'a" OR "b', '^', '--', '%', "'; DROP TABLE study"])
      expect(() => search(text)).not.toThrow();
    expect(search('"t1"').total).toBe(10);
    expect(search('^ *').total).toBe(21);
  });

  it('filters by modality and date, together with text', () => {
    expect(search('', { modality: 'MR' }).total).toBe(10);
    expect(search('', { modality: 'M' }).total).toBe(0);
    const recent = search('', { since: '20230101' });
    expect(recent.rows.every((row) => row.studyDate >= '20230101')).toBe(true);
    expect(search('mul', { modality: 'CT', since: '20230101' }).total).toBeLessThan(recent.total);
    expect(recent.all).toBe(21);
  });
});

describe('sort', () => {
  it.each(sortColumn.options)('by %s, both ways, page by page', (sort) => {
    const up = search('', { sort }).rows.map((row) => row.studyId);
    const down = search('', { sort, descending: true }).rows.map((row) => row.studyId);
    expect(down).toEqual([...up].reverse());
    const query = { text: '', modality: '', since: '', sort, descending: false, limit: 5 };
    const pages = [0, 5, 10, 15, 20, 25].flatMap((offset) => catalogue.search({ ...query, offset }).rows);
    expect(pages.map((row) => row.studyId)).toEqual(up);
  });

  it('by name does not see accents', () => {
    const order = [...new Set(search('').rows.map((row) => row.patientName))];
    expect(order.slice(0, 3)).toEqual(['ÅBERG^Sven', 'de la Cruz^Ana', 'Díaz^José']);
  });
});

/** Patients that a Patient ID alone would make one: clinics count their patients from 1. */
const PATIENTS: readonly (readonly [name: string, id: string, birth: string])[] = [
  ['ALPHA^Anna', '1', '19600101'],
  ['ALPHA^Anna', '1', '19600101'],
  ['ALPHA^Anna', '1', ''],
  ['OMEGA^Anna', '1', '19600101'],
  ['BETA^Bert', '1', '19700101'],
  ['ALPHA^Anna', '1', '19800101'],
  ['GAMMA^Gil', '', '19900101'],
  ['GAMMA^Gil', '', '19900101'],
  ['GAMMA^Gil', '', ''],
];

describe('priors', () => {
  it('are never joined by a Patient ID alone, nor by a name alone', () => {
    const file = join(tmpdir(), `vitrine-priors-${randomBytes(6).toString('hex')}.db`);
    const own = new Catalogue(file, randomBytes(32), { mustExist: false });
    const number = own.imports.begin('d'.repeat(32), '2026-01-01T00:00:00.000Z');
    const staged = PATIENTS.map(([patientName, patientId, patientBirthDate], n) => {
      const { study: record, ...rest } = study(n);
      return { ...rest, study: { ...record, patientName, patientNameIdeographic: '', patientId, patientBirthDate } };
    });
    own.imports.stage(number, staged);
    own.imports.commit(number, '2026-01-02T00:00:00Z');
    const priorsOf = (n: number) =>
      own
        .details(staged[n]?.studyId ?? '')
        .priors.map(({ studyId }) => staged.findIndex((one) => one.studyId === studyId))
        .sort();
    const dates = own.details(staged[0]?.studyId ?? '').priors.map((row) => row.studyDate + row.studyTime);
    expect(dates).toEqual([...dates].sort().reverse());
    // The same name without a contradicting birth date, and the same birth date under a new name.
    expect(priorsOf(0)).toEqual([1, 2, 3]);
    expect(priorsOf(4)).toEqual([]);
    expect(priorsOf(5)).toEqual([2]);
    expect(priorsOf(6)).toEqual([7]);
    expect(priorsOf(8)).toEqual([]);
    own.close();
  });
});
