/**
 * `npm run crash -- [--kills N] [--seed S] [--phases a,b] [--app-kills N] [--points N] [--out DIR]`: kills import and annotation with
 * SIGKILL at random moments of every phase, then every operation at its named write points (all, or N of them), and holds each
 * vault against what it had promised. Writes `<out>/report.json`. Exit status 1 when anything was lost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, options, ROOT, say, seededRandom, writeReport } from '../command.ts';
import { buildVictims } from '../victims.ts';
import { killApp } from './app-kills.ts';
import { Campaign, type Tally } from './campaign.ts';
import { PHASES } from './events.ts';
import { noLosses } from './ledger.ts';
import { type PointReport, runMatrix } from './matrix.ts';

function words(tally: Tally): string {
  const { kills, losses, phases } = tally;
  const where = Object.entries(phases).map(([phase, n]) => `${phase} ${n}`);
  const lost = Object.entries(losses).map(([what, n]) => `${what} ${n}`);
  return `${kills} kills (${where.join(', ')}); ${lost.join(', ')}`;
}

function matrixWords(points: readonly PointReport[]): string {
  const sum = (pick: (point: PointReport) => number): number => points.reduce((total, point) => total + pick(point), 0);
  const [kills, lost, half] = [sum((one) => one.kills), sum((one) => one.lost), sum((one) => one.half)];
  return `${points.length} write points: ${kills} killed there, ${lost} lost, ${half} half`;
}

async function main(): Promise<number> {
  const given = options({
    kills: '200',
    seed: '1',
    phases: PHASES.join(),
    'app-kills': '',
    points: '',
    out: join(ROOT, 'out', 'crash'),
  });
  const kills = count('kills', given.kills);
  const seed = count('seed', given.seed, 0);
  // One kill in twenty takes the whole application; each costs as much as ten of the others.
  const appKills = given['app-kills'] === '' ? Math.ceil(kills / 20) : count('app-kills', given['app-kills'], 0);
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-crash-'));
  const victims = await buildVictims();
  const tally: Tally = { kills: 0, losses: noLosses(), phases: {}, notes: [] };
  const random = seededRandom(seed);
  const points = given.points === '' ? Number.POSITIVE_INFINITY : count('points', given.points, 0);
  let matrix: Awaited<ReturnType<typeof runMatrix>> = { points: [], notes: [] };
  try {
    await new Campaign(victims('crash-worker'), folder, random, tally).run(
      given.phases.split(','),
      kills - Math.min(appKills, kills),
    );
    for (let i = 0; i < appKills && tally.kills < kills; i++) await killApp(join(folder, `app-${i}`), random, tally);
    matrix = await runMatrix(join(folder, 'matrix'), points);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const report = {
    kills: tally.kills,
    ...tally.losses,
    phases: tally.phases,
    notes: [...tally.notes, ...matrix.notes],
    seed,
    points: matrix.points,
  };
  say(words(tally));
  say(matrixWords(matrix.points));
  for (const note of report.notes) say(`  ${note}`);
  say(`report: ${await writeReport(given.out, report)}`);
  const broken = matrix.points.some((point) => point.lost > 0 || point.half > 0 || point.kills === 0);
  const lost = broken || Object.values(tally.losses).some((n) => n > 0);
  say(lost ? 'BROKEN: something was lost' : 'nothing was lost');
  return lost ? 1 : 0;
}

process.exitCode = await main();
