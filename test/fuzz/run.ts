/**
 * `npm run fuzz -- [--files N] [--seed S] [--out DIR]`: imports N mutated DICOM files through the real import. Writes
 * `<out>/report.json`, and keeps each file that crashed or hung the import beside it. Exit status 1 when one did.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import { phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { count, options, ROOT, say, writeReport } from '../command.ts';
import { FIXTURE_KINDS, mutate, syntheticFile } from '../fixtures/dicom.ts';
import { createTestVault } from '../vault.ts';
import { buildVictims } from '../victims.ts';
import { Importer } from './victim.ts';

const BATCH = 50;
/** A file that takes longer has hung: several times the limit that the import itself sets on a header. */
const FILE_LIMIT_MS = 20_000;
const BATCH_LIMIT_MS = 60_000;

interface Result {
  readonly crashes: string[];
  readonly hangs: string[];
  /** Files that the import lost sight of: neither imported nor refused. */
  readonly unaccounted: string[];
  readonly codes: Map<string, number>;
  imported: number;
  refused: number;
  resident: number;
}

/** What is mutated: one file of every kind that the generators make, each with a study of its own. */
function sources(seed: number): Uint8Array[] {
  const files = FIXTURE_KINDS.map((kind) => syntheticFile(kind, { seed: `fuzz-${seed}-${kind}` }));
  return [...files, ...[...phantomStudy({ seed: `fuzz-${seed}`, matrix: 32, slices: 2 })].map(({ bytes }) => bytes)];
}

/** Files of a batch, one after the other: which of them is it? */
async function attribute(importer: Importer, paths: readonly string[], result: Result): Promise<void> {
  for (const path of paths) await importAll(importer, [path], result);
}

async function importAll(importer: Importer, paths: readonly string[], result: Result): Promise<void> {
  const ended = await importer.import(paths, paths.length === 1 ? FILE_LIMIT_MS : BATCH_LIMIT_MS);
  if (ended.end !== 'answer' || ended.answer.failed !== null) {
    if (paths.length > 1) return await attribute(importer, paths, result);
    // An import that fails as a whole for one bad file has crashed as far as the person is concerned.
    result[ended.end === 'hang' ? 'hangs' : 'crashes'].push(...paths);
    return;
  }
  const { imported, refused, resident } = ended.answer;
  result.imported += imported.length;
  result.refused += refused.length;
  result.resident = Math.max(result.resident, resident);
  for (const { code } of refused) result.codes.set(code, (result.codes.get(code) ?? 0) + 1);
  const seen = new Set([...imported, ...refused.map(({ path }) => path)]);
  result.unaccounted.push(...paths.filter((path) => !seen.has(path)));
}

async function keep(out: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await mkdir(join(out, 'failures'), { recursive: true });
  for (const path of paths) await copyFile(path, join(out, 'failures', basename(path)));
}

async function fuzz(folder: string, files: number, seed: number): Promise<Result> {
  const { dir, vaultId, catalogueKey, wrappingKey } = await createTestVault(join(folder, 'vault'));
  const keys = { catalogueKey: toHex(catalogueKey), wrappingKey: toHex(wrappingKey) };
  const importer = new Importer((await buildVictims())('fuzz-importer'), { dir, vaultId, ...keys });
  const codes = new Map<string, number>();
  const result: Result = { crashes: [], hangs: [], unaccounted: [], codes, imported: 0, refused: 0, resident: 0 };
  const originals = sources(seed);
  for (let first = 0; first < files; first += BATCH) {
    const paths: string[] = [];
    for (let n = first; n < Math.min(files, first + BATCH); n++) {
      const path = join(folder, `seed-${seed}-file-${n}.dcm`);
      const original = originals[n % originals.length] ?? new Uint8Array();
      await writeFile(path, mutate(original, seed * 1_000_003 + n));
      paths.push(path);
    }
    await importAll(importer, paths, result);
    if (first % 500 === 0) say(`${first} of ${files} files`);
  }
  await importer.stop();
  return result;
}

async function main(): Promise<number> {
  const given = options({ files: '2000', seed: '1', out: join(ROOT, 'out', 'fuzz') });
  const files = count('files', given.files);
  const seed = count('seed', given.seed, 0);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-fuzz-'));
  try {
    const { crashes, hangs, unaccounted, codes, imported, refused, resident } = await fuzz(folder, files, seed);
    await keep(given.out, [...crashes, ...hangs, ...unaccounted]);
    const failures = { crashes: crashes.length + unaccounted.length, hangs: hangs.length };
    const report = { files, ...failures, refused, imported, seed, refusals: Object.fromEntries(codes) };
    const path = await writeReport(given.out, { ...report, peakResidentBytes: resident });
    say(
      `${files} files, seed ${seed}: ${imported} imported, ${refused} refused, ${failures.crashes} crashes, ${failures.hangs} hangs`,
    );
    for (const [code, n] of [...codes].sort((a, b) => b[1] - a[1])) say(`  ${code}: ${n}`);
    for (const file of unaccounted) say(`  neither imported nor refused: ${basename(file)}`);
    say(`report: ${path}`);
    const broken = failures.crashes + failures.hangs > 0;
    say(broken ? `BROKEN: the files are in ${join(given.out, 'failures')}` : 'no crash, no hang');
    return broken ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
