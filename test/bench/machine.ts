import { readFile } from 'node:fs/promises';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { findRuntime, runtimeLine } from '../../build/provision/electron.ts';

/** What the figures were measured on: without it a figure means nothing. No host name. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly electron: string;
  readonly fileSystem: string;
  /** Average of runnable processes over 1, 5 and 15 minutes at the end: beyond the benchmark's own two, others took part. */
  readonly load: readonly number[];
  readonly at: string;
}

async function fileSystem(): Promise<string> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  const root = mounts.split('\n').find((line) => line.split(' ')[1] === '/');
  return root?.split(' ')[2] ?? 'unknown';
}

/** The machine that this runs on. */
export async function machine(): Promise<Machine> {
  const runtime = await findRuntime();
  return {
    system: `${type()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    electron: runtime === null ? 'none' : runtimeLine(runtime),
    fileSystem: await fileSystem(),
    load: loadavg().map((value) => Number(value.toFixed(2))),
    at: new Date().toISOString(),
  };
}
