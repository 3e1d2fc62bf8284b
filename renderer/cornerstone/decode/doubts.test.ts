import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { FragmentWalker } from '../../../core/dicom/fragment-walker.ts';
import { frameRanges, indexEncapsulated } from '../../../core/dicom/frame-index.ts';
import { readHeader } from '../../../core/dicom/read-header.ts';
import { decodeWasm } from '../../../electron/decode/codecs.ts';
import { inflateRawLimited } from '../../../electron/decode/inflate.ts';
import { sharedData } from '../../../test/fixtures/shared-data.ts';
import type { Dataset } from '../dataset.ts';
import { factsOf } from '../facts.ts';
import { decodeFrame } from './decode-frame.ts';
import { leavesBits, leavesRange } from './doubts.ts';
import type { DecodedFrame, FrameFormat } from './format.ts';

// The window's own loader finds its WebAssembly beside the bundle, so the same modules are opened Node's way.
vi.mock('./codecs.ts', () => ({
  async decodeCodestream(uid: string, bytes: Uint8Array) {
    const codec = uid.endsWith('.80') || uid.endsWith('.81') ? 'jpeg-ls' : 'jpeg-2000';
    const { bytes: decoded, planar } = await decodeWasm(codec, bytes);
    return { bytes: decoded, planar, rgb: false, damaged: false };
  },
}));

/** Decodes the first frame of an encapsulated file as the window does. */
async function decoded(path: string): Promise<DecodedFrame> {
  const file = new Uint8Array(readFileSync(path));
  const header = readHeader(file, file.length, inflateRawLimited);
  if ('need' in header || header.pixels === null || header.pixels.element !== 'encapsulated')
    throw new Error('not an encapsulated image');
  const walker = new FragmentWalker(header.pixels.offset, file.length);
  walker.push(file);
  walker.finish();
  const { fragments, basicOffsets } = walker;
  const { extendedOffsets, extendedLengths } = header.pixels;
  const parts = { fragments, basicOffsets, extendedOffsets, extendedLengths, oneFragmentPerFrame: false };
  const { ranges } = frameRanges(indexEncapsulated(parts, 1, new Set()), 0);
  const bytes = Uint8Array.from(ranges.flatMap(({ offset, length }) => [...file.subarray(offset, offset + length)]));
  const { format, scale, declared } = factsOf(header.json as Dataset, 1);
  return decodeFrame({ transferSyntaxUid: header.transferSyntaxUid, bytes, format, scale, declared });
}

const format = (change: Partial<FrameFormat>): FrameFormat => ({
  rows: 1,
  columns: 2,
  samples: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  signed: false,
  float: false,
  planar: false,
  photometric: 'MONOCHROME2',
  palette: null,
  ...change,
});

describe('doubtful pixels', () => {
  it('leave Bits Stored', () => {
    expect(leavesBits(new Uint16Array([0, 4095]), format({}))).toBe(false);
    expect(leavesBits(new Uint16Array([0, 4096]), format({}))).toBe(true);
    expect(leavesBits(new Int16Array([-2048, 2047]), format({ signed: true }))).toBe(false);
    // A codec that doesn't carry the sign up.
    expect(leavesBits(new Int16Array([4095]), format({ signed: true }))).toBe(false);
    expect(leavesBits(new Int16Array([-2049]), format({ signed: true }))).toBe(true);
    expect(leavesBits(new Uint16Array([65_535]), format({ bitsStored: 16 }))).toBe(false);
  });

  it('leave Smallest and Largest Image Pixel Value, padding aside', () => {
    const declared = { smallest: 10, largest: 20, padding: null };
    expect(leavesRange(new Int16Array([10, 20]), declared)).toBe(false);
    expect(leavesRange(new Int16Array([10, 21]), declared)).toBe(true);
    expect(leavesRange(new Int16Array([-2000, 20]), { ...declared, padding: [-2000, -2000] })).toBe(false);
  });

  it('are told of by nothing that the header can’t mean', () => {
    const header = (smallest: number, largest: number, more: Dataset = {}): Dataset => ({
      '00280100': { vr: 'US', Value: [16] },
      '00280101': { vr: 'US', Value: [12] },
      '00280106': { vr: 'US', Value: [smallest] },
      '00280107': { vr: 'US', Value: [largest] },
      ...more,
    });
    expect(factsOf(header(0, 4095), 1).declared).toEqual({ smallest: 0, largest: 4095, padding: null });
    expect(factsOf(header(0, 0), 1).declared).toBeNull();
    expect(factsOf(header(64_512, 65_000), 1).declared).toBeNull();
    expect(factsOf(header(0, 100, { '00282110': { vr: 'CS', Value: ['01'] } }), 1).declared).toBeNull();
  });
});

const damaged = sharedData('dicom/broken/made');

describe.skipIf(damaged === null)('bits flipped inside a compressed stream', () => {
  it('JPEG 2000 decodes all the same, and is doubted', async () => {
    const { doubts } = await decoded(`${damaged}/stream-bitflips-j2k.dcm`);
    expect(doubts).toContain('range');
  });

  it('JPEG-LS isn’t shown at all', async () => {
    await expect(decoded(`${damaged}/stream-bitflips-jls.dcm`)).rejects.toThrow();
  });
});
