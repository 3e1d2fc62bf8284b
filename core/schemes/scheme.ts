/**
 * What an image cipher of the literature is to the Laboratory: its description (core/published.ts) and the functions that
 * make it work. A scheme is never the protection of a study: whatever it makes is a payload of the envelope
 * (envelope.ts), and confidentiality rests on that alone.
 */
import { defaults, type Headline, type ParameterValues, type Published, refusedParameter } from '../published.ts';
import type { AeadEngine } from '../seal/engine.ts';
import { schemesError } from './errors.ts';
import type { Picture } from './picture.ts';
import type { KeyedNumbers } from './random.ts';

/** Codec for 8-bit JPEG; core has none of its own. Grey or 4:4:4 colour. */
export interface JpegCodec {
  /** Names the codec and its version: streams differ between them. */
  readonly id: string;
  /** @param quality 1 … 95 @throws VitrineError schemes/too-small where the stream would be longer than the samples */
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

/** What a run of a paper's figure needs. */
export type Bench = Pick<Use, 'key' | 'tools'>;

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

/** What every keyed cipher whose result is a picture is measured by; a scheme adds what is its own. */
export const CIPHER_METRICS = [
  'entropy',
  'local-entropy',
  'npcr',
  'uaci',
  'correlation',
  'chi-square',
  'cipher-psnr',
  'cipher-ssim',
  'mse',
  'psnr',
  'ssim',
  'key-sensitivity',
  'wrong-key',
  'key-space',
  'compression-ratio',
] as const satisfies readonly MetricId[];

/** What an attacker can make the scheme do without knowing its key: the same key each time. */
export type Oracle = (picture: Picture) => Ciphered;

/** How far long work is. It is called from the midst of it, and can't stop it. */
export type Step = (done: number, total: number) => void;

/** What an attack works on. */
export interface AttackCase {
  /** The picture that the attacker wants. */
  readonly secret: Picture;
  readonly values: ParameterValues;
  readonly oracle: Oracle;
  /** The attacker's own dice. */
  readonly numbers: KeyedNumbers;
  /** Told now and then by attacks that take long. */
  readonly step: Step;
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

/** One published image cipher. */
export interface Scheme extends Published {
  readonly kind: 'image-scheme';
  readonly headline: readonly Headline<Bench>[];
  readonly keyed: boolean;
  /** Depths that it takes. */
  readonly bits: { readonly low: number; readonly high: number };
  readonly metrics: readonly MetricId[];
  readonly attacks: readonly Attack[];
  /** log2 of the number of keys that make a difference for a picture of this shape. */
  keySpace(shape: Shape, values: ParameterValues): number;
  /** @throws VitrineError schemes/picture, schemes/parameter */
  encrypt(picture: Picture, use: Use): Ciphered;
  /** @throws VitrineError schemes/payload, schemes/altered */
  decrypt(payload: Uint8Array, shape: Shape, use: Use): Picture;
}

/** `chosen` over the defaults. @throws VitrineError schemes/parameter for names and values that the scheme doesn't have. */
export function parameterValues(scheme: Pick<Scheme, 'parameters'>, chosen: ParameterValues): ParameterValues {
  const refused = refusedParameter(scheme, chosen);
  if (refused !== null) throw schemesError('schemes/parameter', refused);
  return { ...defaults(scheme), ...chosen };
}

/** The value of a whole-number parameter. */
export function whole(values: ParameterValues, name: string): number {
  return Number(values[name]);
}

/** @throws VitrineError schemes/depth where the scheme doesn't take the picture's depth. */
export function checkDepth({ bits: { low, high } }: Pick<Scheme, 'bits'>, { bits }: Pick<Picture, 'bits'>): void {
  if (bits < low || bits > high)
    throw schemesError(
      'schemes/depth',
      `the scheme takes ${low} to ${high} bits a sample and the picture has ${bits}; window it to 8 bits first`,
      { low, high, bits },
    );
}
