/**
 * At every named write point of every operation the command line of the product dies (`kill -9`), or the disk fails it (EIO).
 * What it leaves must open, verify and hold what was promised before. Then the same command is run again, and must end well.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WRITE_POINTS } from '../../electron/vault/write-points.ts';
import { say } from '../command.ts';
import { aftermath } from './aftermath.ts';
import { Commander } from './commander.ts';
import { REACHED } from './matrix-worker.ts';
import { copied, type Operation, run, SCENARIOS, type Scenario, type Stage } from './scenarios.ts';

/** What a point came to. */
export interface PointReport {
  readonly operation: Operation;
  readonly point: string;
  /** 0: the command ended without reaching it, which its reason in `notes` says. */
  readonly kills: number;
  readonly lost: number;
  readonly half: number;
}

/** What an error of the disk at a point came to. */
export interface FailureReport {
  readonly operation: Operation;
  readonly point: string;
  readonly failures: number;
  /** The command said that it failed; else it went on, which is right where the step isn't needed. */
  readonly refused: number;
  readonly lost: number;
  readonly half: number;
}

interface Row {
  readonly operation: Operation;
  readonly point: string;
  readonly scenario: Scenario;
}

interface Outcome {
  readonly reached: boolean;
  readonly refused: boolean;
  readonly lost: number;
  readonly half: number;
}

/** Every point with the scenario that reaches it. */
function matrixRows(): Row[] {
  return SCENARIOS.flatMap((scenario) => {
    const { operation } = scenario;
    return (scenario.points ?? WRITE_POINTS[operation]).map((point) => ({ operation, point, scenario }));
  });
}

class Matrix {
  readonly #commander = new Commander();
  readonly #base: Stage;
  readonly #folder: string;
  readonly notes: string[] = [];

  constructor(base: Stage, folder: string) {
    this.#base = base;
    this.#folder = folder;
  }

  async at({ operation, point, scenario }: Row, fault: 'kill' | 'EIO'): Promise<Outcome> {
    const stage = await copied(this.#base, join(this.#folder, 'point'));
    try {
      await scenario.prepare?.(stage);
      const task = { point: `${operation}.${point}`, turn: 1, fault, run: scenario.run(stage) };
      const { killed, code, err } = await run(task, stage.profile);
      const reached = fault === 'kill' ? killed : err.includes(REACHED);
      const isDamaged = operation === 'repair' && point !== 'replaced';
      const expected = { done: !killed && code === 0, isDamaged };
      const { lost, half, notes } = await aftermath(this.#commander, stage, scenario, expected);
      const all = [...notes, ...(reached ? [] : ['not reached'])];
      this.notes.push(...all.map((note) => `${fault} at ${operation}.${point}: ${note}`));
      return { reached, refused: code !== 0, lost, half };
    } finally {
      await rm(stage.folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#commander.close();
  }
}

/** At most so many of the rows, spread evenly. */
function spread<T>(rows: readonly T[], most: number): T[] {
  const step = Math.max(1, rows.length / most);
  return Array.from({ length: Math.min(most, rows.length) }, (_, i) => rows[Math.floor(i * step)] as T);
}

async function eachPoint(
  base: Stage,
  folder: string,
  { most, fault }: { readonly most: number; readonly fault: 'kill' | 'EIO' },
  told: (row: Row, outcome: Outcome) => void,
): Promise<string[]> {
  const matrix = new Matrix(base, folder);
  const rows = spread(matrixRows(), most);
  try {
    for (const [i, row] of rows.entries()) {
      told(row, await matrix.at(row, fault));
      if ((i + 1) % 10 === 0) say(`${fault}: ${i + 1} of ${rows.length} write points`);
    }
  } finally {
    matrix.close();
  }
  return matrix.notes;
}

/**
 * Kills at every point, or at `most` of them, spread evenly.
 * @returns one row for each point, and each finding in words
 */
export async function runMatrix(
  base: Stage,
  folder: string,
  most: number,
): Promise<{ points: PointReport[]; notes: string[] }> {
  const points: PointReport[] = [];
  const notes = await eachPoint(base, folder, { most, fault: 'kill' }, (row, { reached, lost, half }) =>
    points.push({ operation: row.operation, point: row.point, kills: reached ? 1 : 0, lost, half }),
  );
  return { points, notes };
}

/** As `runMatrix`, but the disk fails at the point, once. */
export async function runFailures(
  base: Stage,
  folder: string,
  most: number,
): Promise<{ failures: FailureReport[]; notes: string[] }> {
  const failures: FailureReport[] = [];
  const notes = await eachPoint(base, folder, { most, fault: 'EIO' }, (row, { reached, refused, lost, half }) => {
    const { operation, point } = row;
    failures.push({ operation, point, failures: reached ? 1 : 0, refused: refused ? 1 : 0, lost, half });
  });
  return { failures, notes };
}
