import { describe, expect, it } from 'vitest';
import { createPlatformEngine } from '../../electron/crypto/platform-engine.ts';
import { defaults } from '../published.ts';
import { createNobleEngine } from '../seal/noble-engine.ts';
import { attackOf, SCHEMES, schemeOf } from '../systems/registry.ts';
import { aesGcm } from './aes-gcm.ts';
import { ENVELOPE_OVERHEAD, objectKey, openPayload, sealPayload } from './envelope.ts';
import { chestPhantom } from './phantom.ts';
import { samePicture } from './picture.ts';
import { KeyedNumbers, seededKey, seededNumbers } from './random.ts';
import { parameterValues } from './scheme.ts';
import { runTrial } from './trial.ts';

const engine = createPlatformEngine();
const shape = { columns: 8, rows: 4, channels: 1, bits: 8 } as const;
const context = { scheme: { id: 'x' }, values: { a: 1, b: 'c' }, shape, place: 'p' };
const payload = Uint8Array.from({ length: 50 }, (_, i) => i);
const refuse = (): never => {
  throw new Error('no JPEG here');
};
const tools = { engine, jpeg: { id: 'none', encode: refuse, decode: refuse } };

describe('the envelope', () => {
  const key = objectKey(engine);
  const sealed = sealPayload(engine, key, context, payload);

  it('opens what it sealed, on either engine and with parameters in any order', () => {
    expect(sealed.length).toBe(payload.length + ENVELOPE_OVERHEAD);
    const other = createNobleEngine(() => undefined);
    expect(openPayload(other, key, { ...context, values: { b: 'c', a: 1 } }, sealed)).toEqual(payload);
  });

  it('refuses a flipped bit anywhere', () => {
    for (let at = 0; at < sealed.length; at++) {
      const flipped = sealed.slice();
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      expect(() => openPayload(engine, key, context, flipped)).toThrow('does not open');
    }
    expect(() => openPayload(engine, key, context, sealed.subarray(0, 20))).toThrow('does not open');
  });

  it.each([
    ['scheme', { scheme: { id: 'y' } }],
    ['parameter', { values: { a: 2, b: 'c' } }],
    ['size', { shape: { ...shape, columns: 4, rows: 8 } }],
    ['depth', { shape: { ...shape, bits: 12 } }],
    ['place', { place: 'q' }],
  ])('refuses another %s', (_, change) => {
    expect(() => openPayload(engine, key, { ...context, ...change }, sealed)).toThrow('does not open');
  });

  it('refuses another key, and keys of another length', () => {
    expect(() => openPayload(engine, objectKey(engine), context, sealed)).toThrow('does not open');
    expect(() => openPayload(engine, new Uint8Array(16), context, sealed)).toThrow('32 bytes');
  });
});

describe('the comparison line', () => {
  const use = { key: seededKey(1), values: {}, tools };
  it.each([1, 8, 12, 16])('is lossless at %i bits and rejects wrong keys and altered bytes', (bits) => {
    const numbers = seededNumbers(bits);
    const samples = Uint16Array.from({ length: 20 * 9 }, () => numbers.below(2 ** bits));
    const picture = { columns: 20, rows: 9, channels: 1, bits, samples } as const;
    const made = aesGcm.encrypt(picture, use);
    expect(samePicture(aesGcm.decrypt(made.payload, picture, use), picture)).toBe(true);
    expect(() => aesGcm.decrypt(made.payload, picture, { ...use, key: seededKey(2) })).toThrow('tag does not fit');
    const altered = made.payload.slice();
    altered[30] = (altered[30] as number) ^ 1;
    expect(() => aesGcm.decrypt(altered, picture, use)).toThrow('tag does not fit');
    expect(() => aesGcm.decrypt(made.payload.subarray(1), picture, use)).toThrow('another length');
  });

  it.each(aesGcm.attacks.map((attack) => [attack.id, attack] as const))('withstands %s', (_, attack) => {
    const secret = chestPhantom({ side: 64, patient: 1 });
    const { bare } = runTrial(aesGcm, attack, { secret, key: seededKey(1), values: {}, tools, seed: 1 });
    expect(bare.succeeded).toBe(false);
    expect(bare.score).toBeLessThan(0.05);
  });
});

describe('the registry', () => {
  it('has each system once, with defaults inside their ranges, an attack, and a source for every figure', () => {
    expect(new Set(SCHEMES.map(({ id }) => id)).size).toBe(SCHEMES.length);
    for (const scheme of SCHEMES) {
      expect(schemeOf(scheme.id)).toBe(scheme);
      expect(parameterValues(scheme, {})).toEqual(defaults(scheme));
      expect(parameterValues(scheme, defaults(scheme))).toEqual(defaults(scheme));
      expect(scheme.attacks.length).toBeGreaterThan(0);
      expect(scheme.headline.length).toBeGreaterThan(0);
    }
    expect(() => schemeOf('rot13')).toThrow('no system');
    expect(() => attackOf(aesGcm, 'rubber-hose')).toThrow('no attack');
  });
});

describe('keyed numbers', () => {
  it('are even, and the same for the same key on every run', () => {
    const counts = new Array<number>(6).fill(0);
    const numbers = new KeyedNumbers(seededKey(5));
    for (let i = 0; i < 6000; i++) counts[numbers.below(6)] = (counts[numbers.below(1)] as number) + 1;
    expect([...seededNumbers(1).order(5)].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(seededNumbers(1).uint32()).toBe(seededNumbers(1).uint32());
    expect(seededNumbers(1).uint32()).not.toBe(seededNumbers(2).uint32());
  });

  it('are the ChaCha20 stream of RFC 8439 with a zero key', () => {
    // Appendix A.1, test vector 1: the key stream begins 76 b8 e0 ad.
    expect(new KeyedNumbers(new Uint8Array(32)).uint32()).toBe(0xade0b876);
  });
});
