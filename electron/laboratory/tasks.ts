/** The Laboratory's work in the engine process: a picture is read, a scheme run, attacked, compared. */
import type { LabAttackReport, LabCompareReport, LabRunReport } from '../../core/contract/lab.ts';
import type { LabOutcome, LabPicture } from '../../core/contract/laboratory.ts';
import type { ParameterValues } from '../../core/published.ts';
import { objectKey } from '../../core/schemes/envelope.ts';
import { timeScheme } from '../../core/schemes/evaluate.ts';
import { chestPhantom } from '../../core/schemes/phantom.ts';
import { type Picture, range } from '../../core/schemes/picture.ts';
import type { Bench } from '../../core/schemes/scheme.ts';
import { attackOf, schemeOf } from '../../core/systems/registry.ts';
import { createPlatformEngine } from '../crypto/platform-engine.ts';
import { createJpegCodec } from '../decode/jpeg-codec.ts';
import type { EngineTask, FramePlace, TaskControl } from '../engine/task.ts';
import { boundedPicture, pictureFromBytes, pictureFromFrame, type LabPicture as ReadPicture } from './picture-file.ts';
import { fitting, type LabOptions, runAttack, runScheme } from './reports.ts';

/** Where a picture comes from, as the engine has it: no path, no key. */
export type EnginePicture =
  | { readonly from: 'phantom'; readonly side: number }
  | { readonly from: 'place'; readonly place: FramePlace }
  | { readonly from: 'bytes'; readonly bytes: Uint8Array };

/** Ends of the window; `low` and `high` in stored values for a study's picture, in samples for others. */
export type Window = { readonly low: number; readonly high: number } | null;

interface Given {
  readonly picture: EnginePicture;
  readonly window: Window;
}

interface Ready {
  readonly kind: ReadPicture['source'] | 'phantom';
  readonly picture: Picture;
  /** In samples. */
  readonly window: { readonly low: number; readonly high: number } | null;
  readonly bench: Bench;
}

/** Steps of a run besides its metrics: reading, encryption, times. */
const STEPS = 3;

async function ready({ picture: from, window }: Given, control: TaskControl): Promise<Ready> {
  const jpeg = await createJpegCodec();
  const engine = createPlatformEngine();
  const bench = { key: objectKey(engine), tools: { engine, jpeg } };
  if (from.from === 'phantom') {
    const picture = chestPhantom({ side: from.side, patient: 1 });
    return { kind: 'phantom', picture, window: null, bench };
  }
  if (from.from === 'bytes') {
    const { source, picture } = await pictureFromBytes(from.bytes, 0, jpeg);
    return { kind: source, picture, window: windowOf(picture, null, 0), bench };
  }
  const stored = await control.frame(from.place);
  const picture = boundedPicture(pictureFromFrame(stored));
  // Signed values were moved up by half their range, and the window with them.
  const moved = stored.format.signed ? 2 ** (stored.format.bitsStored - 1) : 0;
  return { kind: 'dicom', picture, window: windowOf(picture, window, moved), bench };
}

/** The window in whole samples inside the picture's range, where the picture needs one. */
function windowOf(picture: Picture, window: Window, moved: number): Ready['window'] {
  if (picture.bits <= 8) return null;
  const all = range(picture);
  const [low, high] = window === null ? [all.low, all.high] : [window.low + moved, window.high + moved];
  const most = 2 ** picture.bits - 1;
  const [from, to] = [Math.max(0, Math.floor(low)), Math.min(most, Math.ceil(high))];
  return from < to ? { low: from, high: to } : all;
}

/** A picture as it goes to the page: bytes where they do. */
function sent({ columns, rows, channels, bits, samples }: Picture): LabPicture {
  return { columns, rows, channels, bits, samples: bits <= 8 ? Uint8Array.from(samples) : Uint16Array.from(samples) };
}

function imageOf({ kind, picture }: Ready): LabRunReport['image'] {
  const { columns, rows, channels, bits } = picture;
  return { source: kind, columns, rows, channels, bits };
}

function options(chosen: ParameterValues, window: Ready['window']): LabOptions {
  return { chosen, window, nist: false, timing: true, seed: 1 };
}

/** Median milliseconds of AES-256-GCM on what the scheme got. */
function aesMedian(picture: Picture, bench: Bench): number {
  const aes = schemeOf('aes-256-gcm');
  return timeScheme(aes, picture, { ...bench, values: {} }, () => performance.now()).encrypt.median;
}

/** Reads a picture and answers it for the screen. */
export const labPicture: EngineTask<Given, { kind: Ready['kind']; original: LabPicture; window: Ready['window'] }> = {
  async run(given, control) {
    const { kind, picture, window } = await ready(given, control);
    return { kind, original: sent(picture), window };
  },
};

/** Runs one scheme with its figures and times. */
export const labRun: EngineTask<Given & { system: string; parameters: ParameterValues }, LabOutcome> = {
  async run({ system, parameters, ...given }, control) {
    const scheme = schemeOf(system);
    const total = scheme.metrics.length + STEPS;
    const told = (done: number): void => control.progress({ done, total, unit: 'steps' });
    told(0);
    const image = await ready(given, control);
    await control.turn();
    told(1);
    const made = runScheme(scheme, image.picture, image.bench, {
      ...options(parameters, image.window),
      step: (done) => told(done + 1),
    });
    told(total - 1);
    await control.turn();
    const aes = aesMedian(made.original, image.bench);
    told(total);
    const pictures = { original: sent(made.original), cipher: sent(made.cipher), recovered: sent(made.recovered) };
    return { kind: 'run', report: { image: imageOf(image), run: made.run }, aesMedian: aes, ...pictures };
  },
};

interface AttackInput extends Given {
  readonly system: string;
  readonly parameters: ParameterValues;
  readonly attack: string;
}

/** Attacks a scheme, bare and in the envelope. */
export const labAttack: EngineTask<AttackInput, LabOutcome> = {
  async run({ system, parameters, attack: id, ...given }, control) {
    const scheme = schemeOf(system);
    const attack = attackOf(scheme, id);
    control.progress({ done: 0, total: null, unit: 'steps' });
    const image = await ready(given, control);
    await control.turn();
    const found = runAttack(scheme, attack, image.picture, image.bench, {
      ...options(parameters, image.window),
      step: (done, total) => control.progress({ done, total, unit: 'steps' }),
    });
    const report: LabAttackReport = { system, image: imageOf(image), attacks: [found.report] };
    const picture = (one: Picture | null): LabPicture | null => (one === null ? null : sent(one));
    return {
      kind: 'attack',
      report,
      original: sent(found.secret),
      bare: picture(found.bare),
      envelope: picture(found.envelope),
    };
  },
};

/** Several schemes with their defaults on one picture, attacks included. */
export const labCompare: EngineTask<Given & { systems: readonly string[] }, LabOutcome> = {
  async run({ systems: ids, ...given }, control) {
    const schemes = ids.map(schemeOf);
    const total = schemes.reduce((sum, { attacks }) => sum + 1 + attacks.length, 1);
    let done = 0;
    const step = async (): Promise<void> => {
      control.progress({ done: ++done, total, unit: 'steps' });
      await control.turn();
    };
    const image = await ready(given, control);
    await step();
    const systems: LabCompareReport['systems'] = [];
    const made: { cipher: LabPicture; recovered: LabPicture }[] = [];
    const settings = options({}, image.window);
    for (const scheme of schemes) {
      const { run, cipher, recovered } = runScheme(scheme, image.picture, image.bench, settings);
      made.push({ cipher: sent(cipher), recovered: sent(recovered) });
      await step();
      const attacks: LabCompareReport['systems'][number]['attacks'] = [];
      for (const attack of scheme.attacks) {
        attacks.push(runAttack(scheme, attack, image.picture, image.bench, settings).report);
        await step();
      }
      systems.push({ run, attacks });
    }
    const shown = fitting({ bits: { low: 1, high: 8 } }, image.picture, image.window).picture;
    const report: LabCompareReport = { image: imageOf(image), systems };
    return { kind: 'compare', report, aesMedian: aesMedian(shown, image.bench), original: sent(image.picture), made };
  },
};
