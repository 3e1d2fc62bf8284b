import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { naivePackets } from '../../test/reference/schemes-packets.ts';
import type { ParameterValues } from '../published.ts';
import { deepFixCx, featureCount, pooledFeatures } from './gaudio-deepfixcx.ts';
import { psnr } from './metrics/fidelity.ts';
import { ssim } from './metrics/ssim.ts';
import { chestPhantom } from './phantom.ts';
import { samePicture } from './picture.ts';
import { seededKey, seededNumbers } from './random.ts';
import { parameterValues } from './scheme.ts';
import { runTrial } from './trial.ts';
import { inversePackets, packetTransform } from './wavelet-packets.ts';

const refuse = (): never => {
  throw new Error('no JPEG in this scheme');
};
const tools = { engine: createPlatformEngine(), jpeg: { id: 'none', encode: refuse, decode: refuse } };
const use = (chosen: ParameterValues) => ({ key: seededKey(1), values: parameterValues(deepFixCx, chosen), tools });

function values(count: number, seed: number): Float32Array {
  const numbers = seededNumbers(seed);
  return Float32Array.from({ length: count }, () => numbers.below(4096));
}

describe('Haar wavelet packets', () => {
  const sizes = fc.record({
    columns: fc.integer({ min: 1, max: 40 }),
    rows: fc.integer({ min: 1, max: 40 }),
    levels: fc.integer({ min: 0, max: 4 }),
  });

  it('go back to what they came from, whatever the size', async () => {
    await assertProperty(
      fc.property(sizes, ({ columns, rows, levels }) => {
        const original = values(columns * rows, columns + 64 * rows);
        const back = inversePackets(packetTransform(original, columns, rows, levels));
        const worst = original.reduce((most, value, i) => Math.max(most, Math.abs(value - (back[i] as number))), 0);
        // 1e-5 of the full scale of 12 bits, in single precision.
        expect(worst).toBeLessThan(1e-5 * 4096);
      }),
      { numRuns: 60 },
    );
  });

  it('keep the energy (Parseval)', () => {
    const energy = (of: Float32Array): number => of.reduce((sum, value) => sum + value * value, 0);
    for (const [columns, rows] of [
      [64, 48],
      [37, 21],
    ] as const) {
      const original = values(columns * rows, 9);
      const { bands } = packetTransform(original, columns, rows, 3);
      expect(energy(bands) / energy(original)).toBeCloseTo(1, 5);
    }
  });

  it('equal their slow twin', () => {
    const original = values(13 * 10, 4);
    const fast = packetTransform(original, 13, 10, 2).bands;
    const slow = naivePackets([...original], 13, 10, 2);
    expect(fast.length).toBe(slow.length);
    for (const [i, value] of slow.entries()) expect(Math.abs(value - (fast[i] as number))).toBeLessThan(0.01);
  });
});

describe('Gaudio DeepFixCX', () => {
  it('keeps 4^J P² numbers, below 5 % at the paper’s size', () => {
    const picture = chestPhantom({ side: 320, patient: 1 });
    const { payload } = deepFixCx.encrypt(picture, use({}));
    expect(payload.length).toBe(4 * featureCount(3, 8));
    expect(featureCount(3, 8) / (320 * 320)).toBeCloseTo(0.04, 10);
    const colour = { ...picture, columns: 64, rows: 64, channels: 3 as const, samples: new Uint16Array(64 * 64 * 3) };
    expect(deepFixCx.encrypt(colour, use({ levels: 1, patches: 5 })).payload.length).toBe(3 * 4 * 4 * 25);
  });

  it('refuses more patches than a packet has pixels', () => {
    const picture = chestPhantom({ side: 64, patient: 1 });
    expect(() => deepFixCx.encrypt(picture, use({ levels: 3, patches: 8 }))).not.toThrow();
    expect(() => deepFixCx.encrypt(picture, use({ levels: 3, patches: 9 }))).toThrow('at most 8');
    expect(() => deepFixCx.decrypt(new Uint8Array(4), picture, use({}))).toThrow('another length');
  });

  it('pools by hand as by machine', () => {
    // One level, one patch: sums over the four packets of a 2×2 picture of 2×2 blocks.
    const channel = Float32Array.of(1, 2, 3, 4);
    const shape = { columns: 2, rows: 2, channels: 1, bits: 8 } as const;
    const pooled = (pooling: string, levels = 1): number[] => [
      ...pooledFeatures(channel, shape, parameterValues(deepFixCx, { levels, patches: 1, pooling })),
    ];
    expect(pooled('sum')).toEqual([5, -1, -2, 0]);
    expect(pooled('l1')).toEqual([5, 1, 2, 0]);
    expect(pooled('positive')).toEqual([5, 0, 0, 0]);
    expect(pooled('negative')).toEqual([0, -1, -2, 0]);
    expect(pooled('median', 0)).toEqual([2.5]);
    expect(pooled('max', 0)).toEqual([4]);
    expect(pooled('min', 0)).toEqual([1]);
    expect(pooled('l2', 0)[0]).toBeCloseTo(Math.sqrt(30), 5);
  });

  it('is the identity where nothing is pooled, and a readable thumbnail with few levels', () => {
    const picture = chestPhantom({ side: 64, patient: 2 });
    const whole = use({ levels: 0, patches: 64, pooling: 'sum' });
    expect(samePicture(deepFixCx.decrypt(deepFixCx.encrypt(picture, whole).payload, picture, whole), picture)).toBe(
      true,
    );
    const thumbnail = use({ levels: 0, patches: 32, pooling: 'sum' });
    const seen = deepFixCx.decrypt(deepFixCx.encrypt(picture, thumbnail).payload, picture, thumbnail);
    expect(ssim(picture, seen)).toBeGreaterThan(0.5);
  });

  it('can not be inverted at the paper’s settings, and "sum" is more viewable than "l1"', () => {
    const picture = chestPhantom({ side: 320, patient: 1 });
    const quality = (pooling: string): number => {
      const { payload } = deepFixCx.encrypt(picture, use({ pooling }));
      return psnr(picture, deepFixCx.decrypt(payload, picture, use({ pooling })));
    };
    expect(quality('sum')).toBeGreaterThan(quality('l1'));
    expect(quality('sum')).toBeLessThan(24);
  });

  it('shows which images are of the same patient; the envelope does not', () => {
    const [attack] = deepFixCx.attacks;
    const trial = { secret: chestPhantom({ side: 128, patient: 1 }), key: seededKey(1), values: {}, tools, seed: 1 };
    const { bare, envelope } = runTrial(deepFixCx, attack as never, trial);
    expect(bare.succeeded).toBe(true);
    expect(bare.score).toBeGreaterThan(0.6);
    expect(envelope.succeeded).toBe(false);
  });
});
