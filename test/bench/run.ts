/**
 * `npm run bench -- [--only id,…] [--rounds N] [--out DIR] [--record yes]`: measures what the product promises to be, beside
 * a named peer in the same run, and writes `<out>/report.json`. Exit status 1 when a goal is missed, and says which. With
 * `--record yes` the rows also become those that EVIDENCE.md states; `npx tsx build/evidence.ts` writes it again.
 */
import { join } from 'node:path';
import { count, options, ROOT, say, writeReport } from '../command.ts';
import { benchImport } from './import.ts';
import { benchInfer, benchTraining } from './infer.ts';
import { machine } from './machine.ts';
import { record } from './measured.ts';
import { benchPinpoint } from './pinpoint.ts';
import type { Row } from './row.ts';
import { benchSchemes } from './schemes.ts';
import { benchSeal } from './seal.ts';
import { benchSealNative } from './seal-native.ts';
import { benchStart } from './start.ts';
import { benchCatalogue, benchOpen } from './vault.ts';
import { benchView } from './view.ts';

interface Bench {
  readonly ids: readonly string[];
  readonly measure: (rounds: number) => Promise<Row[]>;
}

/** A new benchmark is a module that answers rows, and one line here. */
const BENCHES: readonly Bench[] = [
  { ids: ['seal-platform', 'seal-two-workers', 'seal-vs-openssl', 'seal-vs-age'], measure: benchSeal },
  { ids: ['seal-native-raw', 'seal-native-openssl', 'seal-native-age'], measure: benchSealNative },
  { ids: ['import-ct', 'import-native', 'import-memory'], measure: benchImport },
  { ids: ['open-study-warm'], measure: benchOpen },
  { ids: ['open-100k', 'search-100k'], measure: benchCatalogue },
  { ids: ['first-image', 'scroll-random'], measure: benchView },
  { ids: ['start-to-list'], measure: benchStart },
  { ids: ['infer-vs-ort', 'infer-vs-tfjs'], measure: benchInfer },
  { ids: ['train-node-vs-wasm'], measure: benchTraining },
  { ids: ['deepfixcx', 'perceptual'], measure: benchSchemes },
  { ids: ['pinpoint-1conv'], measure: (rounds) => benchPinpoint('1conv', rounds) },
  { ids: ['pinpoint-2conv'], measure: (rounds) => benchPinpoint('2conv', rounds) },
];

function verdict(row: Row): string {
  if (row.goal === null) return 'no goal';
  return `goal ${row.better === 'higher' ? 'at least' : 'at most'} ${row.goal}: ${row.met ? 'met' : 'MISSED'}`;
}

function print(row: Row): void {
  const peer = row.peer === null ? '' : ` against ${row.peer} ${row.unit}`;
  const [low, high] = row.spread;
  say(
    `${row.id}: ${row.ours} ${row.unit}${peer}, ratio ${row.ratio} (${low} to ${high}, n = ${row.n}), ${verdict(row)}`,
  );
}

async function main(): Promise<number> {
  const given = options({ only: '', rounds: '5', out: join(ROOT, 'out', 'bench'), record: 'no' });
  const rounds = count('rounds', given.rounds, 5);
  const known = BENCHES.flatMap(({ ids }) => ids);
  const only = given.only === '' ? known : given.only.split(',');
  const unknown = only.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new RangeError(`no such benchmark: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  const rows: Row[] = [];
  const notMeasured: { ids: string[]; reason: string }[] = [];
  for (const { ids, measure } of BENCHES.filter(({ ids }) => ids.some((id) => only.includes(id)))) {
    say(`measuring ${ids.join(', ')}`);
    try {
      const measured = (await measure(rounds)).filter(({ id }) => only.includes(id));
      measured.forEach(print);
      rows.push(...measured);
    } catch (error) {
      // A peer that isn't installed keeps its own row from being measured, and no other.
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 300) : 'unknown';
      say(`not measured: ${ids.join(', ')}: ${reason}`);
      notMeasured.push({ ids: ids.filter((id) => only.includes(id)), reason });
    }
  }
  const on = await machine();
  say(`report: ${await writeReport(given.out, { machine: on, rows, notMeasured })}`);
  if (given.record === 'yes') say(`recorded: ${await record(rows, on)}`);
  const missed = rows.filter(({ met }) => met === false);
  if (missed.length > 0) say(`missed: ${missed.map(({ id }) => id).join(', ')}`);
  return missed.length + notMeasured.length > 0 ? 1 : 0;
}

process.exitCode = await main();
