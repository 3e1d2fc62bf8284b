/**
 * What a published system of the review is to Vitrine: one description in the file that makes it work. The Laboratory,
 * `vitrine lab list` and EVIDENCE.md are drawn from these (core/systems/registry.ts is the list), so that nothing about a
 * system is written twice. None of them is the protection of a study: that is the envelope alone.
 */

/**
 * Where a statement comes from: the review, the paper's abstract, its authors' code, third parties, a measurement of the
 * specification, general knowledge; or that it was not found.
 */
export type Evidence =
  | 'review'
  | 'abstract'
  | 'authors’ code'
  | 'third party'
  | 'measured'
  | 'general knowledge'
  | 'not found';

/** A setting of a system. */
export type Parameter =
  | {
      readonly name: string;
      readonly means: string;
      readonly low: number;
      readonly high: number;
      readonly default: number;
      /** True: takes fractions. Whole numbers where it is left out. */
      readonly fraction?: true;
    }
  | { readonly name: string; readonly means: string; readonly choices: readonly string[]; readonly default: string };

/** A value for every parameter of a system. */
export type ParameterValues = Readonly<Record<string, number | string>>;

/** Our figure where it takes longer than writing EVIDENCE.md may: as the named command printed it. */
export interface RecordedFigure {
  readonly text: string;
  /** The command that prints it. */
  readonly from: string;
}

/** Our figure as a benchmark measured it last: a sentence with places for what its row has (test/bench/measured.ts). */
export interface BenchFigure {
  readonly text: string;
  /** The benchmark's id. */
  readonly bench: string;
}

/** What the paper reports, with its source and with what our run gives for the same. `Given`: what our run needs. */
export interface Headline<Given = never> {
  readonly text: string;
  readonly evidence: Evidence;
  /** The figure alone, where it is one that we measure, by our figure's name: the Laboratory sets both side by side. */
  readonly figure?: { readonly metric: string; readonly value: string };
  /** Our figure for the same metric with the data named, or null where it is not reproduced. */
  readonly ours: ((given: Given) => string) | RecordedFigure | BenchFigure | null;
}

/** What every family says of a system. */
export interface Published {
  readonly id: string;
  /** Its number in the review's list of references; null for a line that others are compared with. */
  readonly reference: number | null;
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly family: string;
  readonly does: string;
  readonly claims: string;
  readonly protects: string;
  /** Which parts of the paper could not be read and are ours. */
  readonly reconstruction: string;
  readonly headline: readonly Headline[];
  readonly parameters: readonly Parameter[];
}

/** A classifier of the zoo. */
export interface PublishedClassifier extends Published {
  readonly kind: 'classifier';
  /** Folder in models/zoo whose network it is; the measured figures lie in its manifest. */
  readonly model: string;
  /** The command that runs it. */
  readonly command: string;
}

/** A way to fool a classifier. */
export interface PublishedModelAttack extends Published {
  readonly kind: 'model-attack';
  readonly command: string;
}

/** A forecast on encrypted data. */
export interface PublishedForecast extends Published {
  readonly kind: 'forecast';
  readonly command: string;
}

/** A way to say in a key or a ciphertext who may open it. */
export interface PublishedAccess extends Published {
  readonly kind: 'access-control';
  readonly command: string;
}

/** The defaults of all parameters. */
export function defaults({ parameters }: Pick<Published, 'parameters'>): ParameterValues {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
}

function fits(parameter: Parameter, value: number | string): boolean {
  if ('choices' in parameter) return parameter.choices.includes(String(value));
  const number = parameter.fraction ? Number.isFinite(value) : Number.isInteger(value);
  return number && Number(value) >= parameter.low && Number(value) <= parameter.high;
}

/** Why `chosen` is not taken, as a sentence without its full stop. Null when it is: over the defaults it is complete. */
export function refusedParameter(
  { parameters }: Pick<Published, 'parameters'>,
  chosen: ParameterValues,
): string | null {
  for (const [name, value] of Object.entries(chosen)) {
    const parameter = parameters.find((one) => one.name === name);
    const names = parameters.map((one) => one.name).join(', ') || 'none';
    if (!parameter) return `there is no parameter "${name}"; the system has ${names}`;
    if (fits(parameter, value)) continue;
    if ('choices' in parameter) return `"${name}" takes ${parameter.choices.join(', ')}`;
    return `"${name}" takes ${parameter.fraction ? 'numbers' : 'whole numbers'} ${parameter.low} to ${parameter.high}`;
  }
  return null;
}
