/**
 * What a published system is to the Laboratory: one description, from which the screen, the command line and EVIDENCE.md
 * are drawn. A scheme is never the protection of a study: whatever it makes is a payload of the envelope (envelope.ts),
 * and confidentiality rests on that alone.
 */
import type { AeadEngine } from '../seal/engine.ts';
import { schemesError } from './errors.ts';
import type { Picture } from './picture.ts';
import type { KeyedNumbers } from './random.ts';

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

/** A setting of a scheme. */
export type Parameter =
  | {
      readonly name: string;
      readonly means: string;
      readonly low: number;
      readonly high: number;
      readonly default: number;
    }
  | { readonly name: string; readonly means: string; readonly choices: readonly string[]; readonly default: string };

/** A value for every parameter of a scheme. */
export type ParameterValues = Readonly<Record<string, number | string>>;

/** Codec for 8-bit JPEG; core has none of its own. Grey or 4:4:4 colour. */
export interface JpegCodec {
  /** Names the codec and its version: streams differ between them. */
  readonly id: string;
  /** @param quality 1 … 95 */
  encode(picture: Picture, quality: number): Uint8Array;
  /** @throws VitrineError schemes/payload */
  decode(stream: Uint8Array): Picture;
}

/** What schemes need from the machine. */
export interface Tools {
  readonly engine: AeadEngine;
  readonly jpeg: JpegCodec;
}

/** Geometry and depth of the original; the receiver knows them from the envelope's associated data. */
export type Shape = Omit<Picture, 'samples'>;

/** What a scheme makes of a picture. */
export interface Ciphered {
  /** The picture that an onlooker without the key sees. */
  readonly cipher: Picture;
  /** The bytes that would be stored or sent. */
  readonly payload: Uint8Array;
}

/** One call of a scheme. */
export interface Use {
  /** 32 bytes; schemes without a key ignore it. */
  readonly key: Uint8Array;
  readonly values: ParameterValues;
  readonly tools: Tools;
}

/** What the paper reports, with its source and with what our run gives for the same. */
export interface Headline {
  readonly text: string;
  readonly evidence: Evidence;
  /** Our figure for the same metric with the data named, or null where it is not reproduced. */
  readonly ours: ((given: Pick<Use, 'key' | 'tools'>) => string) | null;
}

/** Metrics that make sense for a scheme; `evaluate.ts` computes them. */
export type MetricId =
  | 'entropy'
  | 'local-entropy'
  | 'npcr'
  | 'uaci'
  | 'correlation'
  | 'chi-square'
  | 'cipher-psnr'
  | 'cipher-ssim'
  | 'psnr'
  | 'ssim'
  | 'ms-ssim'
  | 'uiq'
  | 'mse'
  | 'key-sensitivity'
  | 'wrong-key'
  | 'key-space'
  | 'compression-ratio'
  | 'bitrate-overhead';

/** What an attacker can make the scheme do without knowing its key: the same key each time. */
export type Oracle = (picture: Picture) => Ciphered;

/** What an attack works on. */
export interface AttackCase {
  /** The picture that the attacker wants. */
  readonly secret: Picture;
  readonly values: ParameterValues;
  readonly oracle: Oracle;
  /** The attacker's own dice. */
  readonly numbers: KeyedNumbers;
}

/** How far an attack came. */
export interface AttackOutcome {
  /** The attack's own measure, 0 … 1 where 1 is everything. */
  readonly score: number;
  /** What guessing reaches. */
  readonly chance: number;
  readonly succeeded: boolean;
  /** What the attacker sees in the end. Null where the attack is not after a picture. */
  readonly recovered: Picture | null;
}

/** A published way to break a scheme. It must succeed against the bare scheme and fail against the envelope. */
export interface Attack {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** What the attacker has. */
  readonly needs: string;
  /** What `score` measures. */
  readonly measure: string;
  readonly passesWhen: string;
  /** Pixels a side that it is shown on at most, from the middle of the picture; 256 where it is left out. */
  readonly side?: number;
  /** Values that the attack is shown on, over the defaults. */
  readonly values?: ParameterValues;
  run(attackCase: AttackCase): AttackOutcome;
}

/** One published system. */
export interface Scheme {
  readonly id: string;
  /** Its number in the review's list of references; null for the line that the others are compared with. */
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
  readonly keyed: boolean;
  /** Depths that it takes. */
  readonly bits: { readonly low: number; readonly high: number };
  readonly parameters: readonly Parameter[];
  readonly metrics: readonly MetricId[];
  readonly attacks: readonly Attack[];
  /** log2 of the number of keys that make a difference for a picture of this shape. */
  keySpace(shape: Shape, values: ParameterValues): number;
  /** @throws VitrineError schemes/picture, schemes/parameter */
  encrypt(picture: Picture, use: Use): Ciphered;
  /** @throws VitrineError schemes/payload, schemes/altered */
  decrypt(payload: Uint8Array, shape: Shape, use: Use): Picture;
}

/** The defaults of all parameters. */
export function defaults({ parameters }: Pick<Scheme, 'parameters'>): ParameterValues {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
}

/** `chosen` over the defaults. @throws VitrineError schemes/parameter for names and values that the scheme doesn't have. */
export function parameterValues(scheme: Pick<Scheme, 'parameters'>, chosen: ParameterValues): ParameterValues {
  for (const [name, value] of Object.entries(chosen)) {
    const parameter = scheme.parameters.find((one) => one.name === name);
    if (!parameter) {
      const names = scheme.parameters.map((one) => one.name).join(', ') || 'none';
      throw schemesError('schemes/parameter', `there is no parameter "${name}"; the scheme has ${names}`);
    }
    const fits =
      'choices' in parameter
        ? parameter.choices.includes(String(value))
        : Number.isInteger(value) && Number(value) >= parameter.low && Number(value) <= parameter.high;
    const room =
      'choices' in parameter ? parameter.choices.join(', ') : `whole numbers ${parameter.low} to ${parameter.high}`;
    if (!fits) throw schemesError('schemes/parameter', `"${name}" takes ${room}`);
  }
  return { ...defaults(scheme), ...chosen };
}

/** The value of a whole-number parameter. */
export function whole(values: ParameterValues, name: string): number {
  return Number(values[name]);
}

/** @throws VitrineError schemes/picture where the scheme doesn't take the picture's depth. */
export function checkDepth({ bits: { low, high } }: Pick<Scheme, 'bits'>, { bits }: Pick<Picture, 'bits'>): void {
  if (bits < low || bits > high)
    throw schemesError(
      'schemes/picture',
      `the scheme takes ${low} to ${high} bits a sample and the picture has ${bits}; window it to 8 bits first`,
    );
}
