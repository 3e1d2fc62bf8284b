import { describe, expect, it } from 'vitest';
import { createSealer } from '../../core/seal/v1/floe.ts';
import { namedEngines, nativeEngine, nativeTitle } from '../fixtures/engines.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { floeDecrypt } from '../reference/floe.ts';
import {
  PUBLISHED_AAD as aad,
  fixedRandom,
  ivsOf,
  PUBLISHED_KEY as key,
  openFloe,
  openWhole,
  publishedVectors,
  sealStreamed,
} from './floe-kit.ts';

/** Known answers of Snowflake-Labs/floe-specification (folder kats), written by its C++, Go, Java and Rust code. */
const folder = sharedData('vectors/floe');

const vectors = folder ? publishedVectors(folder) : [];

describe.skipIf(!folder)('published FLOE vectors', () => {
  it('are all there', () => expect(vectors).toHaveLength(17));

  it.skipIf(nativeEngine === null)(`run on the ${nativeTitle}`, () => {
    expect(namedEngines.map(([id]) => id)).toEqual(['platform', 'noble', 'native']);
  });

  describe.each(namedEngines)('%s engine', (_, make) => {
    it.each(vectors)('$name opens whole', async ({ parameters, plaintext, ciphertext }) => {
      const reader = await openFloe(make(), key, aad, ciphertext, parameters);
      expect(reader.length).toBe(plaintext.length);
      expect(await openWhole(reader)).toEqual(plaintext);
    });

    it.each(vectors)('$name opens at any place', async ({ parameters, plaintext, ciphertext }) => {
      const reader = await openFloe(make(), key, aad, ciphertext, parameters);
      for (let at = plaintext.length; at >= 0; at -= 1 + (at % 97)) {
        for (const length of [0, 1, 7, 33, 5000].filter((wanted) => at + wanted <= plaintext.length))
          expect(await reader.read(at, length)).toEqual(plaintext.slice(at, at + length));
      }
    });

    // An empty final segment after full ones is legal FLOE that our sealer never writes: it is sealed by hand below.
    it.each(vectors.filter(({ name }) => !name.includes('lastSegEmpty')))(
      '$name is sealed again to the same bytes, streamed in odd chunks',
      ({ parameters, plaintext, ciphertext }) => {
        for (const size of [1, 13, 63, 1000, 100_000]) {
          const engine = make(fixedRandom(ivsOf(ciphertext, parameters.segmentLength)));
          expect(sealStreamed(engine, key, aad, plaintext, parameters, size)).toEqual(ciphertext);
        }
      },
    );

    it.each(vectors.filter(({ name }) => name.includes('lastSegEmpty')))(
      '$name is sealed again segment by segment',
      ({ parameters, plaintext, ciphertext }) => {
        const engine = make(fixedRandom(ivsOf(ciphertext, parameters.segmentLength)));
        const sealer = createSealer(engine, key, aad, parameters);
        const parts = [sealer.header];
        for (let at = 0; at < plaintext.length; at += 8)
          parts.push(...sealer.sealSegment(plaintext.subarray(at, at + 8), false));
        parts.push(...sealer.sealSegment(new Uint8Array(0), true));
        expect(new Uint8Array(Buffer.concat(parts))).toEqual(ciphertext);
      },
    );
  });

  it.each(vectors)('$name opens with the twin', ({ parameters, plaintext, ciphertext }) => {
    const params = { ENC_SEG_LEN: parameters.segmentLength, AEAD_ROTATION_MASK: BigInt(parameters.rotationMask) };
    const opened = floeDecrypt(params, Buffer.from(key), Buffer.from(aad), Buffer.from(ciphertext));
    expect(new Uint8Array(opened)).toEqual(plaintext);
  });
});
