import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchFigure, RecordedFigure } from '../core/published.ts';
import { type Evaluation, evaluate } from '../core/schemes/evaluate.ts';
import { DIFFUSION, type Measured } from '../core/schemes/measures.ts';
import { chestPhantom } from '../core/schemes/phantom.ts';
import { seededFill, seededKey } from '../core/schemes/random.ts';
import type { Bench, Scheme } from '../core/schemes/scheme.ts';
import { runTrial } from '../core/schemes/trial.ts';
import { SCHEMES, SYSTEMS, type System } from '../core/systems/registry.ts';
import { createPlatformEngine } from '../electron/crypto/platform-engine.ts';
import { createJpegCodec } from '../electron/decode/jpeg-codec.ts';
import { filled, readMeasured } from '../test/bench/measured.ts';
import { command } from './exit.ts';
import { ROOT } from './provision/cache.ts';

/** Where the generated document lies. */
export const EVIDENCE = join(ROOT, 'EVIDENCE.md');

const SIDE = 256;
const ATTACKED_SIDE = 128;

const HEAD = `# Evidence

Written by \`npx tsx build/evidence.ts\` from the registry in \`core/systems\`; a test fails when it differs from what a run prints.
What a paper reports stands beside what our run gives, with where the paper's figure was found (review, abstract, authors' code,
third party, measured, general knowledge). "Not found" means that no source in reach states it; nothing is filled in.

Our figures: chest phantom of our own generator, patient 1, ${SIDE}×${SIDE}, 8 bits, defaults of each system, keys and nonces
from a fixed seed; attacks on ${ATTACKED_SIDE}×${ATTACKED_SIDE}. They say nothing about a paper's own data. Times and rates are those that the named benchmark
measured last (\`npm run bench -- --record yes\` writes them to test/bench/measured.json), with the machine and the month.
Run the same on your own image with \`vitrine lab compare IMAGE\`.

No system here protects a study: whatever it makes is a payload inside authenticated encryption, which alone keeps it secret.
`;

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueText({ value, unit, note }: Measured): string {
  if (value === null) return note;
  if (value === Number.POSITIVE_INFINITY) return `∞ ${unit}`;
  const small = value !== 0 && Math.abs(value) < 0.001;
  return `${small ? value.toExponential(2) : value.toFixed(Math.abs(value) >= 1000 ? 0 : 4)} ${unit}`.trim();
}

function cell(found: Measured | undefined): string {
  if (!found) return '';
  return found.meets === false ? `${valueText(found)} (!)` : valueText(found);
}

/** One row for each figure, one column for each system. */
function comparison(evaluations: readonly Evaluation[]): string {
  const names = [...new Set(evaluations.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const of = (title: string, text: (one: Evaluation) => string): string => row(title, ...evaluations.map(text));
  return [
    '## All image ciphers on one image',
    '',
    row('', ...SCHEMES.map(({ id }) => id)),
    row('---', ...SCHEMES.map(() => '---')),
    of('fidelity', ({ labels }) => labels.fidelity),
    of('confidentiality, bare', ({ labels }) => labels.bare),
    of('confidentiality, in the envelope', ({ labels }) => labels.envelope),
    of(
      'bytes: original, payload, in the envelope',
      ({ bytes }) => `${bytes.original}, ${bytes.payload}, ${bytes.sealed}`,
    ),
    ...names.map((name) => of(name, ({ metrics }) => cell(metrics.find((one) => one.name === name)))),
    '',
    `(!) is not where a random cipher or the field's criterion would be, at a level of one in a thousand. ${DIFFUSION}`,
    '',
  ].join('\n');
}

/** What the attacks on an image cipher reach. */
function attacksOn(scheme: Scheme, given: Bench): string[] {
  const secret = chestPhantom({ side: ATTACKED_SIDE, patient: 1 });
  const rows = scheme.attacks.map((attack) => {
    const { bare, envelope } = runTrial(scheme, attack, { ...given, secret, values: {}, seed: 1 });
    const text = (succeeded: boolean, score: number): string =>
      `${succeeded ? 'broken' : 'holds'}, ${score.toFixed(4)}`;
    const outcome = [
      text(bare.succeeded, bare.score),
      text(envelope.succeeded, envelope.score),
      bare.chance.toFixed(4),
    ];
    return row(attack.title, attack.needs, ...outcome, attack.measure);
  });
  return [
    row('attack', 'needs', 'bare', 'in the envelope', 'chance', 'score'),
    row('---', '---', '---', '---', '---', '---'),
    ...rows,
    '',
  ];
}

type Rows = Awaited<ReturnType<typeof readMeasured>>;

/** Our figures beside a paper's. */
function oursOf(system: System, given: Bench, rows: Rows): readonly string[] {
  const text = (ours: RecordedFigure | BenchFigure | null): string => {
    if (ours === null) return 'not reproduced';
    return 'bench' in ours ? benched(ours, rows) : `${ours.text} (\`${ours.from}\`)`;
  };
  if (system.kind === 'image-scheme')
    return system.headline.map(({ ours }) => (typeof ours === 'function' ? ours(given) : text(ours)));
  return system.headline.map(({ ours }) => (typeof ours === 'function' ? text(null) : text(ours)));
}

function benched({ text, bench }: BenchFigure, rows: Rows): string {
  const measured = rows[bench];
  const from = `\`npm run bench -- --only ${bench}\``;
  if (measured === undefined) return `not measured (${from})`;
  return `${filled(text, measured)} (${from}; ${measured.machine}; ${measured.at})`;
}

function section(system: System, given: Bench, rows: Rows): string {
  const reference = system.reference === null ? '' : ` [${system.reference}]`;
  const ours = oursOf(system, given, rows);
  return [
    `## ${system.id}${reference}`,
    '',
    `${system.authors} (${system.year}): *${system.title}*. Family: ${system.family}.`,
    '',
    `- Does: ${system.does}`,
    `- Claims: ${system.claims}`,
    `- Really protects: ${system.protects}`,
    `- Reconstruction: ${system.reconstruction}`,
    '',
    row('the paper reports', 'found in', 'our run'),
    row('---', '---', '---'),
    ...system.headline.map(({ text, evidence }, i) => row(text, evidence, ours[i] ?? '')),
    '',
    ...(system.kind === 'image-scheme' ? attacksOn(system, given) : []),
  ].join('\n');
}

/** The document: the same bytes on every run. */
export async function evidence(): Promise<string> {
  const jpeg = await createJpegCodec();
  // A source for each part, so that a new system changes no figure of another.
  const given = (): Bench => ({ key: seededKey(1), tools: { engine: createPlatformEngine(seededFill(1)), jpeg } });
  const picture = chestPhantom({ side: SIDE, patient: 1 });
  const evaluations = SCHEMES.map((scheme) => evaluate(scheme, picture, {}, given()));
  const rows = await readMeasured();
  return [HEAD, comparison(evaluations), ...SYSTEMS.map((system) => section(system, given(), rows))].join('\n');
}

await command(import.meta.url, async () => {
  await writeFile(EVIDENCE, await evidence());
  return 0;
});
