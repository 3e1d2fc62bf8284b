import { describe, expect, it } from 'vitest';
import { randomInputs, randomWeights } from '../../../test/fixtures/pinpoint-network.ts';
import { fromResidues } from './client.ts';
import { residue } from './layout.ts';
import {
  dequantise,
  forecastExact,
  forecastPlain,
  INPUT_BOUND,
  outputBound,
  quantise,
  quantiseInput,
  readNetwork,
  topology,
} from './pinpoint.ts';
import { planFor } from './plan.ts';
import { slotPrimes } from './primes.ts';

const network = (which: '1conv' | '2conv', size = 1) => readNetwork(randomWeights(which, 7, size), which);

describe.each(topology.options)('PINPOINT %s', (which) => {
  it('gives in exact integers what it gives in floating point, within the rounding', () => {
    const float = network(which);
    const exact = quantise(float);
    for (const input of randomInputs(1, 5, 1)) {
      const plain = forecastPlain(float, input);
      const outputs = forecastExact(exact, quantiseInput(exact, input));
      outputs.forEach((output, h) => {
        expect(dequantise(exact, output)).toBeCloseTo(plain[h] ?? Number.NaN, 2);
      });
    }
  });

  it('is planned so that no admitted input can wrap, with noise to spare', () => {
    const exact = quantise(network(which));
    const plan = planFor(exact);
    const bound = outputBound(exact);
    expect(plan.moduli.reduce((product, one) => product * one, 1n)).toBeGreaterThan(2n * bound);
    expect(plan.noiseBits).toBeGreaterThanOrEqual(4);
    for (const input of randomInputs(2, 5, INPUT_BOUND))
      for (const output of forecastExact(exact, quantiseInput(exact, input)))
        expect(output < 0n ? -output : output).toBeLessThanOrEqual(bound);
  });

  it('is refused before keys are made where no parameters carry it', () => {
    expect(() => planFor(quantise(network(which, 1e20)))).toThrow(expect.objectContaining({ code: 'private/noise' }));
  });

  it('refuses an input that the plan does not admit', () => {
    const exact = quantise(network(which));
    for (const value of [1.26, -1.26, Number.NaN])
      expect(() => quantiseInput(exact, [value, ...Array<number>(13).fill(0)])).toThrow(
        expect.objectContaining({ code: 'private/range' }),
      );
  });
});

describe('a weights file', () => {
  const good = randomWeights('1conv', 3);
  const [convolution, ...rest] = good.layers;

  it.each([
    ['of the other topology', { ...good, topology: '2CONV' }, /give --topology 2conv/],
    ['without a layer', { ...good, layers: rest }, /layers of the weights file/],
    ['of too few rows', { ...good, layers: good.layers.slice(0, -1) }, /one number a day/],
    [
      'with NaN, which JSON writes as null',
      { ...good, layers: [{ ...convolution, bias: [null] }, ...rest] },
      /missing/,
    ],
    ['with a short bias', { ...good, layers: [{ ...convolution, bias: [1] }, ...rest] }, /uneven/],
    ['that is none', { hello: 1 }, /no PINPOINT weights file/],
  ])('%s is refused', (_what, json, reason) => {
    expect(() => readNetwork(json, '1conv')).toThrow(reason);
    expect(() => readNetwork(json, '1conv')).toThrow(expect.objectContaining({ code: 'private/weights' }));
  });
});

describe('residues', () => {
  it('give the integer back, positive and negative, to the ends of the range', () => {
    const moduli = slotPrimes(8192, 24, 3);
    const product = moduli.reduce((all, one) => all * one, 1n);
    for (const value of [0n, 1n, -1n, product / 2n, -(product / 2n), 123_456_789_012_345n, -98_765_432_109_876n])
      expect(
        fromResidues(
          moduli.map((modulus) => residue(value, modulus)),
          moduli,
        ),
      ).toBe(value);
  });

  it('have primes that give slots', () => {
    // SEAL's PlainModulus::Batching(8192, 20) and the largest of 30 bits.
    expect(slotPrimes(8192, 20, 1)).toEqual([1032193n]);
    expect(slotPrimes(8192, 30, 1)).toEqual([1073692673n]);
  });
});
