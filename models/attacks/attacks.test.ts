import { describe, expect, it } from 'vitest';
import { robustnessSchema } from '../../core/infer/robustness.ts';
import { seededRandom } from '../../test/command.ts';
import { type Batch, crossEntropy, type Differentiable, lossGradient, predictedClasses } from './classifier.ts';
import { blurred, contrasted } from './corruptions.ts';
import { deepFool } from './deep-fool.ts';
import { attackResult, changeOf, correctlyClassified, fooled, rounded } from './measures.ts';
import { bim, type Climb, fgsm, pgd, projectedGradient } from './projected-gradient.ts';
import { measureRobustness, type RobustnessPlan } from './robustness.ts';
import { robustnessPlot } from './robustness-plot.ts';

/** Z = W x + b: everything that an attack should find is known in closed form. */
function linear(weights: readonly (readonly number[])[], bias: readonly number[]): Differentiable {
  const [size, classes] = [weights[0]?.length ?? 0, weights.length];
  const times = (inputs: Float32Array, width: number, product: (row: Float32Array) => number[]): Float32Array => {
    const rows = Array.from({ length: inputs.length / width }, (_, i) => inputs.subarray(i * width, (i + 1) * width));
    return Float32Array.from(rows.flatMap(product));
  };
  return {
    size,
    classes,
    logits: async (inputs) =>
      times(inputs, size, (x) =>
        weights.map((w, k) => w.reduce((sum, value, p) => sum + value * (x[p] as number), bias[k] as number)),
      ),
    gradient: async (inputs, by) => {
      expect(inputs.length / size).toBe(by.length / classes);
      return times(by, classes, (row) =>
        Array.from({ length: size }, (_, p) =>
          weights.reduce((sum, w, k) => sum + (w[p] as number) * (row[k] as number), 0),
        ),
      );
    },
  };
}

const random = seededRandom(7);
const SIZE = 24;
const w = Array.from({ length: SIZE }, () => random() - 0.5);
const norm1 = w.reduce((sum, value) => sum + Math.abs(value), 0);
const norm2 = Math.hypot(...w);
/** Two classes whose margin Z₁ - Z₀ is w·x + 0.3. */
const model = linear([w.map(() => 0), w], [0, 0.3]);
const inputs = Float32Array.from({ length: 5 * SIZE }, () => 0.4 + 0.2 * random());
const clean = predictedClasses(await model.logits(inputs), 2);
const batch: Batch = { inputs, labels: clean };

async function margins(images: Float32Array): Promise<number[]> {
  const logits = await model.logits(images);
  return clean.map((label, i) => ((logits[2 * i + 1] as number) - (logits[2 * i] as number)) * (label === 1 ? 1 : -1));
}

/** By how much an attack lowers each margin. */
async function drops(climb: Climb): Promise<number[]> {
  const [before, after] = [await margins(inputs), await margins(await projectedGradient(model, batch, climb))];
  return before.map((margin, i) => margin - (after[i] as number));
}

describe('on a linear classifier', () => {
  it('FGSM lowers the margin by ε‖w‖₁, BIM and PGD no further', async () => {
    for (const climb of [fgsm(0.02), bim(0.02), pgd('linf', 0.02, seededRandom(1))])
      for (const drop of await drops(climb)) expect(drop).toBeCloseTo(0.02 * norm1, 4);
  });

  it('PGD in the Euclidean norm lowers it by ε‖w‖₂, from the image itself and from random starts', async () => {
    for (const climb of [{ ...bim(0.1), norm: 'l2' as const }, pgd('l2', 0.1, seededRandom(2))])
      for (const drop of await drops(climb)) expect(drop).toBeCloseTo(0.1 * norm2, 3);
  });

  it('DeepFool goes |f|/‖w‖₂ and 2 % further, in one step', async () => {
    const images = await deepFool(model, batch, { steps: 1, overshoot: 0.02, candidates: 10 });
    expect(await fooled(model, images, clean)).toEqual(clean.map(() => true));
    for (const [i, margin] of (await margins(inputs)).entries()) {
      const part = (values: Float32Array) => values.subarray(i * SIZE, (i + 1) * SIZE);
      expect(changeOf(part(inputs), part(images)).l2).toBeCloseTo((1.02 * (margin + 1e-4)) / norm2, 4);
    }
  });

  it('DeepFool takes the nearest of several boundaries', async () => {
    const three = linear(
      [
        [0, 0],
        [1, 0],
        [0, 4],
      ],
      [0, -0.6, -2.2],
    );
    const images = await deepFool(three, { inputs: Float32Array.of(0.5, 0.5), labels: [0] });
    // At (0.5, 0.5) the boundaries lie 0.1 and 0.05 away.
    expect(predictedClasses(await three.logits(images), 3)).toEqual([2]);
    expect(images[0]).toBeCloseTo(0.5, 6);
    expect(images[1]).toBeCloseTo(0.551, 3);
  });

  it('the gradient of the loss is what central differences say', async () => {
    const gradient = await lossGradient(model, batch);
    for (const p of [0, 7, SIZE + 3, 4 * SIZE + 20]) {
      const shifted = async (by: number): Promise<number> => {
        const moved = inputs.slice();
        moved[p] = (moved[p] as number) + by;
        return crossEntropy(await model.logits(moved), clean, 2).reduce((sum, loss) => sum + loss, 0);
      };
      const difference = ((await shifted(1e-2)) - (await shifted(-1e-2))) / 2e-2;
      expect(gradient[p]).toBeCloseTo(difference, 3);
    }
  });
});

describe('every climb', () => {
  it.each<[string, (random: () => number) => Climb]>([
    ['FGSM', () => fgsm(0.3)],
    ['BIM', () => bim(0.3)],
    ['PGD, largest change', (draw) => pgd('linf', 0.3, draw)],
    ['PGD, Euclidean', (draw) => pgd('l2', 0.3, draw)],
  ])('%s stays within ε and in [0, 1]', async (_, make) => {
    const climb = make(seededRandom(3));
    const images = await projectedGradient(model, batch, climb);
    for (let i = 0; i < clean.length; i++) {
      const part = (values: Float32Array) => values.subarray(i * SIZE, (i + 1) * SIZE);
      const change = changeOf(part(inputs), part(images));
      expect(climb.norm === 'linf' ? change.linf : change.l2).toBeLessThanOrEqual(0.3 + 1e-6);
    }
    expect(Math.min(...images)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...images)).toBeLessThanOrEqual(1);
  });

  it('goes to a target when it is given one, and leaves an image without a slope alone', async () => {
    const flat = linear(
      [
        [0, 0],
        [0, 0],
      ],
      [1, 0],
    );
    const still = await projectedGradient(flat, { inputs: Float32Array.of(0.2, 0.8), labels: [0] }, fgsm(0.1));
    expect(still).toEqual(Float32Array.of(0.2, 0.8));
    const targets = clean.map((label) => 1 - label);
    const images = await projectedGradient(model, batch, { ...bim(0.5), targets });
    expect(await fooled(model, images, clean, targets)).toEqual(clean.map(() => true));
  });

  it('says how far it is, and stops between two steps', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const progress = (done: number, total: number): void => {
      seen.push(done / total);
      if (done === 3) stop.abort();
    };
    await expect(projectedGradient(model, batch, bim(0.1), { signal: stop.signal, progress })).rejects.toThrow();
    expect(seen).toEqual([0.1, 0.2, 0.3]);
  });

  it('draws starts evenly from the ball: half of its volume lies beyond ε / 2^(1/n)', async () => {
    const wide = linear([new Array(2).fill(0), new Array(2).fill(0)], [1, 0]);
    const many: Batch = { inputs: new Float32Array(2 * 2000).fill(0.5), labels: new Array(2000).fill(0) };
    const start: Climb = { ...pgd('l2', 0.2, seededRandom(5), { steps: 0, restarts: 1 }) };
    const images = await projectedGradient(wide, many, start);
    const outer = many.labels.filter((_, i) => {
      const [x, y] = [images[2 * i] as number, images[2 * i + 1] as number];
      return Math.hypot(x - 0.5, y - 0.5) > 0.2 / Math.SQRT2;
    });
    expect(outer.length / 2000).toBeGreaterThan(0.46);
    expect(outer.length / 2000).toBeLessThan(0.54);
  });
});

describe('what is reported', () => {
  it('counts successes, before and after rounding, and measures changes of successes alone', async () => {
    const margin = Math.min(...(await margins(inputs)));
    const attacked = await projectedGradient(model, batch, fgsm((margin * 1.02) / norm1));
    const result = await attackResult(model, batch, attacked);
    expect(result.succeeded).toBe(1);
    expect(result.images).toBe(5);
    expect(result.change?.max.linf).toBeCloseTo((margin * 1.02) / norm1, 5);
    expect(result.change?.medianL2).toBeCloseTo(result.change?.mean.l2 ?? 0, 6);
    expect((await attackResult(model, batch, inputs)).change).toBeNull();
    expect(await correctlyClassified(model, { inputs, labels: clean.map((label) => 1 - label) })).toEqual(
      clean.map(() => false),
    );
  });

  it('rounds to the levels that storage has', () => {
    expect([...rounded(Float32Array.of(0, 0.5, 1), 3)]).toEqual([0, 0.5, 1]);
    expect(rounded(Float32Array.of(0.501))[0]).toBeCloseTo(128 / 255, 6);
  });
});

describe('the robustness report', () => {
  const plan = (): RobustnessPlan => ({
    side: 0,
    epsilons: [0.002, 0.01, 0.05, 0.4],
    radii: [0.01, 0.6],
    pgd: { steps: 20, restarts: 2 },
    random: seededRandom(11),
    now: () => 0,
  });

  it('falls with ε, noise hurts least, and DeepFool takes every image', async () => {
    const many: Batch = {
      inputs: Float32Array.from({ length: 40 * SIZE }, () => 0.4 + 0.2 * random()),
      labels: [],
    };
    const labels = predictedClasses(await model.logits(many.inputs), 2);
    const wrong = labels.map((label, i) => (i < 4 ? 1 - label : label));
    const found = await measureRobustness(model, { ...many, labels: wrong }, plan());
    expect(found.clean).toMatchObject({ right: 36, of: 40 });
    const robust = (method: string) => found.rows.filter((row) => row.method === method).map((row) => row.robust.right);
    for (const method of ['fgsm', 'bim', 'pgd-linf', 'pgd-l2']) {
      expect(robust(method)).toEqual([...robust(method)].sort((a, b) => b - a));
      expect(robust(method).at(-1)).toBeLessThan(36);
    }
    expect(robust('pgd-linf').at(-1)).toBe(0);
    expect(robust('deep-fool')).toEqual([0]);
    for (const [i, left] of robust('noise').entries()) expect(left).toBeGreaterThanOrEqual(robust('fgsm')[i] ?? 0);
    expect(found.zeroGradients).toBe(0);
    const report = { ...found, version: 1, model: 'linear', release: '1', weightsSha256: '0'.repeat(64) } as const;
    const whole = robustnessSchema.parse({ ...report, data: 'made up', seed: 11, backEnd: 'tfjs-wasm' });
    expect(robustnessPlot(whole)).toContain('<title>Robust accuracy of linear 1</title>');
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(measureRobustness(model, batch, plan(), { signal })).rejects.toThrow();
  });
});

describe('corruptions', () => {
  it('keep an even image even, and blur a point into a bell that keeps its sum', () => {
    const even = new Float32Array(81).fill(0.25);
    for (const value of blurred(even, 9, 1)) expect(value).toBeCloseTo(0.25, 6);
    const point = new Float32Array(2 * 81);
    point[81 + 40] = 1;
    const bell = blurred(point, 9, 1);
    expect(bell.slice(0, 81).every((value) => value === 0)).toBe(true);
    expect(bell.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(bell[81 + 40]).toBeCloseTo((1 / (Math.sqrt(2 * Math.PI) * 1)) ** 2, 2);
    expect([...contrasted(Float32Array.of(0, 0.5, 1), 0.5)]).toEqual([0.25, 0.5, 0.75]);
  });
});
