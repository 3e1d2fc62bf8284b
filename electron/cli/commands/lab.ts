import { Command } from 'commander';
import { labAttackReport, labCompareReport, labListReport, labRunReport } from '../../../core/contract/lab.ts';
import { VitrineError } from '../../../core/errors.ts';
import type { ParameterValues } from '../../../core/published.ts';
import { objectKey } from '../../../core/schemes/envelope.ts';
import { schemesError } from '../../../core/schemes/errors.ts';
import { chestPhantom } from '../../../core/schemes/phantom.ts';
import type { Picture } from '../../../core/schemes/picture.ts';
import { seededFill } from '../../../core/schemes/random.ts';
import type { Scheme, Tools, Use } from '../../../core/schemes/scheme.ts';
import { attackOf, SCHEMES, schemeOf } from '../../../core/systems/registry.ts';
import { createPlatformEngine } from '../../crypto/platform-engine.ts';
import { createJpegCodec } from '../../decode/jpeg-codec.ts';
import { pictureFromFile } from '../../laboratory/picture-file.ts';
import { type LabOptions, listSystems, runAttack, runScheme } from '../../laboratory/reports.ts';
import { attackText, compareText, listText, runText } from '../lab-text.ts';
import { runCommand, type Terminal } from '../terminal.ts';

interface Options {
  readonly json?: boolean;
  readonly phantom?: boolean | string;
  readonly frame: string;
  readonly window?: string;
  readonly param: readonly string[];
  readonly attack?: string;
  readonly nist?: boolean;
  readonly time?: boolean;
  readonly seed?: string;
}

/** What a run needs, made once a command. */
interface Bench {
  readonly given: Pick<Use, 'key' | 'tools'>;
  readonly options: LabOptions;
  readonly image: { source: 'phantom' | 'dicom' | 'jpeg' | 'png' } & Omit<Picture, 'samples'>;
  readonly picture: Picture;
}

function whole(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw schemesError('schemes/parameter', `"${name}" takes a whole number`);
  return Number(text);
}

/** `name=value` of --param. */
function chosen(parameters: readonly string[]): ParameterValues {
  return Object.fromEntries(
    parameters.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw schemesError('schemes/parameter', 'a parameter is given as name=value');
      const [name, value] = [text.slice(0, at), text.slice(at + 1)];
      return [name, value];
    }),
  );
}

/** Numbers where the scheme has numbers: the command line has text only. */
function typed(scheme: Scheme, values: ParameterValues): ParameterValues {
  const isNumber = (name: string): boolean => scheme.parameters.some((one) => one.name === name && 'low' in one);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isNumber(name) ? whole(String(value), name) : value]),
  );
}

function windowOf(text: string | undefined): LabOptions['window'] {
  if (text === undefined) return null;
  const [, low, high] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (low === undefined || high === undefined || Number(low) >= Number(high))
    throw schemesError('schemes/parameter', 'a window is given as LOW..HIGH in stored values');
  return { low: Number(low), high: Number(high) };
}

const PHANTOM_SIDE = 256;

async function readImage(path: string | undefined, options: Options, jpeg: Tools['jpeg']) {
  if (path !== undefined) return pictureFromFile(path, whole(options.frame, '--frame'), jpeg);
  if (options.phantom === undefined)
    throw schemesError('schemes/picture', 'name a DICOM or JPEG file, or give --phantom');
  const side = typeof options.phantom === 'string' ? whole(options.phantom, '--phantom') : PHANTOM_SIDE;
  if (side < 16 || side > 2048) throw schemesError('schemes/parameter', '"--phantom" takes 16 to 2048 pixels a side');
  return { source: 'phantom' as const, picture: chestPhantom({ side, patient: 1 }) };
}

async function prepare(path: string | undefined, options: Options): Promise<Bench> {
  // With a seed nonces and keys repeat, so that figures do: nothing that is made here is kept.
  const seed = options.seed === undefined ? null : whole(options.seed, '--seed');
  const engine = seed === null ? createPlatformEngine() : createPlatformEngine(seededFill(seed));
  const tools = { engine, jpeg: await createJpegCodec() };
  const { source, picture } = await readImage(path, options, tools.jpeg);
  const { columns, rows, channels, bits } = picture;
  return {
    given: { key: objectKey(engine), tools },
    options: {
      chosen: chosen(options.param),
      window: windowOf(options.window),
      nist: options.nist === true,
      timing: options.time === true,
      seed: seed ?? 1,
    },
    image: { source, columns, rows, channels, bits },
    picture,
  };
}

/** Lets Ctrl+C in between two long steps. @throws VitrineError vault/cancelled */
async function turn(terminal: Terminal, line: string): Promise<void> {
  terminal.progress(line);
  await new Promise((resolve) => setImmediate(resolve));
  if (terminal.signal.aborted) throw new VitrineError('vault/cancelled', 'cancelled');
}

async function attacks(scheme: Scheme, bench: Bench, only: string | undefined, terminal: Terminal) {
  const options = { ...bench.options, chosen: typed(scheme, bench.options.chosen) };
  const done = [];
  for (const attack of only === undefined ? scheme.attacks : [attackOf(scheme, only)]) {
    await turn(terminal, `${scheme.id}: ${attack.id}`);
    done.push(runAttack(scheme, attack, bench.picture, bench.given, options).report);
  }
  return done;
}

function list(options: Options): Promise<void> {
  return runCommand(options.json === true, labListReport, async () => {
    const report = listSystems();
    return { report, text: listText(report), exit: 0 };
  });
}

function run(id: string, path: string | undefined, options: Options): Promise<void> {
  return runCommand(options.json === true, labRunReport, async (terminal) => {
    const scheme = schemeOf(id);
    const bench = await prepare(path, options);
    await turn(terminal, scheme.id);
    const made = runScheme(scheme, bench.picture, bench.given, {
      ...bench.options,
      chosen: typed(scheme, bench.options.chosen),
    });
    const report = { image: bench.image, run: made.run };
    return { report, text: runText(report, scheme), exit: 0 };
  });
}

function attack(id: string, path: string | undefined, options: Options): Promise<void> {
  return runCommand(options.json === true, labAttackReport, async (terminal) => {
    const scheme = schemeOf(id);
    const bench = await prepare(
      path,
      options.phantom === undefined && path === undefined ? { ...options, phantom: true } : options,
    );
    const report = { system: id, image: bench.image, attacks: await attacks(scheme, bench, options.attack, terminal) };
    return { report, text: attackText(report), exit: 0 };
  });
}

function compare(path: string | undefined, options: Options): Promise<void> {
  return runCommand(options.json === true, labCompareReport, async (terminal) => {
    const bench = await prepare(
      path,
      options.phantom === undefined && path === undefined ? { ...options, phantom: true } : options,
    );
    const systems = [];
    for (const scheme of SCHEMES) {
      await turn(terminal, scheme.id);
      const made = runScheme(scheme, bench.picture, bench.given, bench.options);
      systems.push({ run: made.run, attacks: await attacks(scheme, bench, undefined, terminal) });
    }
    const report = { image: bench.image, systems };
    return { report, text: compareText(report), exit: 0 };
  });
}

const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function imageCommand(lab: Command, usage: string, description: string): Command {
  return lab
    .command(usage)
    .description(description)
    .option('--phantom [side]', 'the built-in chest phantom instead of a file')
    .option('--frame <number>', 'frame of a DICOM file, from 0', '0')
    .option('--window <low..high>', 'stored values that become 0 and 255 where a scheme takes 8 bits (default: all)')
    .option('--seed <number>', 'repeat a run exactly: keys, nonces and dice follow from it')
    .option('--json', 'print one JSON document');
}

/** `vitrine lab`: the published schemes on an image, their attacks, and one honest table. @param exit as the program's */
export function labCommand(exit: Parameters<Command['exitOverride']>[0]): Command {
  const lab = new Command('lab').description('run published image ciphers on an image, attack and compare them');
  lab.exitOverride(exit);
  lab
    .command('list')
    .description('the systems, what they claim and what they protect')
    .option('--json', 'print one JSON document')
    .action((options: Options) => list(options));
  imageCommand(lab, 'run <system> [image]', 'encrypt and decrypt an image with one system and measure it')
    .option('--param <name=value>', 'a parameter of the system; may be repeated', gather, [])
    .option('--nist', 'NIST SP 800-22 on the cipher as well')
    .option('--time', 'times of 30 runs as well')
    .action((id: string, path: string | undefined, options: Options) => run(id, path, options));
  imageCommand(lab, 'attack <system> [image]', 'attack a system, bare and in the envelope')
    .option('--attack <id>', 'only this attack')
    .option('--param <name=value>', 'a parameter of the system; may be repeated', gather, [])
    .action((id: string, path: string | undefined, options: Options) => attack(id, path, options));
  imageCommand(lab, 'compare [image]', 'every system with its attacks on one image, in one table')
    .option('--nist', 'NIST SP 800-22 on the ciphers as well')
    .option('--time', 'times of 30 runs as well')
    .action((path: string | undefined, options: Options) => compare(path, { ...options, param: [] }));
  return lab;
}
