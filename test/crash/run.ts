/**
 * `npm run crash -- [--kills N] [--seed S] [--phases a,b] [--app-kills N] [--points N] [--failures N] [--full N] [--power N]
 * [--out DIR]`: what a vault is after something went wrong in the middle of an operation, held against what it had promised:
 *
 * - kills: import and annotation die by SIGKILL at N random moments of every phase (one in twenty takes the whole application)
 * - points: every operation dies at its named write points (all, or N of them)
 * - failures: the disk fails (EIO) at the same points
 * - full: every operation on a volume that has room for a part of it, at N amounts of room
 * - power: every operation's writes are recorded, and N states are opened that a power cut may leave the disk in
 *
 * Writes `<out>/report.json`; what was skipped is null there, and said. Exit status 1 when anything was lost, a point is not
 * reached, or continuous integration (CI=true) lacks strace.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, options, ROOT, say, seededRandom, writeReport } from '../command.ts';
import { buildVictims } from '../victims.ts';
import { killApp } from './app-kills.ts';
import { Campaign, type Tally } from './campaign.ts';
import { PHASES } from './events.ts';
import { type FullReport, runFull } from './full.ts';
import { noLosses } from './ledger.ts';
import { type FailureReport, type PointReport, runFailures, runMatrix } from './matrix.ts';
import { type PowerReport, runPower } from './power/power.ts';
import { prepared } from './scenarios.ts';

function words(tally: Tally): string {
  const { kills, losses, phases } = tally;
  const where = Object.entries(phases).map(([phase, n]) => `${phase} ${n}`);
  const lost = Object.entries(losses).map(([what, n]) => `${what} ${n}`);
  return `${kills} kills (${where.join(', ')}); ${lost.join(', ')}`;
}

/** Everything but the random kills. */
interface Interruptions {
  readonly points: readonly PointReport[];
  readonly failures: readonly FailureReport[];
  /** Null: not tried here, as its note says. */
  readonly full: readonly FullReport[] | null;
  readonly power: readonly PowerReport[] | null;
  readonly notes: readonly string[];
  /** What continuous integration must try is skipped there: its image lacks a package. */
  readonly isUntested: boolean;
}

/** How many of each; none of what is 0. */
interface Wanted {
  readonly points: number;
  readonly failures: number;
  readonly full: number;
  readonly power: number;
}

async function interrupt(folder: string, wanted: Wanted, random: () => number): Promise<Interruptions> {
  const base = await prepared(join(folder, 'stage'));
  const at = (name: string): string => join(folder, name);
  const notes: string[] = [];
  const { points, ...killed } = await runMatrix(base, at('points'), wanted.points);
  const { failures, ...failed } = await runFailures(base, at('failures'), wanted.failures);
  const full = wanted.full === 0 ? null : await runFull(base, at('full'), wanted.full);
  if (wanted.full > 0 && full === null) notes.push('full disk: skipped, because no volume can be mounted here');
  const power = wanted.power === 0 ? null : await runPower(base, at('power'), wanted.power, random);
  if (wanted.power > 0 && power === null) notes.push('power cut: skipped, because strace is not here');
  const isUntested = wanted.power > 0 && power === null && process.env['CI'] === 'true';
  notes.push(...killed.notes, ...failed.notes, ...(full?.notes ?? []), ...(power?.notes ?? []));
  return { points, failures, full: full?.full ?? null, power: power?.power ?? null, notes, isUntested };
}

function sum<Row>(rows: readonly Row[], pick: (row: Row) => number): number {
  return rows.reduce((total, row) => total + pick(row), 0);
}

function interruptionWords({ points, failures, full, power }: Interruptions): string[] {
  const losses = (rows: readonly { readonly lost: number; readonly half: number }[]): string =>
    `${sum(rows, (one) => one.lost)} lost, ${sum(rows, (one) => one.half)} half`;
  const lines = [
    `${points.length} write points: ${sum(points, (one) => one.kills)} killed there, ${losses(points)}`,
    `${failures.length} write points: the disk failed at ${sum(failures, (one) => one.failures)}, ${losses(failures)}`,
  ];
  if (full !== null)
    lines.push(
      `full disk: ${sum(full, (one) => one.room.length)} runs, ${sum(full, (one) => one.refused)} refused, ${losses(full)}`,
    );
  if (power !== null)
    lines.push(
      `power cut: ${sum(power, (one) => one.states)} of ${sum(power, (one) => one.possible)} states of the disk at ${sum(power, (one) => one.cuts)} moments, ${losses(power)}`,
    );
  return lines;
}

function isBroken({ points, failures, full, power, isUntested }: Interruptions): boolean {
  const all = [...points, ...failures, ...(full ?? []), ...(power ?? [])];
  const unreached = points.some((one) => one.kills === 0) || failures.some((one) => one.failures === 0);
  return isUntested || unreached || all.some((one) => one.lost > 0 || one.half > 0);
}

/** How many are asked for; an empty text asks for all, or for `usual` where there is no end of them. */
function wantedOf(given: Readonly<Record<keyof Wanted, string>>): Wanted {
  const number = (name: keyof Wanted, usual: number): number =>
    given[name] === '' ? usual : count(name, given[name], 0);
  return {
    points: number('points', Number.POSITIVE_INFINITY),
    failures: number('failures', Number.POSITIVE_INFINITY),
    full: number('full', 7),
    power: number('power', 100),
  };
}

async function main(): Promise<number> {
  const given = options({
    kills: '200',
    seed: '1',
    phases: PHASES.join(),
    'app-kills': '',
    points: '',
    failures: '',
    full: '',
    power: '',
    out: join(ROOT, 'out', 'crash'),
  });
  const kills = count('kills', given.kills, 0);
  const seed = count('seed', given.seed, 0);
  // One kill in twenty takes the whole application; each costs as much as ten of the others.
  const appKills = given['app-kills'] === '' ? Math.ceil(kills / 20) : count('app-kills', given['app-kills'], 0);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-crash-'));
  const tally: Tally = { kills: 0, losses: noLosses(), phases: {}, notes: [] };
  const random = seededRandom(seed);
  try {
    if (kills > 0) {
      const victims = await buildVictims();
      const campaign = new Campaign(victims('crash-worker'), folder, random, tally);
      await campaign.run(given.phases.split(','), kills - Math.min(appKills, kills));
    }
    for (let i = 0; i < appKills && tally.kills < kills; i++) await killApp(join(folder, `app-${i}`), random, tally);
    return await reported(given.out, { tally, seed }, await interrupt(folder, wantedOf(given), random));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the report and says it in words. @returns the exit status */
async function reported(
  out: string,
  { tally, seed }: { readonly tally: Tally; readonly seed: number },
  { notes, ...found }: Interruptions,
): Promise<number> {
  const { kills, losses, phases } = tally;
  const report = { kills, ...losses, phases, notes: [...tally.notes, ...notes], seed, ...found };
  say(words(tally));
  for (const line of interruptionWords({ notes, ...found })) say(line);
  if (found.isUntested) say('NOT TESTED: the power cut needs strace, which continuous integration has to provision');
  for (const note of report.notes) say(`  ${note}`);
  say(`report: ${await writeReport(out, report)}`);
  const lost = isBroken({ notes, ...found }) || Object.values(losses).some((n) => n > 0);
  say(lost ? 'BROKEN: something was lost or not tried' : 'nothing was lost');
  return lost ? 1 : 0;
}

process.exitCode = await main();
