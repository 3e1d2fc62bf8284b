import { beforeAll, describe, expect, it } from 'vitest';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { createJpegCodec } from '../../electron/decode/jpeg-codec.ts';
import { naiveScramble } from '../../test/reference/schemes-perceptual.ts';
import type { ParameterValues } from '../published.ts';
import { ahmadPerceptual } from './ahmad-perceptual.ts';
import { psnr } from './metrics/fidelity.ts';
import { bitrateOverhead } from './metrics/rate.ts';
import { ssim } from './metrics/ssim.ts';
import { chestPhantom } from './phantom.ts';
import { type Picture, samePicture } from './picture.ts';
import { seededKey, seededNumbers } from './random.ts';
import { parameterValues, type Tools } from './scheme.ts';
import { runTrial } from './trial.ts';

let tools: Tools;
beforeAll(async () => {
  tools = { engine: createPlatformEngine(), jpeg: await createJpegCodec() };
});

const key = seededKey(140);
const SMALL: ParameterValues = { permutation: '4', rotation: '4', negative: '4' };

function noise(columns: number, rows: number, channels: 1 | 3): Picture {
  const numbers = seededNumbers(columns * 31 + rows);
  return {
    columns,
    rows,
    channels,
    bits: 8,
    samples: Uint16Array.from({ length: columns * rows * channels }, () => numbers.below(256)),
  };
}

/** Size of the stream and the picture that comes back. */
function through(picture: Picture, chosen: ParameterValues) {
  const use = { key, values: parameterValues(ahmadPerceptual, chosen), tools };
  const { payload } = ahmadPerceptual.encrypt(picture, use);
  return { bytes: payload.length, back: ahmadPerceptual.decrypt(payload, picture, use) };
}

describe('Ahmad perceptual encryption without JPEG', () => {
  const sizes = [
    [64, 64, 1],
    [50, 37, 1],
    [33, 70, 3],
    [1, 1, 1],
  ] as const;
  it.each(sizes)('gives back exactly what went in: %i×%i, %i channels', (columns, rows, channels) => {
    const picture = noise(columns, rows, channels);
    for (const blocks of ['off', '4', '8', '16']) {
      const values = { permutation: blocks, rotation: blocks, negative: blocks, codec: 'none' };
      expect(samePicture(through(picture, values).back, picture)).toBe(true);
    }
    expect(samePicture(through(picture, { codec: 'none' }).back, picture)).toBe(true);
  });

  it.each([1, 3] as const)('does to every pixel what the slow twin does, %i channels', (channels) => {
    const picture = noise(48, 32, channels);
    const chosen: ParameterValues[] = [
      {},
      SMALL,
      { permutation: '16', rotation: '8', negative: '4' },
      { rotation: 'off' },
    ];
    for (const one of chosen) {
      const values = parameterValues(ahmadPerceptual, { ...one, codec: 'none' });
      const { cipher } = ahmadPerceptual.encrypt(picture, { key, values, tools });
      expect([...cipher.samples]).toEqual(naiveScramble(picture, key, values, tools.engine));
    }
  });

  it('has another key stream for every step and every key', () => {
    const picture = noise(64, 64, 1);
    const use = { values: parameterValues(ahmadPerceptual, { codec: 'none' }), tools };
    const [a, b] = [key, seededKey(141)].map((one) => ahmadPerceptual.encrypt(picture, { ...use, key: one }).cipher);
    expect(samePicture(a as Picture, b as Picture)).toBe(false);
    const wrong = ahmadPerceptual.decrypt(ahmadPerceptual.encrypt(picture, { ...use, key }).payload, picture, {
      ...use,
      key: seededKey(141),
    });
    expect(psnr(picture, wrong)).toBeLessThan(12);
  });
});

describe('Ahmad perceptual encryption with JPEG', () => {
  const picture = chestPhantom({ side: 512, patient: 1 });

  it.each([75, 90])('meets its gates at quality %i', (quality) => {
    const plain = tools.jpeg.encode(picture, quality);
    const direct = tools.jpeg.decode(plain);
    const blocks = through(picture, { quality });
    const conventional = through(picture, { ...SMALL, quality });
    const overhead = bitrateOverhead(blocks.bytes, plain.length);
    expect(overhead).toBeLessThan(30);
    expect(overhead).toBeLessThan(bitrateOverhead(conventional.bytes, plain.length) / 4);
    expect(psnr(picture, blocks.back)).toBeGreaterThan(psnr(picture, direct) - 2);
    expect(ssim(picture, blocks.back)).toBeGreaterThan(0.9);
  });

  it('costs little with all steps on 8×8 or 16×16', () => {
    const plain = tools.jpeg.encode(picture, 75).length;
    for (const [size, most] of [
      ['8', 10],
      ['16', 6],
    ] as const) {
      const { bytes } = through(picture, { permutation: size, rotation: size, negative: size });
      expect(bitrateOverhead(bytes, plain)).toBeLessThan(most);
    }
  });

  it('keeps colour at full resolution', () => {
    const grey = chestPhantom({ side: 64, patient: 2 });
    const samples = Uint16Array.from({ length: 64 * 64 * 3 }, (_, i) =>
      Math.min(255, (grey.samples[Math.floor(i / 3)] as number) + 20 * (i % 3)),
    );
    const colour: Picture = { ...grey, channels: 3, samples };
    expect(psnr(colour, through(colour, { quality: 95 }).back)).toBeGreaterThan(30);
  });

  it('refuses streams that it did not write and depths that JPEG does not have', () => {
    const use = { key, values: parameterValues(ahmadPerceptual, {}), tools };
    const { payload } = ahmadPerceptual.encrypt(noise(32, 32, 1), use);
    expect(() => ahmadPerceptual.decrypt(payload, picture, use)).toThrow('another size');
    expect(() => ahmadPerceptual.decrypt(Uint8Array.of(1, 2, 3), picture, use)).toThrow('no JPEG');
    expect(() => ahmadPerceptual.encrypt({ ...picture, bits: 12 }, use)).toThrow('window it to 8 bits');
    expect(() => ahmadPerceptual.encrypt(picture, { ...use, key: new Uint8Array(16) })).toThrow('32 bytes');
    expect(() => parameterValues(ahmadPerceptual, { permutation: '7' })).toThrow('takes off, 4, 8, 16');
    expect(() => parameterValues(ahmadPerceptual, { quality: 0 })).toThrow('whole numbers 1 to 95');
    expect(() => parameterValues(ahmadPerceptual, { blocks: 8 })).toThrow('no parameter');
  });
});

describe('the key space of Ahmad', () => {
  it('is N! · 8^n · 2^N for N blocks and n sub-blocks, and never more than the key itself', () => {
    const count = (side: number, chosen: ParameterValues): number =>
      ahmadPerceptual.keySpace(
        { columns: side, rows: side, channels: 1, bits: 8 },
        parameterValues(ahmadPerceptual, chosen),
      );
    expect(count(16, {})).toBeCloseTo(Math.log2(24) + 3 * 16 + 4, 9);
    expect(count(16, { rotation: 'off', negative: 'off' })).toBeCloseTo(Math.log2(24), 9);
    expect(count(512, {})).toBe(256);
  });
});

describe('the attacks on Ahmad', () => {
  const secret = chestPhantom({ side: 128, patient: 3 });

  it.each(ahmadPerceptual.attacks.map(({ id }) => id))('%s breaks the bare scheme and not the envelope', (id) => {
    const attack = ahmadPerceptual.attacks.find((one) => one.id === id) as (typeof ahmadPerceptual.attacks)[number];
    const { bare, envelope } = runTrial(ahmadPerceptual, attack, { secret, key, values: {}, tools, seed: 1 });
    expect(bare.succeeded).toBe(true);
    expect(envelope.succeeded).toBe(false);
    expect(bare.score).toBeGreaterThan(Math.max(0.3, 10 * envelope.score));
  });

  it('a picture of one block is no jigsaw', () => {
    for (const attack of ahmadPerceptual.attacks.filter(({ id }) => id.includes('jigsaw')))
      expect(() =>
        runTrial(ahmadPerceptual, attack, { secret: noise(16, 40, 1), key, values: {}, tools, seed: 1 }),
      ).toThrow('choose a larger picture');
  });

  it.each([
    { rotation: '8', negative: '4' },
    { rotation: '4', negative: '4', permutation: '4' },
    { rotation: 'off', negative: '16', permutation: '16' },
  ])('known plaintext works whatever the sizes: %j', (values) => {
    const attack = ahmadPerceptual.attacks.find(({ id }) => id === 'known-plaintext') as never;
    expect(
      runTrial(ahmadPerceptual, attack, { secret: chestPhantom({ side: 64, patient: 4 }), key, values, tools, seed: 2 })
        .bare.score,
    ).toBeGreaterThan(0.8);
  });

  it('chosen plaintexts: two and a black one recover all of 256×256, colour included', () => {
    const attack = ahmadPerceptual.attacks.find(({ id }) => id === 'chosen-plaintext') as never;
    for (const channels of [1, 3] as const) {
      const picture = noise(channels === 1 ? 256 : 64, channels === 1 ? 256 : 50, channels);
      const { bare } = runTrial(ahmadPerceptual, attack, { secret: picture, key, values: {}, tools, seed: 3 });
      expect(bare.score).toBe(1);
      expect(samePicture(bare.recovered as Picture, picture)).toBe(true);
    }
  });
});
