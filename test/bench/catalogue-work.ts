/**
 * What the benchmark of the catalogue runs inside Electron: a vault with 100,000 synthetic studies, opened as the vault
 * process opens it, and searched as somebody types. Prints one JSON document.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudyQuery } from '../../core/contract/catalogue.ts';
import type { ObjectId, StudyId } from '../../core/ids.ts';
import { Catalogue } from '../../electron/vault/catalogue.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import type { StagedInstance } from '../../electron/vault/import-rows.ts';
import type { OpenVault } from '../../electron/vault/protocol.ts';
import { packJson } from '../../electron/vault/records.ts';
import { seededRandom } from '../command.ts';

const STUDIES = 100_000;
const BATCH = 2000;
/** Searches of a round, each one a keystroke. */
const SEARCHES = 200;
const ROUNDS = Number(process.env['VITRINE_BENCH_ROUNDS'] ?? 5);

/** Milliseconds, round by round: an opening with the first page of the list, and every single search. */
export interface CatalogueFigures {
  readonly open: number[];
  readonly search: number[][];
  readonly runtime: string;
}

const random = seededRandom(100_000);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const SYLLABLES = ['an', 'ber', 'cor', 'dal', 'el', 'fin', 'gar', 'hol', 'is', 'jor', 'ka', 'lu', 'mar', 'nor', 'os'];
const word = (parts: number): string => {
  const text = Array.from({ length: parts }, () => pick(SYLLABLES)).join('');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
const MODALITIES = ['CT', 'MR', 'CR', 'US', 'DX', 'PT', 'XA', 'MG'];
const DESCRIPTIONS = ['Chest with contrast', 'Brain T1 T2', 'Knee left', 'Abdomen portal venous', 'Thorax pa'];
const HEADER = packJson({});

function study(n: number): StagedInstance {
  const id = (prefix: string): string => `${prefix}${n.toString(16)}`.padStart(32, '0');
  const day = new Date(Date.UTC(2006, 0, 1) + Math.floor(random() * 7300) * 86_400_000);
  const modality = pick(MODALITIES);
  return {
    studyId: id('a') as StudyId,
    study: {
      studyUid: `1.2.826.0.1.${n}`,
      patientName: `${word(3)}^${word(2)}`,
      patientNameIdeographic: '',
      patientId: `P${100_000 + Math.floor(random() * 60_000)}`,
      patientBirthDate: `19${10 + Math.floor(random() * 89)}0${1 + Math.floor(random() * 9)}17`,
      patientSex: pick(['F', 'M', 'O']),
      studyDate: day.toISOString().slice(0, 10).replaceAll('-', ''),
      studyTime: `${10 + Math.floor(random() * 10)}1500`,
      description: pick(DESCRIPTIONS),
      accessionNumber: `A${1_000_000 + n}`,
    },
    instance: {
      objectId: id('b') as ObjectId,
      series: {
        seriesUid: `1.2.826.0.1.${n}.1`,
        modality,
        number: 1,
        description: '',
        bodyPart: '',
        laterality: '',
        date: '',
        time: '',
      },
      sopUid: `1.2.826.0.1.${n}.1.1`,
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      number: 1,
      sha256: n.toString(16).padStart(64, '0'),
      size: 525_000,
      transferSyntax: '1.2.840.10008.1.2.1',
      rows: 512,
      columns: 512,
      frames: 1,
      geometry: null,
      warnings: [],
      frameIndex: null,
      deflatedJson: HEADER,
    },
  };
}

/** Fills the catalogue as an import does, in one commit. @returns what stands in it, to be searched for */
async function fill(vault: OpenVault): Promise<StagedInstance[]> {
  const made = await FileVault.create(vault);
  await made.dispose();
  const catalogue = new Catalogue(join(vault.dir, 'catalogue.db'), vault.catalogueKey, { mustExist: true });
  const number = catalogue.imports.begin('f'.repeat(32), new Date().toISOString());
  const sample: StagedInstance[] = [];
  for (let first = 0; first < STUDIES; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => study(first + i));
    catalogue.imports.stage(number, batch);
    sample.push(...batch.slice(0, 40));
  }
  catalogue.imports.commit(number, new Date().toISOString());
  catalogue.close();
  return sample;
}

const page = (text: string, options: Partial<StudyQuery> = {}): StudyQuery => ({
  text,
  modality: '',
  since: '',
  sort: 'studyDate',
  descending: true,
  offset: 0,
  limit: 100,
  ...options,
});

/** Somebody types a word that is in the list; now and then with a filter, sorted by this or that. */
function* typed(sample: readonly StagedInstance[]): Generator<StudyQuery> {
  for (;;) {
    const { study: found } = pick(sample);
    const [family = '', given = ''] = found.patientName.split('^');
    const text = pick([
      `${family} ${given}`,
      found.patientId,
      found.accessionNumber,
      found.studyDate,
      found.description,
      `${given} ${found.studyDate.slice(0, 4)}`,
    ]);
    const modality = random() < 0.2 ? pick(MODALITIES) : '';
    const sort = pick(['studyDate', 'studyDate', 'patientName', 'importedAt', 'modalities'] as const);
    for (let length = 1; length <= text.length; length++) yield page(text.slice(0, length), { modality, sort });
  }
}

async function main(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'vitrine-bench-list-'));
  try {
    const key = (): Uint8Array => new Uint8Array(randomBytes(32));
    const vaultId = randomBytes(16).toString('hex');
    const kept: OpenVault = { dir: join(root, 'vault'), vaultId, catalogueKey: key(), wrappingKey: key() };
    // An opening may wipe what it is given.
    const open = (): OpenVault => ({
      ...kept,
      catalogueKey: kept.catalogueKey.slice(),
      wrappingKey: kept.wrappingKey.slice(),
    });
    const queries = typed(await fill(open()));
    const figures = { open: [] as number[], search: [] as number[][] };
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      const { vault } = await FileVault.open(open());
      const { total } = await vault.search(page(''));
      figures.open.push(performance.now() - started);
      if (total !== STUDIES) throw new Error(`the list has ${total} studies`);
      const times: number[] = [];
      for (let n = 0; n < SEARCHES; n++) {
        const query = queries.next().value as StudyQuery;
        const asked = performance.now();
        await vault.search(query);
        times.push(performance.now() - asked);
      }
      figures.search.push(times);
      await vault.dispose();
    }
    const runtime = process.versions['electron']
      ? `Electron ${process.versions['electron']}`
      : `Node ${process.version}`;
    process.stdout.write(JSON.stringify({ ...figures, runtime } satisfies CatalogueFigures));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

await main();
