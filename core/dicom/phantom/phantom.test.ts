import { describe, expect, it } from 'vitest';
import { memoryReader, pixelsOf } from '../../../electron/decode/pixels-of.ts';
import { FIXTURE_KINDS, syntheticFile, syntheticPixels } from '../../../test/fixtures/dicom.ts';
import { toHex } from '../../bytes.ts';
import { paintSlice, STORED_OFFSET } from './paint.ts';
import { phantomStudy, phantomStudyUid } from './phantom.ts';
import { MATERIAL_HU, PHANTOM_TRUTH, phantomGeometry, phantomTruth } from './truth.ts';

async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice())));
}

describe('the phantom', () => {
  it('has the units that its table says, everywhere inside an insert', () => {
    const { geometry, inserts } = PHANTOM_TRUTH;
    for (const insert of inserts) {
      const pixels = paintSlice(geometry, insert.slice);
      const reach = Math.floor((insert.radiusMm * 0.6) / geometry.pixelSpacing);
      for (let down = -reach; down <= reach; down++) {
        for (let across = -reach; across <= reach; across++) {
          const at = Math.round(insert.row + down) * geometry.columns + Math.round(insert.column + across);
          if (Math.hypot(down, across) <= reach) expect((pixels[at] ?? 0) - STORED_OFFSET).toBe(insert.hu);
        }
      }
    }
  });

  it('has inserts of the size that its table says, to a pixel', () => {
    const { geometry, inserts } = PHANTOM_TRUTH;
    const rod = inserts.find(({ id }) => id === 'rod-bone');
    if (!rod) throw new Error('no rod');
    const pixels = paintSlice(geometry, rod.slice);
    const row = Math.round(rod.row);
    const line = pixels.subarray(row * geometry.columns, (row + 1) * geometry.columns);
    const width = line.filter((stored) => stored - STORED_OFFSET === MATERIAL_HU.bone).length * geometry.pixelSpacing;
    expect(Math.abs(width - 2 * rod.radiusMm)).toBeLessThan(2 * geometry.pixelSpacing);
  });

  it('has two beads 100 mm apart in one row of one slice', () => {
    const [right, left] = ['bead-right', 'bead-left'].map((id) => PHANTOM_TRUTH.inserts.find((one) => one.id === id));
    expect(left?.slice).toBe(right?.slice);
    expect(left?.row).toBe(right?.row);
    const columns = (left?.column ?? 0) - (right?.column ?? 0);
    expect(columns * PHANTOM_TRUTH.geometry.pixelSpacing).toBeCloseTo(PHANTOM_TRUTH.beadDistanceMm, 9);
  });

  it('is the same bytes every time, other UIDs with another seed, and fast enough', async () => {
    const options = { matrix: 64, slices: 4 };
    const hash = async (seed?: string): Promise<string[]> =>
      Promise.all([...phantomStudy({ ...options, ...(seed ? { seed } : {}) })].map(({ bytes }) => sha256(bytes)));
    expect(await hash()).toEqual(await hash());
    expect(await hash('other')).not.toEqual(await hash());
    expect(phantomStudyUid({ seed: 'a' })).not.toBe(phantomStudyUid({ seed: 'b' }));
    const started = performance.now();
    const study = phantomStudy();
    for (let slice = 0; slice < 10; slice++) study.next();
    expect((performance.now() - started) / 10).toBeLessThan(100);
  });

  it('keeps its body when there are more slices', () => {
    const many = phantomTruth(phantomGeometry(512, 1280));
    expect(many.geometry.sliceSpacing).toBe(0.25);
    expect(many.inserts.map(({ centreMm }) => centreMm)).toEqual(PHANTOM_TRUTH.inserts.map(({ centreMm }) => centreMm));
  });

  it('carries markers where forensic tests want them', () => {
    const firstRow = new Uint16Array(64).fill(0xabc);
    const patient = { name: 'MARK^Er', id: 'MARK-7', comments: 'MARKED-COMMENT' };
    const slice = phantomStudy({ matrix: 64, slices: 1, patient, firstRow }).next().value;
    const text = Buffer.from(slice?.bytes ?? []).toString('latin1');
    for (const marker of ['MARK^Er', 'MARK-7', 'MARKED-COMMENT']) expect(text).toContain(marker);
    expect(Buffer.from(slice?.bytes ?? []).includes(Buffer.from(firstRow.buffer))).toBe(true);
  });
});

describe('synthetic fixtures', () => {
  it.each(FIXTURE_KINDS.filter((kind) => kind !== 'sr'))(
    '%s decodes to the pixels that it was made of',
    async (kind) => {
      const report = await pixelsOf(memoryReader(syntheticFile(kind)));
      expect(report.sha256).toBe(await sha256(syntheticPixels(kind)));
    },
  );
});
