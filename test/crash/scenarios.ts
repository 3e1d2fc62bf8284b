/** The operations that the crash tests interrupt, each as one command of the product on a prepared vault. */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { WRITE_POINTS } from '../../electron/vault/write-points.ts';
import { ROOT } from '../command.ts';
import { writeStudy } from '../study.ts';
import { createTestVault, writePassphrase } from '../vault.ts';
import type { MatrixTask } from './matrix-worker.ts';

export type Operation = keyof typeof WRITE_POINTS;

export interface Stage {
  readonly folder: string;
  readonly vault: string;
  readonly backup: string;
  readonly restored: string;
  readonly profile: string;
  readonly passphrase: string;
  /** Folders with a generated study each, by name. */
  readonly sources: string;
  /** The studies that were promised before. */
  readonly studies: readonly string[];
}

export interface Ended {
  readonly killed: boolean;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Images of the generated studies `one`, `two` and `more`: no other number is a whole study. */
export const SLICES = { one: 6, two: 3, more: 5 } as const;

const WORKER = join(ROOT, 'test', 'crash', 'matrix-worker.ts');

/** Runs a task in a process of its own. @param prefix a command that runs it, as `strace` does */
export function run(task: MatrixTask, profile: string, prefix: readonly string[] = []): Promise<Ended> {
  const command = [...prefix, process.execPath, '--import', 'tsx', WORKER, JSON.stringify(task)];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: ROOT,
    env: { ...process.env, VITRINE_USER_DATA: profile, UV_USE_IO_URING: '0' },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ killed: signal === 'SIGKILL', code, out, err }));
  });
}

/** The options that open a vault. */
export const opened = ({ passphrase }: Stage, vault: string): string[] => [
  '--vault',
  vault,
  '--passphrase-file',
  passphrase,
];

/** What is done, and how the vault is prepared for it. */
export interface Scenario {
  readonly operation: Operation;
  readonly run: (stage: Stage) => MatrixTask['run'];
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Which points of the operation this scenario reaches; all when it is left out. */
  readonly points?: readonly string[];
}

/** Runs a command to its end. */
async function finish(stage: Stage, command: readonly string[]): Promise<Ended> {
  return run({ point: null, turn: 1, run: { command } }, stage.profile);
}

/** As `finish`. @throws Error when it doesn't end well */
async function must(stage: Stage, command: readonly string[]): Promise<string> {
  const { code, out, err } = await finish(stage, command);
  if (code !== 0) throw new Error(`vitrine ${command.join(' ')} ended with ${code}: ${err}`);
  return out;
}

const backUp = (stage: Stage): Promise<string> =>
  must(stage, ['backup', 'to', stage.backup, ...opened(stage, stage.vault), '--json']);

const importMore = (stage: Stage): readonly string[] => [
  'import',
  ...opened(stage, stage.vault),
  join(stage.sources, 'more'),
];

/** Cuts a sealed object short. */
async function damage({ vault, studies }: Stage): Promise<void> {
  const folder = join(vault, 'studies', studies[0] ?? '');
  const name = (await readdir(folder)).find((file) => file.endsWith('.instance'));
  if (name === undefined) throw new Error('the study has no objects');
  await truncate(join(folder, name), 300);
}

/** Each operation; some have two. `state` is met inside of the others. */
export const SCENARIOS: readonly Scenario[] = [
  { operation: 'import', run: (s) => ({ command: importMore(s) }) },
  { operation: 'annotate', run: (s) => ({ annotate: s.vault, studyId: s.studies[0] ?? '' }) },
  {
    operation: 'recover',
    // An import that died after its objects were written.
    prepare: async (s) => {
      await run({ point: 'import.staged', turn: 1, run: { command: importMore(s) } }, s.profile);
    },
    points: ['swept', 'undone'],
    run: (s) => ({ command: ['list', ...opened(s, s.vault)] }),
  },
  {
    operation: 'recover',
    // A catalogue that is gone.
    prepare: async (s) => {
      for (const end of ['', '-wal', '-shm']) await rm(join(s.vault, `catalogue.db${end}`), { force: true });
    },
    points: ['kept-aside', 'marked', 'rebuilt', 'unmarked'],
    run: (s) => ({ command: ['list', ...opened(s, s.vault)] }),
  },
  { operation: 'backup', run: (s) => ({ command: ['backup', 'to', s.backup, ...opened(s, s.vault)] }) },
  {
    operation: 'restore',
    prepare: async (s) => void (await backUp(s)),
    run: (s) => ({ command: ['restore', s.backup, s.restored] }),
  },
  {
    operation: 'repair',
    prepare: async (s) => {
      await backUp(s);
      await damage(s);
    },
    run: (s) => ({ command: ['repair', '--backup', s.backup, ...opened(s, s.vault)] }),
  },
  { operation: 'scrub', run: (s) => ({ command: ['scrub', ...opened(s, s.vault)] }) },
  { operation: 'state', run: (s) => ({ command: importMore(s) }) },
  {
    operation: 'rotate',
    points: ['header', 'catalogue', 'study-key', 'records', 'dropped'],
    run: (s) => ({ command: ['rotate', 'master', ...opened(s, s.vault)] }),
  },
  {
    operation: 'rotate',
    points: ['reseal-begun', 'new-key', 'object', 'whole', 'taken-out', 'put-in', 'old-destroyed'],
    run: (s) => ({ command: ['rotate', 'studies', ...opened(s, s.vault)] }),
  },
  {
    operation: 'shred',
    run: (s) => ({ command: ['shred', 'studies', s.studies[0] ?? '', '--yes', ...opened(s, s.vault)] }),
  },
];

export interface Listed {
  readonly studyId: string;
  readonly instanceCount: number;
}

/** A vault with two studies, made once and copied for each interruption. */
export async function prepared(folder: string): Promise<Stage> {
  await mkdir(folder, { recursive: true });
  const passphrase = await writePassphrase(join(folder, 'passphrase'));
  const sources = join(folder, 'sources');
  const base = { ...places(join(folder, 'base')), passphrase, sources };
  await mkdir(base.profile, { recursive: true });
  for (const [name, slices] of Object.entries(SLICES))
    await writeStudy(join(sources, name), { seed: `matrix-${name}`, matrix: 48, slices, patient: { id: name } });
  const stage = { ...base, studies: [] };
  await createTestVault(stage.vault);
  await must(stage, ['import', ...opened(stage, stage.vault), join(sources, 'one'), join(sources, 'two')]);
  const { studies } = JSON.parse(await must(stage, ['list', ...opened(stage, stage.vault), '--json'])) as {
    studies: Listed[];
  };
  const sorted = [...studies].sort((a, b) => b.instanceCount - a.instanceCount);
  return { ...stage, studies: sorted.map(({ studyId }) => studyId) };
}

function places(folder: string): Pick<Stage, 'folder' | 'vault' | 'backup' | 'restored' | 'profile'> {
  const at = (name: string): string => join(folder, name);
  return { folder, vault: at('vault'), backup: at('backup'), restored: at('restored'), profile: at('profile') };
}

/** The same stage in another folder, which may hold a part of it or nothing. */
export function moved(stage: Stage, folder: string): Stage {
  return { ...stage, ...places(folder) };
}

/** A copy of a stage in a new folder, where commands change nothing of the first. */
export async function copied(base: Stage, folder: string): Promise<Stage> {
  await cp(base.folder, folder, { recursive: true });
  return moved(base, folder);
}
