import { VitrineError } from '../errors.ts';
import type { ParameterValues } from '../published.ts';
import { ENVELOPE_OVERHEAD, objectKey, openPayload, sealPayload } from './envelope.ts';
import { schemesError } from './errors.ts';
import { MEASURES, type Measured, type SchemeRun } from './measures.ts';
import { psnr } from './metrics/fidelity.ts';
import { bitsOf, type NistResult, nistBattery } from './metrics/sp800-22/battery.ts';
import { ssim } from './metrics/ssim.ts';
import { type Timing, timeRuns } from './metrics/timing.ts';
import { checkPicture, type Picture, range, samePicture, sampleBytes } from './picture.ts';
import { type Bench, parameterValues, type Scheme, type Step, type Use } from './scheme.ts';

/** PSNR in dB and SSIM from which a picture that differs counts as an approximation of the original; below, as no inverse. */
const BOUNDED = { psnr: 24, ssim: 0.8 };

/** What came back: the very samples, an approximation with the figures stated, or neither. */
export type Fidelity = 'lossless' | 'bounded' | 'not invertible';

/** What the scheme itself keeps secret: nothing that a flipped bit or a wrong key would show, or a real secret. */
export type Confidentiality = 'AEAD' | 'none (obfuscation only)';

/** Everything that one run of a scheme on a picture tells. */
export interface Evaluation {
  readonly values: ParameterValues;
  /** Found by trying, never typed in. */
  readonly labels: {
    readonly fidelity: Fidelity;
    readonly bare: Confidentiality;
    /** The payload in the envelope: opened with its key, refused with another and when altered. */
    readonly envelope: Confidentiality;
  };
  readonly bytes: { readonly original: number; readonly payload: number; readonly sealed: number };
  readonly metrics: readonly Measured[];
  readonly cipher: Picture;
  readonly recovered: Picture;
}

/**
 * Runs a scheme on a picture and takes its metrics.
 * @param chosen parameters that differ from the defaults
 * @param step told after the run itself and after each metric
 * @throws VitrineError schemes/picture, schemes/parameter
 */
export function evaluate(
  scheme: Scheme,
  picture: Picture,
  chosen: ParameterValues,
  given: Bench,
  step: Step = () => undefined,
): Evaluation {
  checkPicture(picture);
  const { low, high } = range(picture);
  if (low === high)
    throw schemesError('schemes/constant', 'all samples have one value; choose a picture that shows something');
  const values = parameterValues(scheme, chosen);
  const use: Use = { ...given, values };
  const made = scheme.encrypt(picture, use);
  const recovered = scheme.decrypt(made.payload, picture, use);
  const run: SchemeRun = { scheme, picture, use, made, recovered };
  const total = scheme.metrics.length + 1;
  step(1, total);
  const metrics = scheme.metrics.flatMap((id, i) => {
    const taken = MEASURES[id](run);
    step(i + 2, total);
    return taken;
  });
  return {
    values,
    labels: { fidelity: fidelityOf(picture, recovered), bare: bareSecrecy(run), envelope: envelopeSecrecy(run) },
    bytes: {
      original: Math.ceil((picture.samples.length * picture.bits) / 8),
      payload: made.payload.length,
      sealed: made.payload.length + ENVELOPE_OVERHEAD,
    },
    metrics,
    cipher: made.cipher,
    recovered,
  };
}

function fidelityOf(picture: Picture, recovered: Picture): Fidelity {
  if (samePicture(picture, recovered)) return 'lossless';
  const alike = (ssim(picture, recovered) ?? 1) >= BOUNDED.ssim;
  return alike && psnr(picture, recovered) >= BOUNDED.psnr ? 'bounded' : 'not invertible';
}

/** True when the call refuses, which only its own error says; anything else is a defect and goes on. */
function refuses(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    if (error instanceof VitrineError) return true;
    throw error;
  }
}

function altered(bytes: Uint8Array, bit = 1): Uint8Array {
  const copy = bytes.slice();
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] as number) ^ bit;
  return copy;
}

function bareSecrecy({ scheme, picture, use, made }: SchemeRun): Confidentiality {
  const wrongKey = { ...use, key: altered(use.key) };
  const sound =
    refuses(() => scheme.decrypt(made.payload, picture, wrongKey)) &&
    refuses(() => scheme.decrypt(altered(made.payload), picture, use));
  return sound ? 'AEAD' : 'none (obfuscation only)';
}

function envelopeSecrecy({ scheme, picture, use, made }: SchemeRun): Confidentiality {
  const { engine } = use.tools;
  const key = objectKey(engine);
  const context = { scheme, values: use.values, shape: picture, place: 'laboratory' };
  const sealed = sealPayload(engine, key, context, made.payload);
  const opens = openPayload(engine, key, context, sealed).every((byte, i) => byte === made.payload[i]);
  const sound =
    opens &&
    refuses(() => openPayload(engine, altered(key), context, sealed)) &&
    refuses(() => openPayload(engine, key, { ...context, place: 'elsewhere' }, sealed)) &&
    refuses(() => openPayload(engine, key, context, altered(sealed)));
  return sound ? 'AEAD' : 'none (obfuscation only)';
}

/** NIST SP 800-22 on the cipher's samples. Passing is necessary for a cipher, never sufficient. */
export function nistOf(cipher: Picture): NistResult[] {
  return nistBattery(bitsOf(sampleBytes(cipher)));
}

/** Times of a scheme on a picture. */
export interface SchemeTiming {
  readonly encrypt: Timing;
  readonly decrypt: Timing;
}

/** Encryption and decryption alone, codec included, 30 runs each. @param clock monotonic milliseconds */
export function timeScheme(scheme: Scheme, picture: Picture, use: Use, clock: () => number): SchemeTiming {
  const bytes = sampleBytes(picture).length;
  const { payload } = scheme.encrypt(picture, use);
  return {
    encrypt: timeRuns(() => scheme.encrypt(picture, use), bytes, clock),
    decrypt: timeRuns(() => scheme.decrypt(payload, picture, use), bytes, clock),
  };
}
