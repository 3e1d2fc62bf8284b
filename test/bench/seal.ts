import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronPath } from '../../build/provision/electron.ts';
import { ROOT, say } from '../command.ts';
import { type Row, row } from './row.ts';
import type { SealFigures } from './seal-work.ts';

/** Output of a program. @throws Error when it fails */
function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { out: '', error: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      texts.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      texts.error += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(texts.out);
      else reject(new Error(`${command} ended with ${code}: ${texts.error.slice(-400)}`));
    });
  });
}

/** Runs a `…-work.ts` inside Electron's own Node: its BoringSSL, its allocator, no window. @returns what it printed */
export async function inElectron<Figures>(work: string, rounds: number): Promise<Figures> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', VITRINE_BENCH_ROUNDS: String(rounds) };
  const script = join(ROOT, 'test', 'bench', work);
  return JSON.parse(await output(await electronPath(), ['--import', 'tsx', script], env)) as Figures;
}

/** `openssl speed` of AES-256-GCM at the same segment length, GB/s by the clock or by processor time. */
export async function opensslSpeed(segment: number, clock: 'wall' | 'processor' = 'wall'): Promise<number> {
  const elapsed = clock === 'wall' ? ['-elapsed'] : [];
  const args = ['speed', ...elapsed, '-seconds', '2', '-bytes', String(segment), '-evp', 'aes-256-gcm'];
  const thousands = /([\d.]+)k\s*$/.exec((await output('openssl', args)).trim())?.[1];
  if (thousands === undefined) throw new Error('openssl speed printed no figure');
  return Number(thousands) / 1e6;
}

/** `age` sealing 1 GiB to /dev/null, GB/s. */
async function ageSpeed(file: string, recipient: string, bytes: number): Promise<number> {
  const started = performance.now();
  await output('age', ['-r', recipient, '-o', '/dev/null', file]);
  return bytes / 1e6 / (performance.now() - started);
}

/** `age` as often as `rounds` says. */
export async function ageFigures(rounds: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-age-'));
  try {
    const identity = await output('age-keygen', []);
    const recipient = /age1\w+/.exec(identity)?.[0];
    if (recipient === undefined) throw new Error('age-keygen printed no recipient');
    const file = join(folder, 'plain');
    const bytes = 1024 * 1024 * 1024;
    await writeFile(file, Buffer.alloc(bytes, 'vitrine'));
    const figures: number[] = [];
    for (let i = 0; i < rounds; i++) figures.push(await ageSpeed(file, recipient, bytes));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Time of two steps that follow each other, as one speed. */
export function together(first: readonly number[], second: readonly number[]): number[] {
  return first.map((speed, i) => 2 / (1 / speed + 1 / (second[i] ?? Number.NaN)));
}

/** Rows `seal-…`: all of them from one run inside Electron. */
export async function benchSeal(rounds: number): Promise<Row[]> {
  const figures = await inElectron<SealFigures>('seal-work.ts', rounds);
  say(`sealing ran in ${figures.runtime}, segments of ${figures.segment / 1024} KiB`);
  const openssl: number[] = [];
  const twoOpenssl: number[] = [];
  for (let i = 0; i < rounds; i++) {
    openssl.push(await opensslSpeed(figures.segment));
    const both = await Promise.all([opensslSpeed(figures.segment), opensslSpeed(figures.segment)]);
    twoOpenssl.push(both[0] + both[1]);
  }
  const base = { unit: 'GB/s', better: 'higher' as const };
  const sealing = row({ ...base, id: '', what: '', goal: 0.85, ours: figures.seal, peer: figures.plainSeal });
  const opening = row({ ...base, id: '', what: '', goal: 0.85, ours: figures.open, peer: figures.plainOpen });
  const threads = row({ ...base, id: '', what: '', goal: null, ours: figures.twoThreads, peer: figures.oneThread });
  // What two processes gain on this machine when nothing of ours runs in them.
  const bare = row({ ...base, id: '', what: '', goal: null, ours: figures.twoPlain, peer: figures.onePlain });
  const bareOpenssl = row({ ...base, id: '', what: '', goal: null, ours: twoOpenssl, peer: openssl });
  return [
    row({
      ...base,
      id: 'seal-platform',
      what: `sealing and opening 1 GiB with the platform engine, one thread, in ${figures.runtime}; peer: plain AES-256-GCM through node:crypto on the same buffers in segments of the same length`,
      goal: 0.85,
      ours: together(figures.seal, figures.open),
      peer: together(figures.plainSeal, figures.plainOpen),
      details: { seal: sealing.ours, sealRatio: sealing.ratio, open: opening.ours, openRatio: opening.ratio },
    }),
    row({
      ...base,
      id: 'seal-two-workers',
      what: `sealing 1 GiB with the platform engine in two worker processes, in ${figures.runtime}; peer: in one. In two threads of one process node:crypto doesn't scale: each segment is a new buffer, and the threads wait for each other where memory is allotted and freed (details: threadsRatio)`,
      goal: 1.7,
      ours: figures.two,
      peer: figures.one,
      details: {
        oneThread: threads.peer ?? Number.NaN,
        twoThreads: threads.ours,
        threadsRatio: threads.ratio,
        bareProcessesRatio: bare.ratio,
        opensslProcessesRatio: bareOpenssl.ratio,
      },
    }),
    row({
      ...base,
      id: 'seal-vs-openssl',
      what: 'sealing 1 GiB with the platform engine; peer: openssl speed of AES-256-GCM at the same segment length',
      goal: null,
      ours: figures.seal,
      peer: openssl,
    }),
    row({
      ...base,
      id: 'seal-vs-age',
      what: 'sealing 1 GiB with the platform engine, in memory; peer: the age command sealing a file of 1 GiB to /dev/null',
      goal: null,
      ours: figures.seal,
      peer: await ageFigures(rounds),
    }),
  ];
}
