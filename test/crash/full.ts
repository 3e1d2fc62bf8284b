/**
 * Each operation on a volume that runs full in the middle of it, at several amounts of room. It must say so or end well, lose
 * nothing that was promised, leave no half study, and end well when it is run again with room.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../command.ts';
import { aftermath } from './aftermath.ts';
import { Commander } from './commander.ts';
import { copied, type Operation, run, SCENARIOS, type Scenario, type Stage } from './scenarios.ts';

/** What an operation came to. */
export interface FullReport {
  readonly operation: Operation;
  /** Free bytes when the operation began. */
  readonly room: readonly number[];
  /** How often it said that the disk is full; else it found room enough. */
  readonly refused: number;
  readonly lost: number;
  readonly half: number;
}

const KIB = 1024;
/** Room that is left, bytes: from none to more than the smallest operation needs. */
const ROOM = [0, 8, 24, 64, 128, 256, 512].map((kib) => kib * KIB);
const VOLUME = '64m';
/** What an operation answers that found no room. */
const SAYS_FULL = /vault\/disk-full|backup\/no-room/;

/** Mounts a volume in memory; false where that isn't allowed. */
async function mount(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${VOLUME}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

class FullRun {
  readonly #commander = new Commander();
  readonly #base: Stage;
  readonly #volume: string;
  readonly notes: string[] = [];

  constructor(base: Stage, volume: string) {
    this.#base = base;
    this.#volume = volume;
  }

  async scenario(scenario: Scenario, rooms: readonly number[]): Promise<FullReport> {
    const { operation } = scenario;
    let [refused, lost, half] = [0, 0, 0];
    for (const room of rooms) {
      const found = await this.#with(scenario, room);
      if (found.refused) refused += 1;
      lost += found.lost;
      half += found.half;
      this.notes.push(...found.notes.map((note) => `full disk, ${operation} with ${room / KIB} KiB: ${note}`));
    }
    return { operation, room: rooms, refused, lost, half };
  }

  async #with(scenario: Scenario, room: number) {
    const stage = await copied(this.#base, join(this.#volume, 'stage'));
    const filler = join(this.#volume, 'filler');
    try {
      await scenario.prepare?.(stage);
      const { bavail, bsize } = await statfs(this.#volume);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - room)));
      const { code, err } = await run({ point: null, turn: 1, run: scenario.run(stage) }, stage.profile);
      await rm(filler);
      const refused = code !== 0;
      const isSaid = !refused || SAYS_FULL.test(err);
      const isDamaged = scenario.operation === 'repair' && refused;
      const found = await aftermath(this.#commander, stage, scenario, { done: !refused, isDamaged });
      const notes = isSaid ? found.notes : [...found.notes, `is not said to be full: ${err.trim()}`];
      return { ...found, lost: found.lost + (isSaid ? 0 : 1), notes, refused };
    } finally {
      await rm(filler, { force: true });
      await rm(stage.folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#commander.close();
  }
}

/**
 * @param levels how many amounts of room, spread over all
 * @returns null where no volume can be mounted
 */
export async function runFull(
  base: Stage,
  folder: string,
  levels: number,
): Promise<{ full: FullReport[]; notes: string[] } | null> {
  if (process.platform !== 'linux' || !(await mount(folder))) return null;
  const run = new FullRun(base, folder);
  const step = Math.max(1, ROOM.length / levels);
  const rooms = Array.from({ length: Math.min(levels, ROOM.length) }, (_, i) => ROOM[Math.floor(i * step)] as number);
  const full: FullReport[] = [];
  try {
    for (const scenario of SCENARIOS) {
      const report = await run.scenario(scenario, rooms);
      full.push(report);
      const { operation, refused, lost, half } = report;
      say(`full disk, ${operation}: ${rooms.length} amounts of room, ${refused} refused, ${lost} lost, ${half} half`);
    }
  } finally {
    run.close();
    execFileSync('umount', ['-l', folder]);
  }
  return { full, notes: run.notes };
}
