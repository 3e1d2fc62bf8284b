import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../core/bytes.ts';
import { engines, namedEngines } from '../fixtures/engines.ts';
import { assertProperty } from '../fixtures/property.ts';
import { floeDecrypt, floeEncrypt } from '../reference/floe.ts';
import { fixedRandom, ivsOf, openFloe, openWhole, sealStreamed } from './floe-kit.ts';
import { type FloeVector, opensVectors, refusedVectors, vectorFile } from './make-floe.ts';

const read = (name: string) => readFileSync(new URL(`./floe/${name}.json`, import.meta.url), 'utf8');
const vectorsOf = (name: string) => (JSON.parse(read(name)) as { vectors: FloeVector[] }).vectors;

const opens = vectorsOf('opens');
const refused = vectorsOf('refused');

describe('own FLOE vectors', () => {
  it('are what the twin makes', () => {
    expect(read('opens')).toBe(vectorFile(opensVectors()));
    expect(read('refused')).toBe(vectorFile(refusedVectors()));
  });

  describe.each(namedEngines)('%s engine', (_, make) => {
    it.each(opens)('$name opens, and is sealed again to the same bytes', async (vector) => {
      const [key, aad, ciphertext] = [vector.key, vector.aad, vector.ciphertext].map(fromHex) as Uint8Array[];
      if (!key || !aad || !ciphertext) throw new Error('a vector has three byte strings');
      const reader = await openFloe(make(), key, aad, ciphertext, vector);
      const plaintext = await openWhole(reader);
      expect({ plaintext: toHex(plaintext) }).toEqual(vector.expect);
      for (let at = 0; at <= plaintext.length; at += 1 + (at >> 3))
        expect(await reader.read(at, plaintext.length - at)).toEqual(plaintext.slice(at));
      for (const size of [1, 7, 8, 9, 10_000]) {
        const engine = make(fixedRandom(ivsOf(ciphertext, vector.segmentLength)));
        expect(toHex(sealStreamed(engine, key, aad, plaintext, vector, size))).toBe(vector.ciphertext);
      }
    });

    it.each(refused)('$name is refused', async (vector) => {
      const opening = async () =>
        openWhole(await openFloe(make(), fromHex(vector.key), fromHex(vector.aad), fromHex(vector.ciphertext), vector));
      const code = 'refused' in vector.expect ? vector.expect.refused : '';
      await expect(opening()).rejects.toEqual(expect.objectContaining({ code }));
    });
  });

  it.each([...opens, ...refused])('$name: the twin says the same', (vector) => {
    const params = { ENC_SEG_LEN: vector.segmentLength, AEAD_ROTATION_MASK: BigInt(vector.rotationMask) };
    const hex = (text: string) => Buffer.from(text, 'hex');
    const open = () => floeDecrypt(params, hex(vector.key), hex(vector.aad), hex(vector.ciphertext)).toString('hex');
    if ('refused' in vector.expect) expect(open).toThrow();
    else expect(open()).toBe(vector.expect.plaintext);
  });
});

describe('the twin', () => {
  it('makes the same bytes as every engine, whatever the parameters', async () => {
    const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
    const parameters = fc.record({ segmentLength: fc.integer({ min: 33, max: 90 }), rotationMask: fc.nat(3) });
    await assertProperty(
      fc.property(
        parameters,
        bytes(32, 32),
        bytes(0, 60),
        bytes(0, 300),
        bytes(0, 3700),
        (p, key, aad, message, random) => {
          const draw = fixedRandom(random);
          const rnd = (length: number) => {
            const out = Buffer.alloc(length);
            draw(out);
            return out;
          };
          const params = { ENC_SEG_LEN: p.segmentLength, AEAD_ROTATION_MASK: BigInt(p.rotationMask) };
          const expected = floeEncrypt(params, rnd, Buffer.from(key), Buffer.from(aad), Buffer.from(message));
          for (const make of engines)
            expect(toHex(sealStreamed(make(fixedRandom(random)), key, aad, message, p, 50))).toBe(
              expected.toString('hex'),
            );
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('engines', () => {
  it('give the same bytes over many segments and rotations', () => {
    const random = new Uint8Array(200_000).map((_, i) => (i * 131 + (i >> 8)) % 256);
    const key = random.slice(0, 32);
    for (const [segmentLength, rotationMask] of [
      [40, 3],
      [4096, 2],
      [131072, 20],
    ] as const) {
      const sealed = engines.map((make) =>
        toHex(
          sealStreamed(
            make(fixedRandom(random)),
            key,
            random.slice(32, 64),
            random.slice(0, 9000),
            { segmentLength, rotationMask },
            1000,
          ),
        ),
      );
      expect(new Set(sealed).size).toBe(1);
    }
  });
});
