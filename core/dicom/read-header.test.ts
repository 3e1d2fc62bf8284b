import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateRawLimited } from '../../electron/decode/inflate.ts';
import { FIXTURE_KINDS, mutate, syntheticFile } from '../../test/fixtures/dicom.ts';
import { assertProperty } from '../../test/fixtures/property.ts';
import { VitrineError } from '../errors.ts';
import { ImageWalker, type WalkedImage } from './image-walker.ts';
import { phantomStudy } from './phantom/phantom.ts';
import { readHeader } from './read-header.ts';
import type { DicomHeader } from './types.ts';

/** Reads as the vault does: a short prefix first, then as much as is asked for. */
function headerOf(bytes: Uint8Array, first = 512): DicomHeader {
  let length = Math.min(first, bytes.length);
  for (let step = 0; step < 40; step++) {
    const result = readHeader(bytes.slice(0, length), bytes.length, inflateRawLimited);
    if (!('need' in result)) return result;
    expect(result.need).toBeGreaterThan(length);
    expect(result.need).toBeLessThanOrEqual(bytes.length);
    length = result.need;
  }
  throw new Error('the header asks for more and more');
}

function walk(bytes: Uint8Array, header: DicomHeader, piece: number): WalkedImage {
  const walker = new ImageWalker(header);
  for (let at = 0; at < bytes.length; at += piece) walker.push(bytes.subarray(at, at + piece));
  return walker.finish();
}

describe('readHeader', () => {
  it('reads the attributes of the catalogue', () => {
    const header = headerOf(syntheticFile('mr'));
    expect(header.transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
    expect(header.warnings).toEqual([]);
    expect(header.summary).toMatchObject({
      patientName: 'FIXTURE^Anna^^Dr.',
      patientId: 'FIX-1',
      patientBirthDate: '19800229',
      modality: 'MR',
      studyDate: '20240102',
      seriesNumber: 3,
      instanceNumber: 1,
      rows: 24,
      columns: 20,
      numberOfFrames: 1,
      bitsAllocated: 16,
    });
    expect(header.json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'FIXTURE^Anna^^Dr.' }] });
    expect(header.json['00280010']).toEqual({ vr: 'US', Value: [24] });
    expect(structuredClone(header)).toEqual(header);
  });

  it('reads geometry, and gives the same answer whatever prefix it starts with', () => {
    const slice = phantomStudy({ matrix: 32, slices: 4 }).next().value;
    if (!slice) throw new Error('no slice');
    const header = headerOf(slice.bytes);
    expect(header.summary.imagePositionPatient).toEqual([-174.375, -174.375, -120]);
    expect(header.summary.imageOrientationPatient).toEqual([1, 0, 0, 0, 1, 0]);
    expect(header.summary.pixelSpacing).toEqual([11.25, 11.25]);
    for (const first of [140, 200, 1000, 1_000_000]) expect(headerOf(slice.bytes, first)).toEqual(header);
  });

  it('reads an object without pixels', () => {
    const bytes = syntheticFile('sr');
    const header = headerOf(bytes);
    expect(header.pixels).toBeNull();
    expect(walk(bytes, header, 100).frames).toBeNull();
  });

  it('refuses what is not DICOM with one code', () => {
    for (const text of ['%PDF-1.7', '<html>', '{"a":1}', 'x'.repeat(5000)]) {
      expect(() => headerOf(Buffer.from(text))).toThrowError(expect.objectContaining({ code: 'dicom/not-dicom' }));
    }
    expect(() => headerOf(new Uint8Array(0))).toThrowError(expect.objectContaining({ code: 'dicom/empty' }));
  });

  it('survives sequences nested twenty thousand deep before the pixels', () => {
    const bytes = syntheticFile('cr');
    const open = Buffer.from('0800401153510000fffffffffeff00e0ffffffff', 'hex');
    const at = headerOf(bytes).pixels?.offset ?? 0;
    const deep = Buffer.concat([bytes.subarray(0, at - 12), ...Array(20_000).fill(open), bytes.subarray(at - 12)]);
    expect(() => headerOf(deep)).toThrowError(VitrineError);
  });

  it('throws nothing but its own codes on damaged files, and soon', async () => {
    const files = FIXTURE_KINDS.map((kind) => syntheticFile(kind));
    const damaged = fc.record({
      file: fc.nat(files.length - 1),
      seed: fc.nat(),
      piece: fc.integer({ min: 1, max: 900 }),
    });
    await assertProperty(
      fc.property(damaged, ({ file, seed, piece }) => {
        const bytes = mutate(files[file] as Uint8Array, seed);
        const started = performance.now();
        try {
          const header = headerOf(bytes);
          walk(bytes, header, piece);
        } catch (error) {
          expect(error).toBeInstanceOf(VitrineError);
        }
        expect(performance.now() - started).toBeLessThan(2000);
      }),
      { numRuns: 1500 },
    );
  });

  it('throws nothing but its own codes on bytes at random', async () => {
    await assertProperty(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (noise, marked) => {
        const bytes = marked ? Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), noise]) : noise;
        try {
          headerOf(bytes, 64);
        } catch (error) {
          expect(error).toBeInstanceOf(VitrineError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
