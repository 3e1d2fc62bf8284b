import { beforeAll, describe, expect, it } from 'vitest';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import { SCHEMES } from '../systems/registry.ts';
import { aesGcm } from './aes-gcm.ts';
import { ahmadPerceptual } from './ahmad-perceptual.ts';
import { evaluate, nistOf, timeScheme } from './evaluate.ts';
import { deepFixCx } from './gaudio-deepfixcx.ts';
import type { Measured } from './measures.ts';
import { chestPhantom } from './phantom.ts';
import { type Picture, windowed } from './picture.ts';
import { seededFill, seededKey, seededNumbers } from './random.ts';
import { parameterValues, type Tools } from './scheme.ts';

let tools: Tools;
beforeAll(async () => {
  // Nonces from a seed, so that a figure is the same on every run.
  const engine = createPlatformEngine(seededFill(800));
  tools = { engine, jpeg: await createJpegCodec() };
});

const key = seededKey(3);
const picture = chestPhantom({ side: 128, patient: 1 });
const named = (metrics: readonly Measured[], name: string): Measured =>
  metrics.find((one) => one.name.startsWith(name)) as Measured;

/** The phantom with 12 bits: its 8 bits and four of noise. */
function deep(): Picture {
  const numbers = seededNumbers(12);
  return { ...picture, bits: 12, samples: picture.samples.map((value) => value * 16 + numbers.below(16)) };
}

describe('evaluate', () => {
  it('labels by trying: AES-GCM is lossless and sealed by itself', () => {
    const found = evaluate(aesGcm, picture, {}, { key, tools });
    expect(found.labels).toEqual({ fidelity: 'lossless', bare: 'AEAD', envelope: 'AEAD' });
    expect(found.bytes).toEqual({ original: 16_384, payload: 16_412, sealed: 16_440 });
    expect(named(found.metrics, 'PSNR of the recovered').value).toBe(Number.POSITIVE_INFINITY);
    expect(named(found.metrics, 'PSNR with one key bit wrong')).toMatchObject({ value: null, meets: true });
    for (const name of [
      'entropy',
      'histogram',
      'correlation of the cipher, h',
      'NPCR, the same',
      'UACI, the same',
      'NPCR, one key',
    ])
      expect(named(found.metrics, name).meets, name).toBe(true);
    // The nonce held, as the test demands: one byte of sixteen thousand changes, and CTR is secure all the same.
    expect(named(found.metrics, 'NPCR, one pixel').value).toBeCloseTo(100 / 16_384, 10);
  });

  it('labels by trying: perceptual encryption is an approximation and keeps no secret', () => {
    const found = evaluate(ahmadPerceptual, picture, {}, { key, tools });
    expect(found.labels).toEqual({ fidelity: 'bounded', bare: 'none (obfuscation only)', envelope: 'AEAD' });
    expect(named(found.metrics, 'NPCR, one pixel').value).toBeCloseTo(100 / 16_384, 10);
    expect(named(found.metrics, 'histogram').meets).toBe(false);
    expect(named(found.metrics, 'log2 of the key space').value).toBe(256);
    expect(named(found.metrics, 'BD-rate').value).toBeGreaterThan(0);
    expect(named(found.metrics, 'NPCR, the same')).toBeUndefined();
    expect(evaluate(ahmadPerceptual, picture, { codec: 'none' }, { key, tools }).labels.fidelity).toBe('lossless');
  });

  it('labels by trying: DeepFixCX has no inverse and no key', () => {
    const found = evaluate(deepFixCx, picture, { patches: 4 }, { key, tools });
    expect(found.labels).toEqual({ fidelity: 'not invertible', bare: 'none (obfuscation only)', envelope: 'AEAD' });
    expect(found.metrics.map(({ id }) => id)).not.toContain('npcr');
    expect(named(found.metrics, 'MS-SSIM').note).toBe('4 scales');
  });

  it('takes 12 bits where the scheme does, judges their bytes apart, and says what to do where it does not', () => {
    const found = evaluate(aesGcm, deep(), {}, { key, tools });
    expect(found.labels.fidelity).toBe('lossless');
    expect(found.bytes.original).toBe((16_384 * 12) / 8);
    const entropies = found.metrics.filter(({ id }) => id === 'entropy');
    expect(entropies.map(({ name, meets }) => [name, meets])).toEqual([
      ['entropy of the cipher (low byte)', true],
      ['entropy of the cipher (high byte)', true],
    ]);
    expect(() => evaluate(ahmadPerceptual, deep(), {}, { key, tools })).toThrow('window it to 8 bits');
    expect(evaluate(ahmadPerceptual, windowed(deep(), 0, 4095), {}, { key, tools }).labels.fidelity).toBe('bounded');
  });

  it('refuses pictures of which nothing can be said', () => {
    const flat = { ...picture, samples: new Uint16Array(picture.samples.length).fill(9) };
    expect(() => evaluate(aesGcm, flat, {}, { key, tools })).toThrow('one value');
    expect(() => evaluate(aesGcm, { ...picture, rows: 127 }, {}, { key, tools })).toThrow('another number of samples');
    expect(() => evaluate(aesGcm, { ...picture, bits: 4 }, {}, { key, tools })).toThrow('beyond its depth');
    expect(() => evaluate(aesGcm, { ...picture, bits: 32 }, {}, { key, tools })).toThrow('1 to 16');
    expect(() => evaluate(aesGcm, { ...picture, columns: 0 }, {}, { key, tools })).toThrow('no pixels');
  });

  it('measures every metric that a scheme names', () => {
    for (const scheme of SCHEMES) {
      const found = evaluate(scheme, picture, {}, { key, tools });
      expect([...new Set(found.metrics.map(({ id }) => id))].sort()).toEqual([...scheme.metrics].sort());
    }
  });

  it('runs NIST’s tests on a cipher, and takes times with a clock', () => {
    const values = parameterValues(aesGcm, {});
    const results = nistOf(aesGcm.encrypt(picture, { key, values, tools }).cipher);
    expect(results.filter(({ proportion }) => proportion !== null).map(({ test }) => test)).toContain(
      'binary matrix rank',
    );
    let now = 0;
    const small = chestPhantom({ side: 16, patient: 1 });
    const timing = timeScheme(aesGcm, small, { key, values, tools }, () => now++);
    expect(timing.encrypt).toMatchObject({ runs: 30, median: 1, p95: 1 });
    expect(timing.decrypt.megabytesPerSecond).toBeCloseTo(0.256, 6);
  });
});
