import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryReader, pixelsOf } from '../../electron/decode/pixels-of.ts';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { VitrineError } from '../errors.ts';
import type { DicomWarning } from './errors.ts';
import { FragmentWalker } from './fragment-walker.ts';
import { type EncapsulatedParts, frameRanges, indexEncapsulated } from './frame-index.ts';

const DELIMITER = Buffer.from('feffdde000000000', 'hex');

function item(bytes: Uint8Array): Buffer {
  const header = Buffer.from('feff00e000000000', 'hex');
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

function walk(bytes: Uint8Array, piece = bytes.length, offset = 0): FragmentWalker {
  const walker = new FragmentWalker(offset, bytes.length);
  for (let at = 0; at < bytes.length; at += Math.max(1, piece))
    walker.push(bytes.subarray(at, at + Math.max(1, piece)));
  walker.finish();
  return walker;
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof VitrineError) return error.code;
    throw error;
  }
  return 'accepted';
}

const fragmentList = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 12 });

describe('FragmentWalker', () => {
  it('finds every fragment, however the bytes are cut', async () => {
    await assertProperty(
      fc.property(fragmentList, fc.integer({ min: 1, max: 200 }), fc.nat(64), (fragments, piece, before) => {
        const bytes = Buffer.concat([
          Buffer.alloc(before, 7),
          item(Buffer.alloc(0)),
          ...fragments.map(item),
          DELIMITER,
        ]);
        const walker = walk(bytes, piece, before);
        const found = walker.fragments.map(({ offset, length }) => [...bytes.subarray(offset, offset + length)]);
        expect(found).toEqual(fragments.map((fragment) => [...fragment]));
        expect([...walker.warnings]).toEqual([]);
      }),
    );
  });

  it('says how many bytes belong to the pixels', () => {
    const pixels = Buffer.concat([item(Buffer.alloc(0)), item(Buffer.from('ab')), DELIMITER]);
    const walker = new FragmentWalker(0, pixels.length + 5);
    expect(walker.push(Buffer.concat([pixels, Buffer.from('after')]))).toBe(pixels.length);
    expect(walker.push(Buffer.from('more'))).toBe(0);
  });

  it('warns of a missing delimiter and refuses lengths that lie', () => {
    const open = Buffer.concat([item(Buffer.alloc(0)), item(Buffer.from('abcd'))]);
    expect([...walk(open).warnings]).toEqual(['dicom/undelimited']);
    expect(refusal(() => walk(open.subarray(0, open.length - 1)))).toBe('dicom/fragment-length');
    expect(refusal(() => walk(open.subarray(0, 12)))).toBe('dicom/fragment-length');
    const long = Buffer.from(open);
    long.writeUInt32LE(0xfffffff0, 12);
    expect(refusal(() => walk(long))).toBe('dicom/fragment-length');
    const table = Buffer.from(open);
    table.writeUInt32LE(0x7ffffff0, 4);
    expect(refusal(() => walk(table))).toBe('dicom/fragment-length');
  });

  it('refuses noise with a code, never otherwise', async () => {
    await assertProperty(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (noise, piece) => {
        const code = refusal(() => walk(Buffer.concat([item(Buffer.alloc(0)), noise]), piece));
        expect(['accepted', 'dicom/fragment-length']).toContain(code);
      }),
    );
  });
});

/** Fragments of 10 bytes each, the first item header at 0. */
function parts(starts: readonly boolean[], more: Partial<EncapsulatedParts> = {}): EncapsulatedParts {
  const fragments = starts.map((startsImage, number) => ({ offset: 8 + number * 18, length: 10, startsImage }));
  return {
    fragments,
    basicOffsets: [],
    extendedOffsets: null,
    extendedLengths: null,
    oneFragmentPerFrame: false,
    ...more,
  };
}

function sizes(input: EncapsulatedParts, count: number, warnings = new Set<DicomWarning>()): number[] {
  const index = indexEncapsulated(input, count, warnings);
  return Array.from({ length: count }, (_, frame) => frameRanges(index, frame).ranges.length);
}

describe('frames of fragments', () => {
  it('follow the Basic Offset Table', () => {
    expect(sizes(parts([true, false, true], { basicOffsets: [0, 36] }), 2)).toEqual([2, 1]);
  });

  it('follow the Extended Offset Table before the basic one, without the padding byte', () => {
    const table = { basicOffsets: [0, 18], extendedOffsets: [0, 36], extendedLengths: [20, 9] };
    const index = indexEncapsulated(parts([true, false, true], table), 2, new Set());
    expect(frameRanges(index, 1).ranges).toEqual([{ offset: 44, length: 9 }]);
  });

  it('ignore a table that contradicts the fragments, and say so', () => {
    const warnings = new Set<DicomWarning>();
    expect(sizes(parts([true, true], { basicOffsets: [0, 17] }), 2, warnings)).toEqual([1, 1]);
    expect([...warnings]).toEqual(['dicom/offset-table']);
  });

  it('follow the markers where there is no table', () => {
    expect(sizes(parts([true, false, false, true, false]), 2)).toEqual([3, 2]);
    expect(sizes(parts([true, false, false]), 1)).toEqual([3]);
  });

  it('are refused when they can not be told apart', () => {
    expect(refusal(() => sizes(parts([true, true, true]), 2))).toBe('dicom/frames');
    expect(refusal(() => sizes(parts([true]), 2))).toBe('dicom/frames');
    expect(refusal(() => sizes(parts([]), 1))).toBe('dicom/pixels-missing');
  });

  it('of one-bit images need not start on a byte', () => {
    const index = { layout: 'native', count: 3, offset: 100, frameBits: 12, inflated: null } as const;
    expect(frameRanges(index, 1)).toEqual({ ranges: [{ offset: 101, length: 2 }], bitOffset: 4, inflated: null });
    expect(() => frameRanges(index, 3)).toThrow(RangeError);
  });

  it('of a synthetic file decode', async () => {
    const report = await pixelsOf(memoryReader(syntheticFile('fragments')));
    expect(report).toMatchObject({ frames: 2, rows: 24, columns: 20, type: 'uint8' });
  });
});
