/**
 * `kill -9` at every named write point of every operation: the command line of the product dies there, and what it leaves must
 * open, verify and hold what was promised before. Then the same command is run again, and must end well.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { WRITE_POINTS } from '../../electron/vault/write-points.ts';
import { ROOT, say } from '../command.ts';
import { writeStudy } from '../study.ts';
import { writePassphrase } from '../vault.ts';
import type { MatrixTask } from './matrix-worker.ts';

type Operation = keyof typeof WRITE_POINTS;

/** What a point came to. */
export interface PointReport {
  readonly operation: Operation;
  readonly point: string;
  /** 0: the command ended without reaching it, which its reason in `notes` says. */
  readonly kills: number;
  readonly lost: number;
  readonly half: number;
}

interface Stage {
  readonly folder: string;
  readonly vault: string;
  readonly backup: string;
  readonly restored: string;
  readonly profile: string;
  readonly passphrase: string;
  /** The studies that were promised before. */
  readonly studies: readonly string[];
  /** Instances of all of them. */
  readonly instances: number;
}

interface Ended {
  readonly killed: boolean;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const SCRIPT = join(ROOT, 'test', 'crash', 'matrix-worker.ts');

function run(task: MatrixTask, profile: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, JSON.stringify(task)], {
    cwd: ROOT,
    env: { ...process.env, VITRINE_USER_DATA: profile },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ killed: signal === 'SIGKILL', code, out, err }));
  });
}

const opened = ({ passphrase }: Stage, vault: string): string[] => ['--vault', vault, '--passphrase-file', passphrase];

/** What is done, and how the vault is prepared for it. */
interface Scenario {
  readonly run: (stage: Stage) => MatrixTask['run'];
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Which points of the operation this scenario reaches; all when it is left out. */
  readonly points?: readonly string[];
}

async function finish(stage: Stage, command: readonly string[]): Promise<Ended> {
  return run({ point: null, turn: 1, run: { command } }, stage.profile);
}

async function must(stage: Stage, command: readonly string[]): Promise<string> {
  const { code, out, err } = await finish(stage, command);
  if (code !== 0) throw new Error(`vitrine ${command.join(' ')} ended with ${code}: ${err}`);
  return out;
}

const backup = (stage: Stage): Promise<string> =>
  must(stage, ['backup', 'to', stage.backup, ...opened(stage, stage.vault), '--json']);

/** Cuts a sealed object short. */
async function damage({ vault, studies }: Stage): Promise<void> {
  const folder = join(vault, 'studies', studies[0] ?? '');
  const name = (await readdir(folder)).find((file) => file.endsWith('.instance'));
  if (name === undefined) throw new Error('the study has no objects');
  await truncate(join(folder, name), 300);
}

/** One command for each operation; `rotate` has two. `recover` and `state` are met inside of the others. */
const SCENARIOS: readonly (readonly [Operation, Scenario])[] = [
  ['import', { run: (s) => ({ command: ['import', ...opened(s, s.vault), join(s.folder, 'more')] }) }],
  ['annotate', { run: (s) => ({ annotate: s.vault, studyId: s.studies[0] ?? '' }) }],
  [
    'recover',
    {
      // An import that died after its objects were written, and a catalogue that is gone.
      prepare: async (s) => {
        const command = ['import', ...opened(s, s.vault), join(s.folder, 'more')];
        await run({ point: 'import.staged', turn: 1, run: { command } }, s.profile);
      },
      points: ['swept', 'undone'],
      run: (s) => ({ command: ['list', ...opened(s, s.vault)] }),
    },
  ],
  [
    'recover',
    {
      prepare: async (s) => {
        for (const end of ['', '-wal', '-shm']) await rm(join(s.vault, `catalogue.db${end}`), { force: true });
      },
      points: ['kept-aside', 'marked', 'rebuilt', 'unmarked'],
      run: (s) => ({ command: ['list', ...opened(s, s.vault)] }),
    },
  ],
  ['backup', { run: (s) => ({ command: ['backup', 'to', s.backup, ...opened(s, s.vault)] }) }],
  [
    'restore',
    {
      prepare: async (s) => void (await backup(s)),
      run: (s) => ({ command: ['restore', s.backup, s.restored] }),
    },
  ],
  [
    'repair',
    {
      prepare: async (s) => {
        await backup(s);
        await damage(s);
      },
      run: (s) => ({ command: ['repair', '--backup', s.backup, ...opened(s, s.vault)] }),
    },
  ],
  ['scrub', { run: (s) => ({ command: ['scrub', ...opened(s, s.vault)] }) }],
  ['state', { run: (s) => ({ command: ['import', ...opened(s, s.vault), join(s.folder, 'more')] }) }],
  [
    'rotate',
    {
      points: ['header', 'catalogue', 'study-key', 'records', 'dropped'],
      run: (s) => ({ command: ['rotate', 'master', ...opened(s, s.vault)] }),
    },
  ],
  [
    'rotate',
    {
      points: ['reseal-begun', 'new-key', 'object', 'whole', 'taken-out', 'put-in', 'old-destroyed'],
      run: (s) => ({ command: ['rotate', 'studies', ...opened(s, s.vault)] }),
    },
  ],
  ['shred', { run: (s) => ({ command: ['shred', 'studies', s.studies[0] ?? '', '--yes', ...opened(s, s.vault)] }) }],
];

interface Row {
  readonly operation: Operation;
  readonly point: string;
  readonly scenario: Scenario;
}

/** Every point with the scenario that reaches it. */
function matrixRows(): Row[] {
  return SCENARIOS.flatMap(([operation, scenario]) =>
    (scenario.points ?? WRITE_POINTS[operation]).map((point) => ({ operation, point, scenario })),
  );
}

/** A vault with two studies, made once and copied for each point. */
async function prepared(folder: string): Promise<Stage> {
  await mkdir(folder, { recursive: true });
  const passphrase = await writePassphrase(join(folder, 'passphrase'));
  const base = {
    folder,
    vault: join(folder, 'vault'),
    backup: join(folder, 'backup'),
    restored: join(folder, 'restored'),
    profile: join(folder, 'profile'),
    passphrase,
  };
  for (const [name, slices] of [
    ['one', 6],
    ['two', 3],
    ['more', 5],
  ] as const)
    await writeStudy(join(folder, name), { seed: `matrix-${name}`, matrix: 48, slices, patient: { id: name } });
  const stage = { ...base, studies: [], instances: 9 };
  await must(stage, ['create', ...opened(stage, stage.vault)]);
  await must(stage, ['import', ...opened(stage, stage.vault), join(folder, 'one'), join(folder, 'two')]);
  const { studies } = JSON.parse(await must(stage, ['list', ...opened(stage, stage.vault), '--json'])) as {
    studies: { studyId: string; instanceCount: number }[];
  };
  const sorted = [...studies].sort((a, b) => b.instanceCount - a.instanceCount);
  return { ...stage, studies: sorted.map(({ studyId }) => studyId) };
}

interface Found {
  readonly lost: number;
  readonly half: number;
  readonly notes: readonly string[];
}

interface Listed {
  readonly studyId: string;
  readonly instanceCount: number;
}

/** Opens what a kill left and holds it against what was promised. A study may be gone only where it was being shredded. */
async function check(stage: Stage, { operation, point }: Row): Promise<Found> {
  const notes: string[] = [];
  const vault = stage.vault;
  const listing = await finish(stage, ['list', ...opened(stage, vault), '--json']);
  if (listing.code !== 0) return { lost: stage.studies.length, half: 0, notes: [`does not open: ${listing.err}`] };
  const { studies } = JSON.parse(listing.out) as { studies: Listed[] };
  const mayGo = operation === 'shred' ? stage.studies.slice(0, 1) : [];
  const gone = stage.studies.filter((id) => !studies.some(({ studyId }) => studyId === id) && !mayGo.includes(id));
  for (const id of gone) notes.push(`study ${id} is gone`);
  const half = studies.filter(({ instanceCount }) => ![6, 3, 5].includes(instanceCount));
  for (const { studyId, instanceCount } of half) notes.push(`study ${studyId} has ${instanceCount} instances`);
  const isDamaged = operation === 'repair' && point !== 'replaced';
  const verified = await finish(stage, ['verify', ...opened(stage, vault), '--json']);
  const { problems = [] } = JSON.parse(verified.out) as { problems?: { kind: string }[] };
  // The object that was cut short on purpose may still be the one that is damaged.
  const unexpected = problems.length - (isDamaged ? Math.min(1, problems.length) : 0);
  if (unexpected > 0) notes.push(`verify finds ${problems.map(({ kind }) => kind).join(', ')}`);
  return { lost: gone.length + (unexpected > 0 ? 1 : 0), half: half.length, notes };
}

/** The command again, without a kill: it goes on or begins anew, and ends well. A rotation that is unfinished is resumed. */
async function again(stage: Stage, { operation, scenario }: Row): Promise<string | null> {
  const what = scenario.run(stage);
  if (!('command' in what)) return null;
  const isMaster = what.command[0] === 'rotate' && what.command[1] === 'master';
  const command = isMaster ? ['rotate', 'resume', ...opened(stage, stage.vault)] : what.command;
  if (operation === 'restore') await rm(stage.restored, { recursive: true, force: true });
  const { code, err } = await finish(stage, command);
  // Nothing to resume, or a study that is shredded already, is an answer and no failure.
  return code === 0 || (operation === 'shred' && code !== null) || isMaster
    ? null
    : `again: ended with ${code}: ${err}`;
}

async function onePoint(base: Stage, row: Row, number: number): Promise<{ report: PointReport; notes: string[] }> {
  const folder = join(base.folder, `point-${number}`);
  const at = (name: string): string => join(folder, name);
  const stage = { ...base, vault: at('vault'), backup: at('backup'), restored: at('restored'), profile: at('profile') };
  await cp(base.vault, stage.vault, { recursive: true });
  await cp(base.profile, stage.profile, { recursive: true }).catch(() => undefined);
  try {
    await row.scenario.prepare?.(stage);
    const point = `${row.operation}.${row.point}`;
    const ended = await run({ point, turn: 1, run: row.scenario.run(stage) }, stage.profile);
    const { lost, half, notes } = await check(stage, row);
    const rerun = ended.killed ? await again(stage, row) : null;
    const all = [...notes, ...(rerun === null ? [] : [rerun]), ...(ended.killed ? [] : ['not reached'])];
    const report = { operation: row.operation, point: row.point, kills: ended.killed ? 1 : 0, half };
    return {
      report: { ...report, lost: lost + (rerun === null ? 0 : 1) },
      notes: all.map((note) => `${point}: ${note}`),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Kills at every point, or at `most` of them, spread evenly.
 * @returns one row for each point, and each finding in words
 */
export async function runMatrix(folder: string, most: number): Promise<{ points: PointReport[]; notes: string[] }> {
  const rows = matrixRows();
  const step = Math.max(1, rows.length / most);
  const chosen = Array.from({ length: Math.min(most, rows.length) }, (_, i) => rows[Math.floor(i * step)] as Row);
  const base = await prepared(folder);
  const points: PointReport[] = [];
  const notes: string[] = [];
  for (const [i, row] of chosen.entries()) {
    const found = await onePoint(base, row, i);
    points.push(found.report);
    notes.push(...found.notes);
    if ((i + 1) % 10 === 0) say(`${i + 1} of ${chosen.length} write points`);
  }
  return { points, notes };
}
