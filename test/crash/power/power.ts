/**
 * The power cut: each operation is recorded, and at every flush the disk is put into the states in which the cut may leave it.
 * Each of them is opened by the product, which must have everything that it had promised by then, and be able to go on.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../../command.ts';
import { aftermath } from '../aftermath.ts';
import { Commander } from '../commander.ts';
import { copied, moved, type Operation, run, SCENARIOS, type Scenario, type Stage } from '../scenarios.ts';
import { Disk, readFolder, writeState } from './disk.ts';
import { type CutState, cutStates } from './states.ts';
import { canTrace, readTrace, tracing } from './trace.ts';

/** What an operation came to. */
export interface PowerReport {
  readonly operation: Operation;
  /** The command. */
  readonly what: string;
  /** Moments at which the power may be cut, and the states of the disk that these allow. */
  readonly cuts: number;
  readonly possible: number;
  /** States that were opened. */
  readonly states: number;
  readonly lost: number;
  readonly half: number;
}

const worded = (what: ReturnType<Scenario['run']>): string =>
  'command' in what ? what.command.slice(0, what.command[0] === 'rotate' ? 2 : 1).join(' ') : 'annotate';

/** Runs an operation under `strace`. @throws Error when it doesn't end well */
async function recorded(stage: Stage, scenario: Scenario, file: string): Promise<Disk> {
  const before = await readFolder(stage.folder);
  const { code, err } = await run({ point: null, turn: 1, run: scenario.run(stage) }, stage.profile, tracing(file));
  if (code !== 0) throw new Error(`${scenario.operation} ended with ${code} while it was recorded: ${err}`);
  const disk = new Disk(await realpath(stage.folder), before);
  disk.replay(await readTrace(file));
  await rm(file);
  return disk;
}

class PowerRun {
  readonly #commander = new Commander();
  readonly #base: Stage;
  readonly #folder: string;
  readonly notes: string[] = [];

  constructor(base: Stage, folder: string) {
    this.#base = base;
    this.#folder = folder;
  }

  async scenario(scenario: Scenario, most: number, random: () => number): Promise<PowerReport> {
    const stage = await copied(this.#base, join(this.#folder, 'recorded'));
    await scenario.prepare?.(stage);
    const disk = await recorded(stage, scenario, join(this.#folder, 'trace'));
    const { cuts, all, states } = cutStates(disk, most, random);
    const [operation, what] = [scenario.operation, worded(scenario.run(stage))];
    await rm(stage.folder, { recursive: true });
    let [lost, half] = [0, 0];
    for (const state of states) {
      const found = await this.#open(scenario, disk, state);
      lost += found.lost;
      half += found.half;
      const when = `${what}, cut at event ${state.at} of ${disk.moments.at(-1)}, lacking ${state.lacks}`;
      this.notes.push(...found.notes.map((note) => `power: ${when}: ${note}`));
    }
    return { operation, what, cuts, possible: all, states: states.length, lost, half };
  }

  async #open(
    scenario: Scenario,
    disk: Disk,
    cut: CutState,
  ): Promise<{ lost: number; half: number; notes: readonly string[] }> {
    const stage = moved(this.#base, join(this.#folder, 'state'));
    await writeState(stage.folder, cut.state());
    const text = disk.said.filter(({ at }) => at < cut.at).map((one) => one.text);
    const saved = text.flatMap((line) => [...line.matchAll(/^saved (\S+)$/gm)].map(([, uid = '']) => uid));
    // A command says what it did when all of it is done; marks are promised one by one.
    const done = text.length > 0 && scenario.operation !== 'annotate';
    try {
      const isDamaged = scenario.operation === 'repair' && !done;
      return await aftermath(this.#commander, stage, scenario, { done, saved, isDamaged });
    } finally {
      await rm(stage.folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#commander.close();
  }
}

/**
 * @param most states that are opened of each operation
 * @returns null where commands can't be traced (no `strace`)
 */
export async function runPower(
  base: Stage,
  folder: string,
  most: number,
  random: () => number,
  only: ReadonlySet<string> | null = null,
): Promise<{ power: PowerReport[]; notes: string[] } | null> {
  if (!(await canTrace())) return null;
  await mkdir(folder, { recursive: true });
  const power: PowerReport[] = [];
  const all = new PowerRun(base, folder);
  try {
    for (const scenario of SCENARIOS) {
      if (only !== null && !only.has(scenario.operation)) continue;
      const report = await all.scenario(scenario, most, random);
      power.push(report);
      const { what, cuts, states, possible, lost, half } = report;
      say(`power cut, ${what}: ${cuts} moments, ${states} of ${possible} states opened, ${lost} lost, ${half} half`);
    }
  } finally {
    all.close();
  }
  return { power, notes: all.notes };
}
