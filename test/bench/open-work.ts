/**
 * What the benchmark of opening runs inside Electron: a study of 500 slices in a vault, read frame by frame through the
 * vault as a window reads it, beside `cat` of the same sealed objects. Both come from the page cache. Prints one JSON
 * document.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineChoice } from '../../electron/crypto/choose-engine.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import { writeStudy } from '../study.ts';

const SLICES = 500;
/** Frames that are asked for at a time: what the window's prefetch has under way. */
const IN_FLIGHT = 6;
const ROUNDS = Number(process.env['VITRINE_BENCH_ROUNDS'] ?? 5);

/** Seconds, round by round. */
export interface OpenFigures {
  readonly open: number[];
  readonly cat: number[];
  readonly megabytes: number;
  readonly engine: string;
  readonly runtime: string;
}

/** Opens the study and unseals every frame. @returns bytes of pixels */
async function readStudy(vault: FileVault, studyId: string): Promise<number> {
  const { handle } = await vault.open(studyId);
  const { series } = await vault.details(studyId);
  const objects = series.flatMap(({ instances }) => instances.map(({ objectId }) => objectId));
  let bytes = 0;
  const worker = async (): Promise<void> => {
    for (let object = objects.pop(); object !== undefined; object = objects.pop()) {
      const frame = await vault.frame(handle, object, 1);
      bytes += frame.bytes.length;
      frame.release?.();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  await vault.close(handle);
  return bytes;
}

async function cat(files: readonly string[]): Promise<void> {
  const child = spawn('sh', ['-c', 'cat "$@" > /dev/null', 'sh', ...files], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error('cat failed');
}

async function seconds(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1000;
}

async function main(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'vitrine-bench-open-'));
  try {
    await writeStudy(join(root, 'study'), { seed: 'open', slices: SLICES, matrix: 512 });
    const vault = await FileVault.create({
      dir: join(root, 'vault'),
      vaultId: randomBytes(16).toString('hex'),
      catalogueKey: new Uint8Array(randomBytes(32)),
      wrappingKey: new Uint8Array(randomBytes(32)),
    });
    const observer = { signal: new AbortController().signal, progress: () => undefined };
    const { outcome } = await vault.import({ job: 'open', from: { paths: [join(root, 'study')] } }, observer);
    const studyId = outcome.studyIds[0] ?? '';
    const folder = join(root, 'vault', 'studies', studyId);
    const files = (await readdir(folder))
      .filter((name) => name.endsWith('.instance'))
      .map((name) => join(folder, name));
    const figures = { open: [] as number[], cat: [] as number[] };
    let bytes = 0;
    for (let round = -1; round < ROUNDS; round++) {
      const other = await seconds(() => cat(files));
      const ours = await seconds(async () => {
        bytes = await readStudy(vault, studyId);
      });
      // The round before the first warms up code and page cache.
      if (round < 0) continue;
      figures.cat.push(other);
      figures.open.push(ours);
    }
    await vault.dispose();
    const runtime = process.versions['electron']
      ? `Electron ${process.versions['electron']}`
      : `Node ${process.version}`;
    const answer: OpenFigures = { ...figures, megabytes: Math.round(bytes / 1e6), engine: engineChoice().id, runtime };
    process.stdout.write(JSON.stringify(answer));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

await main();
