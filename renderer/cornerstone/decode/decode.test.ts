import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/fixtures/shared-data.ts';
import { isIrreversible } from './codestream.ts';
import { toRgb } from './color.ts';
import type { FrameFormat } from './format.ts';
import { decodeRle } from './rle.ts';
import { scaled } from './scale.ts';
import { codecSamples, codecValues, interleaved, nativeValues } from './stored-values.ts';

const format = (change: Partial<FrameFormat>): FrameFormat => ({
  rows: 1,
  columns: 4,
  samples: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: false,
  float: false,
  planar: false,
  photometric: 'MONOCHROME2',
  palette: null,
  ...change,
});

describe('stored values', () => {
  it('carries the sign up from the highest stored bit and drops what lies above', () => {
    const bytes = new Uint8Array([0xff, 0x0f, 0x01, 0xf0, 0x00, 0x08, 0x34, 0x12]);
    const signed = nativeValues(bytes, format({ bitsStored: 12, highBit: 11, signed: true }), false);
    expect([...signed]).toEqual([-1, 1, -2048, 0x234]);
    const unsigned = nativeValues(bytes, format({ bitsStored: 12, highBit: 11 }), false);
    expect([...unsigned]).toEqual([0xfff, 1, 0x800, 0x234]);
  });

  it('turns big-endian words round', () => {
    const bytes = new Uint8Array([0x01, 0x02, 0, 1, 0, 2, 0, 3]);
    expect([...nativeValues(bytes, format({}), true)]).toEqual([0x102, 1, 2, 3]);
  });

  it('unpacks bits, least significant first', () => {
    const bits = nativeValues(new Uint8Array([0b0101]), format({ bitsAllocated: 1, bitsStored: 1, highBit: 0 }), false);
    expect([...bits]).toEqual([1, 0, 1, 0]);
  });

  it('refuses a frame that is shorter than its attributes say', () => {
    expect(() => nativeValues(new Uint8Array(7), format({}), false)).toThrow(RangeError);
    expect(() => codecSamples(new Uint8Array(7), format({}))).toThrow(RangeError);
  });

  it('takes a codec that gives bytes for 16-bit pixels', () => {
    const narrow = format({ bitsStored: 8, highBit: 7 });
    expect([...codecValues(codecSamples(new Uint8Array([1, 2, 3, 4]), narrow), narrow)]).toEqual([1, 2, 3, 4]);
  });

  it('are white where a lossy codestream makes them larger than Bits Stored, and lose foreign bits where it is lossless', () => {
    const ten = format({ rows: 1, columns: 3, bitsAllocated: 16, bitsStored: 10, highBit: 9 });
    const samples = (): Uint16Array<ArrayBuffer> => new Uint16Array([1023, 1027, 5]);
    expect([...codecValues(samples(), ten, true)]).toEqual([1023, 1023, 5]);
    expect([...codecValues(samples(), ten, false)]).toEqual([1023, 3, 5]);
  });

  it('puts planes beside each other', () => {
    expect([...interleaved(new Uint8Array([1, 2, 10, 20, 100, 200]), 3)]).toEqual([1, 10, 100, 2, 20, 200]);
  });
});

describe('RLE', () => {
  const header = (...offsets: number[]): number[] => {
    const words = new Uint32Array(16);
    words[0] = offsets.length;
    words.set(offsets, 1);
    return [...new Uint8Array(words.buffer)];
  };

  it('joins the byte planes of 16-bit samples', () => {
    // High bytes: four times 1. Low bytes: 2, 3, 4, 5 as they are.
    const data = new Uint8Array([...header(64, 66), 253, 1, 3, 2, 3, 4, 5]);
    expect([...decodeRle(data, format({}))]).toEqual([2, 1, 3, 1, 4, 1, 5, 1]);
  });

  it('refuses offsets that lead out of the data', () => {
    expect(() => decodeRle(new Uint8Array(header(64, 9999)), format({}))).toThrow(RangeError);
    expect(() => decodeRle(new Uint8Array(header(64)), format({}))).toThrow(RangeError);
    expect(() => decodeRle(new Uint8Array(3), format({}))).toThrow(RangeError);
  });
});

describe('scale', () => {
  const plain = { slope: 1, intercept: 0, table: null };

  it('keeps whole numbers whole, in the narrowest array', () => {
    const ct = scaled(new Uint16Array([0, 1024, 4095]), { ...plain, intercept: -1024 });
    expect(ct.pixels).toBeInstanceOf(Int16Array);
    expect([...ct.pixels]).toEqual([-1024, 0, 3071]);
    expect(ct).toMatchObject({ smallest: -1024, largest: 3071 });
  });

  it('goes to floating point for a broken slope', () => {
    const pet = scaled(new Uint16Array([0, 3]), { ...plain, slope: 0.5 });
    expect(pet.pixels).toBeInstanceOf(Float32Array);
    expect([...pet.pixels]).toEqual([0, 1.5]);
  });

  it('looks values up and holds the ends of the table', () => {
    const table = { first: 10, data: [100, 200, 300] };
    expect([...scaled(new Int16Array([0, 11, 99]), { ...plain, table }).pixels]).toEqual([100, 200, 300]);
  });

  it('reverses the extremes for a negative slope', () => {
    expect(scaled(new Uint8Array([0, 10]), { ...plain, slope: -1 })).toMatchObject({ smallest: -10, largest: 0 });
  });
});

describe('colour', () => {
  const color = format({ samples: 3, bitsAllocated: 8, bitsStored: 8, highBit: 7, columns: 1 });

  it('knows YBR, whole and halved', () => {
    const grey = toRgb(new Uint8Array([128, 128, 128]), { ...color, photometric: 'YBR_FULL' }, false);
    expect([...grey]).toEqual([128, 128, 128]);
    const red = toRgb(new Uint8Array([76, 85, 255]), { ...color, photometric: 'YBR_FULL' }, false);
    expect([...red]).toEqual([254, 0, 0]);
    const pair = { ...color, columns: 2, photometric: 'YBR_FULL_422' };
    expect([...toRgb(new Uint8Array([10, 20, 128, 128]), pair, false)]).toEqual([10, 10, 10, 20, 20, 20]);
  });

  it('leaves RGB alone, from the file or from the codec', () => {
    const pixel = new Uint8Array([1, 2, 3]);
    expect([...toRgb(pixel, { ...color, photometric: 'RGB' }, false)]).toEqual([1, 2, 3]);
    expect([...toRgb(pixel, { ...color, photometric: 'YBR_FULL_422' }, true)]).toEqual([1, 2, 3]);
  });

  it('looks up palettes of 8 and 16 bits, holding the ends', () => {
    const channel = (bits: number, ...data: number[]) => ({ entries: data.length, first: 5, bits, data });
    const palette = { red: channel(16, 0, 0xff00), green: channel(8, 7, 8), blue: channel(16, 0x1000, 0x2000) };
    const indexed = format({ samples: 1, photometric: 'PALETTE COLOR', palette });
    expect([...toRgb(new Uint8Array([0, 6, 99]), indexed, false)]).toEqual([0, 7, 16, 255, 8, 32, 255, 8, 32]);
  });

  it('refuses an interpretation that it does not know', () => {
    expect(() => toRgb(new Uint8Array(3), { ...color, photometric: 'CMYK' }, false)).toThrow(RangeError);
  });
});

describe('the header of a JPEG 2000 codestream', () => {
  /** SIZ of no matter what, then COD with a kind of transformation. */
  const header = (transformation: number): Uint8Array =>
    Uint8Array.of(
      ...[0xff, 0x4f, 0xff, 0x51, 0, 4, 0xff, 0x52],
      ...[0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, transformation, 0xff, 0x90],
    );

  it('says whether the wavelet gives the samples back as they were', () => {
    expect(isIrreversible(header(0))).toBe(true);
    expect(isIrreversible(header(1))).toBe(false);
  });

  it('says nothing where it is cut or is none', () => {
    for (let length = 0; length < 21; length++) expect(isIrreversible(header(0).subarray(0, length))).toBe(false);
    expect(isIrreversible(Uint8Array.of(0xff, 0xd8, 0xff, 0x52))).toBe(false);
  });

  const objects = sharedData('dicom/objects');

  it.skipIf(objects === null)('is read from files of both kinds', () => {
    const kind = (name: string): boolean => {
      const file = readFileSync(`${objects}/${name}`);
      return isIrreversible(file.subarray(file.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51))));
    };
    expect(kind('MR_small_jp2klossless.dcm')).toBe(false);
    expect(kind('693_J2KI.dcm'), 'a lossless stream of the syntax that may be lossy').toBe(false);
    expect(kind('JPEG2000.dcm')).toBe(true);
  });
});
