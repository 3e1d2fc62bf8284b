import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import { admit, obstacles } from './admission.ts';
import type { Architecture } from './architecture.ts';
import { folded } from './architecture.ts';
import type { SourceImage } from './image.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { accuracyOf, confusionOf, perClass, wilson } from './measures.ts';
import { prepareBrainMr } from './prepare.ts';
import { largest, softmax } from './scores.ts';
import { fromHalfBits, halfBits, readWeights, writeWeights } from './weights-file.ts';

describe('half precision', () => {
  it('gives every half back', () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const value = fromHalfBits(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(fromHalfBits(halfBits(value)))).toBe(true);
      else expect(halfBits(value)).toBe(bits);
    }
  });

  it('rounds to the nearest half, ties to even', () => {
    expect(fromHalfBits(halfBits(1 + 2 ** -11))).toBe(1);
    expect(fromHalfBits(halfBits(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(halfBits(65_519)).toBe(0x7bff);
    expect(halfBits(65_520)).toBe(0x7c00);
    expect(halfBits(2 ** -25)).toBe(0);
    expect(halfBits(1.5 * 2 ** -24)).toBe(2);
  });

  it('is never further than half a step away', async () => {
    await assertProperty(
      fc.property(fc.double({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
        const step = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value) || 1e-9))) - 10);
        return Math.abs(fromHalfBits(halfBits(value)) - value) <= step / 2;
      }),
    );
  });
});

const tiny: Architecture = {
  id: 'tiny',
  input: { rows: 2, columns: 2, channels: 1 },
  classes: 2,
  layers: [{ kind: 'flatten' }, { kind: 'dense', name: 'd', units: 2 }],
};

describe('the weights file', () => {
  const weights = new Map([
    ['d/kernel', Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8])],
    ['d/bias', Float32Array.from([0.5, -0.25])],
  ]);

  it('comes back as it was written', () => {
    expect(readWeights(tiny, writeWeights(tiny, weights))).toEqual(weights);
  });

  it('is refused when it is of another network or holds what is no number', () => {
    const bytes = writeWeights(tiny, weights);
    const code = (change: (bytes: Uint8Array) => Uint8Array) => () => readWeights(tiny, change(bytes.slice()));
    expect(code((one) => one.subarray(2))).toThrow(expect.objectContaining({ code: 'infer/weights-shape' }));
    const nan = code((one) => {
      new DataView(one.buffer).setUint16(4, 0x7e00, true);
      return one;
    });
    expect(nan).toThrow(expect.objectContaining({ code: 'infer/weights-not-finite' }));
    const infinite = new Map(weights).set('d/bias', Float32Array.from([1e9, 0]));
    expect(() => writeWeights(tiny, infinite)).toThrow(expect.objectContaining({ code: 'infer/weights-not-finite' }));
  });

  it('needs a convolution before batch normalisation that is to be folded', () => {
    const odd = { ...tiny, layers: [{ kind: 'batch-norm', name: 'n' } as const, ...tiny.layers] };
    expect(() => folded(odd, weights)).toThrow(expect.objectContaining({ code: 'infer/weights-shape' }));
  });
});

describe('figures', () => {
  it('has the intervals that Wilson’s formula gives', () => {
    // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (const [right, of, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const share = wilson(right, of);
      expect(share.low).toBeCloseTo(low, 4);
      expect(share.high).toBeCloseTo(high, 4);
    }
    expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
  });

  it('counts sensitivity along the rows and precision down the columns', () => {
    const confusion = confusionOf([0, 0, 0, 1, 1], [0, 0, 1, 1, 0], 2);
    expect(confusion).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(accuracyOf(confusion)).toMatchObject({ right: 3, of: 5 });
    expect(perClass(confusion)[1]).toMatchObject({ sensitivity: { right: 1, of: 2 }, precision: { right: 1, of: 2 } });
  });

  it('makes probabilities that survive large logits', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
    expect(softmax([0, Math.log(3)])[1]).toBeCloseTo(0.75, 12);
    expect(largest([1, 3, 3])).toBe(1);
  });
});

const MR = { modality: 'MR', inverted: false };

/** A disc on black, brighter inside. */
function head(
  columns: number,
  rows: number,
  bits: number,
  centre: readonly [number, number],
  radius: number,
): SourceImage {
  const samples = new Uint16Array(columns * rows);
  const full = 2 ** bits - 1;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const distance = Math.hypot(x + 0.5 - centre[0], y + 0.5 - centre[1]);
      if (distance < radius) samples[y * columns + x] = Math.round(full * (distance < radius / 2 ? 0.9 : 0.5));
    }
  return { columns, rows, channels: 1, bits, samples };
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

describe('preparing a brain MR', () => {
  it('sees the square around the head, wherever and however large it is', () => {
    const large = prepareBrainMr(head(512, 512, 8, [300, 200], 150), MR, 64);
    const small = prepareBrainMr(head(160, 240, 8, [70, 130], 60), MR, 64);
    expect(large.seen.left).toBeCloseTo(144, 0);
    expect(large.seen.top).toBeCloseTo(44, 0);
    expect(large.seen.side).toBeCloseTo(312, -1);
    expect(meanDifference(large.input, small.input)).toBeLessThan(0.02);
    expect(Math.max(...large.input)).toBeLessThanOrEqual(1);
  });

  it('does not care about depth, rescaling or inversion', () => {
    const eight = head(200, 200, 8, [100, 100], 80);
    const sixteen = { ...eight, bits: 16, samples: eight.samples.map((sample) => 1000 + sample * 200) };
    const inverted = { ...eight, samples: eight.samples.map((sample) => 255 - sample) };
    const colour = {
      ...eight,
      channels: 3 as const,
      samples: Uint16Array.from({ length: 120_000 }, (_, i) => eight.samples[Math.floor(i / 3)] as number),
    };
    const seen = prepareBrainMr(eight, MR, 64).input;
    for (const [other, facts] of [
      [sixteen, MR],
      [inverted, { ...MR, inverted: true }],
      [colour, { ...MR, modality: null }],
    ] as const)
      expect(meanDifference(prepareBrainMr(other, facts, 64).input, seen)).toBeLessThan(1e-6);
  });

  it.each([
    ['infer/modality', head(128, 128, 8, [64, 64], 40), { ...MR, modality: 'CT' }],
    ['infer/size', head(20, 128, 8, [10, 64], 8), MR],
    ['infer/size', head(600, 100, 8, [64, 64], 40), MR],
    ['infer/size', { ...head(128, 128, 8, [64, 64], 40), rows: 127 }, MR],
    ['infer/depth', head(128, 128, 1, [64, 64], 40), MR],
    ['infer/flat', head(128, 128, 8, [64, 64], 0), MR],
    ['infer/flat', { ...head(128, 128, 8, [64, 64], 0), samples: new Uint16Array(128 * 128).fill(77) }, MR],
  ] as const)('refuses with %s', (code, image, facts) => {
    expect(() => prepareBrainMr(image, facts, 64)).toThrow(expect.objectContaining({ code }));
  });

  it('gives numbers of 0 to 1 for whatever is not refused', async () => {
    await assertProperty(
      fc.property(
        fc.integer({ min: 32, max: 60 }),
        fc.integer({ min: 32, max: 60 }),
        fc.integer(),
        (columns, rows, seed) => {
          const samples = Uint16Array.from(
            { length: columns * rows },
            (_, i) => (Math.imul(i + seed, 2_654_435_761) >>> 8) & 4095,
          );
          const { input } = prepareBrainMr({ columns, rows, channels: 1, bits: 12, samples }, MR, 16);
          return input.every((value) => value >= 0 && value <= 1);
        },
      ),
      { numRuns: 20 },
    );
  });
});

const share = { right: 8, of: 10, low: 0.5, high: 0.9 };
const manifest: Manifest = {
  version: 1,
  id: 'made-up',
  release: '1.0.0',
  title: 'Made up',
  reference: null,
  authors: '',
  reconstruction: '',
  network: 'tiny',
  weights: { file: 'weights.bin', format: 'float16', bytes: 20, sha256: '0'.repeat(64) },
  input: { modalities: ['MR'], rows: 2, columns: 2, channels: 1, preparation: 'brain-mr-1', units: '' },
  output: { kind: 'classification', labels: ['a', 'b'] },
  intendedUse: '',
  notFor: '',
  trainingData: { name: '', source: '', licence: '', sha256: '0'.repeat(64), caution: '' },
  metrics: {
    split: '',
    pictures: { training: 10, validation: 20 },
    accuracy: share,
    classes: [
      { label: 'a', sensitivity: share, precision: share },
      { label: 'b', sensitivity: share, precision: share },
    ],
    confusion: [
      [8, 2],
      [2, 8],
    ],
  },
  tolerance: 1e-4,
  licence: 'AGPL-3.0-only',
  robustness: { file: 'robustness.json', sha256: '0'.repeat(64) },
};

describe('admission to clinical use', () => {
  it('is never given to a model without a robustness report', () => {
    expect(() => admit(manifest, 'clinical')).not.toThrow();
    const bare = { ...manifest, robustness: null };
    expect(() => admit(bare, 'clinical')).toThrow(
      expect.objectContaining({ code: 'infer/not-admitted', details: { obstacle: 'no-robustness-report' } }),
    );
    expect(() => admit(bare, 'research')).not.toThrow();
  });

  it('names every obstacle', () => {
    const few = { label: 'a', sensitivity: { ...share, of: 9, low: 0.49 }, precision: share };
    const poor = { ...manifest, licence: ' ', robustness: null, metrics: { ...manifest.metrics, classes: [few] } };
    expect(obstacles(poor)).toEqual([
      'no-robustness-report',
      'too-few-validation-pictures',
      'class-missed',
      'no-licence',
    ]);
  });
});

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it.each([
    ['no JSON', 'nonsense', /no JSON/],
    ['a newer version', JSON.stringify({ ...manifest, version: 2 }), /newer/],
    ['a field too many', JSON.stringify({ ...manifest, extra: 1 }), /damaged/],
    ['a hash that is none', JSON.stringify({ ...manifest, weights: { ...manifest.weights, sha256: 'x' } }), /damaged/],
  ])('is refused with %s', (_what, text, message) => {
    expect(() => parseManifest(text)).toThrow(message);
  });
});
