import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineChoice } from '../../electron/crypto/choose-engine.ts';
import { median, say } from '../command.ts';
import { ask, createProfile, importPaths, launch, quit, removeProfile, type Vitrine } from '../e2e/app.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { writeStudy } from '../study.ts';
import { PASSPHRASE } from '../vault.ts';
import { limitRow, type Row, row } from './row.ts';

const MIB = 1024 * 1024;
/** The vault process may grow by this much over idle, whatever the size of a study. */
const MEMORY_LIMIT_MIB = 250;
/** Slices of the large study: ten times the chest CT. */
const LARGE = 1480;

/** Copies a folder and syncs every file of it and the folder: what a careful person would do by hand. Seconds. */
async function copyAndSync(from: string, to: string): Promise<number> {
  const started = performance.now();
  const script = 'cp -r "$1" "$2" && sync "$2"/* "$2"';
  const child = spawn('sh', ['-c', script, 'sh', from, to], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error('cp and sync failed');
  return (performance.now() - started) / 1000;
}

/** Process id of the vault process. */
async function vaultProcess(vitrine: Vitrine): Promise<number> {
  const id = await vitrine.electron.evaluate(
    ({ app }) =>
      app.getAppMetrics().find(({ name, serviceName }) => `${name} ${serviceName}`.includes('Vitrine vault'))?.pid,
  );
  if (id === undefined) throw new Error('no vault process is running');
  return id;
}

async function statusMiB(id: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const value = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(await readFile(`/proc/${id}/status`, 'utf8'))?.[1];
  return Number(value ?? Number.NaN) / 1024;
}

interface Measured {
  readonly seconds: number;
  readonly memoryMiB: number;
}

/** Imports in the real app: the time that a person waits, and how far the vault process rose over idle meanwhile. */
async function measureImport(vitrine: Vitrine, path: string, files: number): Promise<Measured> {
  const id = await vaultProcess(vitrine);
  const idle = await statusMiB(id, 'VmRSS');
  // proc(5): 5 resets the peak of the resident set.
  await writeFile(`/proc/${id}/clear_refs`, '5');
  const started = performance.now();
  const outcome = await importPaths(vitrine, [path]);
  const seconds = (performance.now() - started) / 1000;
  if (outcome.counts.imported !== files) throw new Error(`${outcome.counts.imported} of ${files} files were imported`);
  return { seconds, memoryMiB: (await statusMiB(id, 'VmHWM')) - idle };
}

interface Sources {
  readonly ct: string;
  readonly ctFiles: number;
  readonly large: string;
  readonly what: string;
}

async function sources(folder: string): Promise<Sources> {
  const large = join(folder, 'large');
  await writeStudy(large, { seed: 'large', slices: LARGE });
  const real = sharedData('dicom/series/ct-chest-covid');
  if (real !== null) return { ct: real, ctFiles: 148, large, what: 'the 148-slice chest CT' };
  const ct = join(folder, 'ct');
  await writeStudy(ct, { seed: 'ct', slices: 148 });
  return { ct, ctFiles: 148, large, what: 'a generated CT of 148 slices (the test data is not beside the checkout)' };
}

/**
 * Rows `import-ct`, `import-native` and `import-memory`. The first is the application as it is on this machine, whichever
 * engine that has; where it is the native one the same samples are held against that engine's own goal. Each round has a vault of its own: a study that is
 * known isn't imported.
 */
export async function benchImport(rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-bench-'));
  const engine = engineChoice().id;
  const samples = {
    ours: [] as number[],
    copy: [] as number[],
    ctMemory: [] as number[],
    largeMemory: [] as number[],
    largeSeconds: [] as number[],
  };
  try {
    const { ct, ctFiles, large, what } = await sources(folder);
    for (let round = 0; round < rounds; round++) {
      const profile = await createProfile(folder);
      const vitrine = await launch(profile);
      await ask(vitrine.page, 'session.create', { name: 'Bench', passphrase: PASSPHRASE, useKeychain: false });
      const first = await measureImport(vitrine, large, LARGE);
      samples.largeMemory.push(first.memoryMiB);
      samples.largeSeconds.push(first.seconds);
      samples.copy.push(await copyAndSync(ct, join(folder, `copy-${round}`)));
      const imported = await measureImport(vitrine, ct, ctFiles);
      samples.ours.push(imported.seconds);
      samples.ctMemory.push(imported.memoryMiB);
      await quit(vitrine);
      await removeProfile(profile);
      say(`round ${round + 1} of ${rounds}: ${imported.seconds.toFixed(2)} s`);
    }
    const inverse = (seconds: number) => 1 / seconds;
    const importing = {
      what: `importing ${what} in the running app, after another import, with the ${engine} engine, from the request to the report; peer: cp and fsync of the same folder`,
      unit: 'folders/s',
      better: 'higher' as const,
      ours: samples.ours.map(inverse),
      peer: samples.copy.map(inverse),
    };
    return [
      row({ ...importing, id: 'import-ct', goal: 0.5, details: { engine } }),
      ...(engine === 'native' ? [row({ ...importing, id: 'import-native', goal: 0.7 })] : []),
      limitRow({
        id: 'import-memory',
        what: `peak resident memory of the vault process above idle, importing a generated CT of ${LARGE} slices (${Math.round((LARGE * 512 * 512 * 2) / MIB)} MiB); limit ${MEMORY_LIMIT_MIB} MiB`,
        unit: 'MiB',
        ours: samples.largeMemory,
        limit: MEMORY_LIMIT_MIB,
        details: {
          ctMedianMiB: Math.round(median(samples.ctMemory)),
          largeMBPerSecond: Math.round((LARGE * 512 * 512 * 2) / 1e6 / median(samples.largeSeconds)),
        },
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
