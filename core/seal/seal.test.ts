import { randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedEngines } from '../../test/fixtures/engines.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { idFrom, type ObjectId, type StudyId, type VaultId } from '../ids.ts';
import { createChunkSealer, openBytes, openObject, plaintextLength, sealBytes, sealedLength } from './seal.ts';
import { createStudyKey, deriveObjectKey } from './study-key.ts';
import type { ObjectContext, RandomAccessSource } from './types.ts';
import { objectContext } from './v1/context.ts';

const id = (byte: number) => new Uint8Array(16).fill(byte);
const context: ObjectContext = {
  vaultId: idFrom<VaultId>(id(1)),
  studyId: idFrom<StudyId>(id(2)),
  objectId: idFrom<ObjectId>(id(3)),
  kind: 'instance',
  version: 1,
};
const SEGMENT = 128 * 1024;
const PER_SEGMENT = SEGMENT - 32;
const BODY = 8 + 74;
const random = (length: number) => new Uint8Array(randomFillSync(Buffer.alloc(length)));
const failsWith = (...codes: string[]) => expect.objectContaining({ code: expect.stringMatching(codes.join('|')) });

function source(bytes: Uint8Array, reads?: number[]): RandomAccessSource {
  return {
    size: bytes.length,
    async read(offset, length) {
      reads?.push(length);
      return bytes.slice(offset, offset + length);
    },
  };
}

/** Noble is the oracle of the vectors; objects of many segments would take it minutes. */
const fast = namedEngines.filter(([id]) => id !== 'noble');

describe.each(fast)('%s engine', (_, make) => {
  const engine = make();
  const key = deriveObjectKey(engine, createStudyKey(engine), context);

  describe('sealed object', () => {
    it.each([0, 1, 4000, PER_SEGMENT - 1, PER_SEGMENT, PER_SEGMENT + 1, 3 * PER_SEGMENT, 3 * PER_SEGMENT + 5])(
      'of %i bytes opens whole and by range, and is as long as foretold',
      async (length) => {
        const plaintext = random(length);
        const sealed = sealBytes(engine, key, context, plaintext);
        expect(sealed.length).toBe(sealedLength(length));
        expect(plaintextLength(sealed.length)).toBe(length);
        expect(Buffer.from(openBytes(engine, key, context, sealed)).equals(plaintext)).toBe(true);
        const reader = await openObject(engine, key, context, source(sealed));
        expect(reader.length).toBe(length);
        const ends = [0, 1, length >> 1, PER_SEGMENT - 1, PER_SEGMENT, length - 1, length].filter(
          (at) => at <= length && at >= 0,
        );
        for (const from of ends)
          for (const to of ends.filter((at) => at >= from)) {
            const range = await reader.read(from, to - from);
            expect(Buffer.from(range).equals(plaintext.subarray(from, to))).toBe(true);
          }
        for (const [offset, wanted] of [
          [0, length + 1],
          [length + 1, 0],
          [-1, 1],
          [0, -1],
          [0.5, 1],
          [Number.NaN, 1],
        ] as const)
          await expect(reader.read(offset, wanted)).rejects.toEqual(failsWith('seal/out-of-range'));
      },
    );

    it('round-trips any bytes in any chunks', async () => {
      await assertProperty(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }),
          fc.nat(),
          async (chunks, seed) => {
            const sealer = createChunkSealer(engine, key, context);
            const parts = chunks.flatMap((chunk) => sealer.update(chunk));
            parts.push(...sealer.finish());
            const sealed = new Uint8Array(Buffer.concat(parts));
            const plaintext = new Uint8Array(Buffer.concat(chunks));
            expect(sealer.plaintextLength).toBe(plaintext.length);
            expect(sealer.sealedLength).toBe(sealed.length);
            const reader = await openObject(engine, key, context, source(sealed));
            const from = plaintext.length === 0 ? 0 : seed % plaintext.length;
            expect(await reader.read(from, plaintext.length - from)).toEqual(plaintext.slice(from));
          },
        ),
        { numRuns: 60 },
      );
    });

    it('streams large chunks of odd sizes into the same plaintext', () => {
      const plaintext = random(5 * PER_SEGMENT + 17);
      for (const size of [PER_SEGMENT, PER_SEGMENT + 1, 100_003, 1_000_000]) {
        const sealer = createChunkSealer(engine, key, context);
        const parts: Uint8Array[] = [];
        for (let at = 0; at < plaintext.length; at += size)
          parts.push(...sealer.update(plaintext.subarray(at, at + size)));
        parts.push(...sealer.finish());
        const opened = openBytes(engine, key, context, new Uint8Array(Buffer.concat(parts)));
        expect(Buffer.from(opened).equals(plaintext)).toBe(true);
      }
    });

    it('of a small object is opened with one read, and a frame of a large one with few', async () => {
      const small: number[] = [];
      const note = await openObject(engine, key, context, source(sealBytes(engine, key, context, random(500)), small));
      await note.read(0, 500);
      expect(small).toHaveLength(1);
      const large: number[] = [];
      const sealed = sealBytes(engine, key, context, random(40 * PER_SEGMENT));
      const reader = await openObject(engine, key, context, source(sealed, large));
      await reader.read(20 * PER_SEGMENT, 3 * PER_SEGMENT);
      expect(large.slice(1)).toEqual([SEGMENT, 3 * SEGMENT]);
    });

    it('gives memory that stays what it was when the reader is closed, and nothing afterwards', async () => {
      const plaintext = random(100);
      const reader = await openObject(engine, key, context, source(sealBytes(engine, key, context, plaintext)));
      const read = await reader.read(0, 100);
      const chunks: Uint8Array[] = [];
      for await (const chunk of reader.chunks()) chunks.push(chunk);
      const started = reader.chunks();
      reader.close();
      expect(read).toEqual(plaintext);
      expect(chunks).toEqual([plaintext]);
      await expect(reader.read(0, 1)).rejects.toEqual(failsWith('seal/closed'));
      await expect(started.next()).rejects.toEqual(failsWith('seal/closed'));
    });

    it('is not given out by a reader that is closed while it waits for its source', async () => {
      const sealed = sealBytes(engine, key, context, random(2 * PER_SEGMENT));
      const reader = await openObject(engine, key, context, source(sealed));
      const waiting = reader.read(0, 2 * PER_SEGMENT);
      reader.close();
      await expect(waiting).rejects.toEqual(failsWith('seal/closed'));
    });

    it.each([1, 1000, PER_SEGMENT - 1, PER_SEGMENT, 2 * PER_SEGMENT, 4 * PER_SEGMENT])(
      'sealed in chunks of %i into memory that is used again has the same layout and opens',
      (size) => {
        for (const length of [0, 1, PER_SEGMENT, 2 * PER_SEGMENT, 2 * PER_SEGMENT + 1].filter(
          (n) => n <= 3000 * size,
        )) {
          const plaintext = random(length);
          const sealer = createChunkSealer(engine, key, context);
          const parts: Uint8Array[] = [];
          let out = new Uint8Array(0);
          for (let at = 0; at < length; at += size) {
            const chunk = plaintext.subarray(at, at + size);
            const limit = sealer.outputLimit(chunk.length);
            if (out.length < limit) out = new Uint8Array(limit);
            const written = sealer.updateInto(chunk, out, at + size < length);
            expect(written).toBeLessThanOrEqual(limit);
            parts.push(out.slice(0, written));
          }
          const last = new Uint8Array(sealer.outputLimit(0));
          parts.push(last.slice(0, sealer.finishInto(last)));
          const sealed = new Uint8Array(Buffer.concat(parts));
          expect([sealed.length, sealer.sealedLength, sealer.plaintextLength]).toEqual([
            sealedLength(length),
            sealedLength(length),
            length,
          ]);
          expect(Buffer.from(openBytes(engine, key, context, sealed)).equals(plaintext)).toBe(true);
        }
      },
    );

    it('is not finished while promised bytes are missing', () => {
      const sealer = createChunkSealer(engine, key, context);
      sealer.update(random(PER_SEGMENT), true);
      expect(() => sealer.finish()).toThrow(failsWith('seal/bad-argument'));
    });

    it.each([1000, 3 * PER_SEGMENT + 5, 40 * PER_SEGMENT + 5])(
      'of %i bytes is read into given memory, from a source that overwrites what it gets back',
      async (length) => {
        const plaintext = random(length);
        const sealed = sealBytes(engine, key, context, plaintext);
        let held = 0;
        const reused: RandomAccessSource = {
          size: sealed.length,
          async read(offset, wanted) {
            held++;
            return sealed.slice(offset, offset + wanted);
          },
          release(bytes) {
            held--;
            bytes.fill(0xee);
          },
        };
        const reader = await openObject(engine, key, context, reused);
        const out = new Uint8Array(length);
        await reader.readInto(0, out);
        expect(Buffer.from(out).equals(plaintext)).toBe(true);
        await reader.readInto(length >> 1, out.subarray(0, length >> 2));
        expect(
          Buffer.from(out.subarray(0, length >> 2)).equals(
            plaintext.subarray(length >> 1, (length >> 1) + (length >> 2)),
          ),
        ).toBe(true);
        const parts: Uint8Array[] = [];
        for await (const chunk of reader.chunks()) parts.push(chunk.slice());
        expect(Buffer.concat(parts).equals(plaintext)).toBe(true);
        await expect(reader.readInto(1, out)).rejects.toEqual(failsWith('seal/out-of-range'));
        reader.close();
        reader.close();
        expect(held).toBe(0);
        await expect(reader.readInto(0, out)).rejects.toEqual(failsWith('seal/closed'));
      },
    );

    it('has a sealer that ends once', () => {
      const finished = createChunkSealer(engine, key, context);
      finished.finish();
      finished.abort();
      expect(() => finished.finish()).toThrow(failsWith('seal/closed'));
      const aborted = createChunkSealer(engine, key, context);
      aborted.update(random(10));
      aborted.abort();
      expect(() => aborted.update(random(1))).toThrow(failsWith('seal/closed'));
    });
  });

  describe('what is refused', () => {
    const sealed = sealBytes(engine, key, context, random(60));

    async function refusal(bytes: Uint8Array): Promise<string> {
      const outcomes = await Promise.allSettled([
        (async () => openBytes(engine, key, context, bytes))(),
        openObject(engine, key, context, source(bytes)),
      ]);
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'opened'));
      expect(codes[0]).toBe(codes[1]);
      return codes[0];
    }

    it('a flip of any bit of any byte', async () => {
      const seen = new Set<string>();
      for (let at = 0; at < sealed.length; at++) {
        for (const bit of [1, 0x80]) {
          const flipped = sealed.slice();
          flipped[at] = (flipped[at] ?? 0) ^ bit;
          const code = await refusal(flipped);
          expect(code).toMatch(/^seal\//);
          seen.add(code);
        }
      }
      expect([...seen].sort()).toEqual([
        'seal/altered',
        'seal/not-sealed',
        'seal/truncated',
        'seal/unknown-parameters',
        'seal/unknown-version',
        'seal/wrong-key',
      ]);
    });

    it('a cut at any length, and bytes appended', async () => {
      for (let length = 0; length < sealed.length; length++)
        expect(await refusal(sealed.slice(0, length))).toBe('seal/truncated');
      expect(await refusal(new Uint8Array([...sealed, 0]))).toBe('seal/altered');
    });

    it('segments dropped, doubled, swapped, cut off at a boundary', async () => {
      const long = sealBytes(engine, key, context, random(3 * PER_SEGMENT + 100));
      const head = long.subarray(0, BODY);
      const segments = [0, 1, 2].map((n) => long.subarray(BODY + n * SEGMENT, BODY + (n + 1) * SEGMENT));
      const last = long.subarray(BODY + 3 * SEGMENT);
      const [a, b, c] = segments as [Uint8Array, Uint8Array, Uint8Array];
      const build = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat([head, ...parts]));
      expect(openBytes(engine, key, context, build(a, b, c, last))).toHaveLength(3 * PER_SEGMENT + 100);
      const expected: [string, Uint8Array][] = [
        ['seal/truncated', build(a, b, c)],
        ['seal/truncated', build(a)],
        ['seal/truncated', build()],
        ['seal/altered', build(a, c, last)],
        ['seal/altered', build(a, b, b, c, last)],
        ['seal/altered', build(last)],
      ];
      for (const [code, bytes] of expected) expect(await refusal(bytes)).toBe(code);
      for (const bytes of [build(b, a, c, last), build(a, b, b, last), build(a, a, c, last)]) {
        expect(() => openBytes(engine, key, context, bytes)).toThrow(failsWith('seal/altered'));
        const reader = await openObject(engine, key, context, source(bytes));
        const everything = reader.read(0, reader.length);
        await expect(everything).rejects.toEqual(failsWith('seal/altered'));
      }
    });

    it('another key and every other context', () => {
      const others: Partial<ObjectContext>[] = [
        { vaultId: idFrom<VaultId>(id(9)) },
        { studyId: idFrom<StudyId>(id(9)) },
        { objectId: idFrom<ObjectId>(id(9)) },
        { kind: 'note' },
        { version: 2 },
      ];
      for (const other of others)
        expect(() => openBytes(engine, key, { ...context, ...other }, sealed)).toThrow(failsWith('seal/wrong-key'));
      const otherKey = deriveObjectKey(engine, createStudyKey(engine), context);
      expect(() => openBytes(engine, otherKey, context, sealed)).toThrow(failsWith('seal/wrong-key'));
    });

    it('a source that shrinks while it is read', async () => {
      // Longer than what is read at once.
      const bytes = sealBytes(engine, key, context, random(9 * PER_SEGMENT));
      let size = bytes.length;
      const shrinking: RandomAccessSource = {
        size,
        read: async (offset, length) => bytes.slice(offset, Math.min(size, offset + length)),
      };
      const reader = await openObject(engine, key, context, shrinking);
      size = 1000;
      await expect(reader.read(0, 100)).rejects.toEqual(failsWith('seal/truncated'));
    });

    it('contexts of a wrong shape', () => {
      for (const wrong of [
        { kind: 'Instance' },
        { kind: '' },
        { kind: 'a'.repeat(33) },
        { version: -1 },
        { version: 0.5 },
      ])
        expect(() => objectContext({ ...context, ...wrong })).toThrow(failsWith('seal/bad-argument'));
      const vaultId = 'x' as VaultId;
      expect(() => objectContext({ ...context, vaultId })).toThrow(failsWith('seal/bad-argument'));
    });
  });
});
