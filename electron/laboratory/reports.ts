import type { LabAttack, LabListReport, LabRun } from '../../core/contract/lab.ts';
import type { Parameter, ParameterValues } from '../../core/published.ts';
import { type Evaluation, evaluate, nistOf, timeScheme } from '../../core/schemes/evaluate.ts';
import { type Picture, range, windowed } from '../../core/schemes/picture.ts';
import {
  type Attack,
  type AttackOutcome,
  type Bench,
  parameterValues,
  type Scheme,
  type Step,
} from '../../core/schemes/scheme.ts';
import { runTrial } from '../../core/schemes/trial.ts';
import { SYSTEMS, type System } from '../../core/systems/registry.ts';

/** How a run is made. */
export interface LabOptions {
  /** Parameters over the defaults. */
  readonly chosen: ParameterValues;
  /** For pictures deeper than the scheme takes; the picture's own range where it is null. */
  readonly window: { readonly low: number; readonly high: number } | null;
  readonly nist: boolean;
  readonly timing: boolean;
  /** The attacker's dice. */
  readonly seed: number;
  readonly step?: Step;
}

function parameterRow(one: Parameter) {
  return {
    name: one.name,
    means: one.means,
    low: 'low' in one ? one.low : null,
    high: 'high' in one ? one.high : null,
    fraction: 'fraction' in one,
    choices: 'choices' in one ? [...one.choices] : null,
    default: one.default,
  };
}

/** What only image ciphers have, and only the others. */
function ofKind(system: System) {
  if (system.kind !== 'image-scheme')
    return { kind: system.kind, keyed: null, bits: null, metrics: [], attacks: [], command: system.command };
  const { kind, id, keyed, bits, metrics, attacks } = system;
  const command = `vitrine lab run ${id} <image>`;
  return { kind, keyed, bits, metrics: [...metrics], attacks: attacks.map(description), command };
}

/** The registry as the contract has it. */
export function listSystems(): LabListReport {
  return {
    systems: SYSTEMS.map((system) => {
      const { id, reference, authors, year, title, family, does, claims, protects, reconstruction } = system;
      return {
        ...{ id, reference, authors, year, title, family, does, claims, protects, reconstruction },
        headline: system.headline.map(({ text, evidence, figure }) => ({ text, evidence, figure: figure ?? null })),
        parameters: system.parameters.map(parameterRow),
        ...ofKind(system),
      };
    }),
  };
}

function description({ id, title, source, needs, measure, passesWhen }: Attack) {
  return { id, title, source, needs, measure, passesWhen };
}

/** The picture at a depth that the scheme takes. */
export function fitting(scheme: Pick<Scheme, 'bits'>, picture: Picture, window: LabOptions['window']) {
  if (picture.bits <= scheme.bits.high) return { picture, windowed: null };
  const { low, high } = window ?? range(picture);
  return { picture: windowed(picture, low, high), windowed: { low, high } };
}

/** A run's figures, and its pictures: `original` as the scheme got it. */
export interface MadeRun {
  readonly run: LabRun;
  readonly original: Picture;
  readonly cipher: Picture;
  readonly recovered: Picture;
}

/** Runs a scheme and takes its figures. @throws VitrineError<SchemesCode> */
export function runScheme(scheme: Scheme, original: Picture, given: Bench, options: LabOptions): MadeRun {
  const fitted = fitting(scheme, original, options.window);
  const found: Evaluation = evaluate(scheme, fitted.picture, options.chosen, given, options.step);
  const use = { ...given, values: found.values };
  const run = {
    system: scheme.id,
    parameters: { ...found.values },
    windowed: fitted.windowed,
    labels: found.labels,
    bytes: found.bytes,
    metrics: found.metrics.map((one) => ({
      ...one,
      value: one.value === Number.POSITIVE_INFINITY ? ('infinity' as const) : one.value,
    })),
    nist: options.nist
      ? nistOf(found.cipher).map(({ test, section, pValues, proportion }) => ({
          test,
          section,
          proportion,
          pValues: [...pValues],
        }))
      : null,
    timing: options.timing ? timeScheme(scheme, fitted.picture, use, () => performance.now()) : null,
  };
  return { run, original: fitted.picture, cipher: found.cipher, recovered: found.recovered };
}

const numbers = ({ score, chance, succeeded }: AttackOutcome) => ({ score, chance, succeeded });

/** An attack's figures, and what it was after and got. */
export interface MadeAttack {
  readonly report: LabAttack;
  readonly secret: Picture;
  readonly bare: Picture | null;
  readonly envelope: Picture | null;
}

/** Runs one attack on the scheme alone and in the envelope. @throws VitrineError<SchemesCode> */
export function runAttack(
  scheme: Scheme,
  attack: Attack,
  original: Picture,
  given: Bench,
  options: LabOptions,
): MadeAttack {
  const secret = fitting(scheme, original, options.window).picture;
  const values = parameterValues(scheme, options.chosen);
  const step = options.step === undefined ? {} : { step: options.step };
  const trial = runTrial(scheme, attack, { ...given, secret, values, seed: options.seed, ...step });
  const report = {
    ...description(attack),
    parameters: { ...trial.values },
    bare: numbers(trial.bare),
    envelope: numbers(trial.envelope),
  };
  return { report, secret: trial.secret, bare: trial.bare.recovered, envelope: trial.envelope.recovered };
}
