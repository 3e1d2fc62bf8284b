import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset.ts';
import { frameDataset, numbers, text } from './dataset.ts';
import { fromPixel, planeOf, spacingAt, toPixel } from './geometry.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const axial: Dataset = {
  '00280010': value('US', 512),
  '00280011': value('US', 256),
  '00280030': value('DS', 0.5, 0.8),
  '00200032': value('DS', -100, -50, 30),
  '00200037': value('DS', 1, 0, 0, 0, 1, 0),
  '00200052': value('UI', '1.2.3'),
};

describe('plane of a frame', () => {
  it('maps pixels to the patient and back, row spacing along the columns', () => {
    const plane = planeOf(axial);
    expect(fromPixel(plane, [10, 4])).toEqual([-92, -48, 30]);
    expect(toPixel(plane, [-92, -48, 30])).toEqual([10, 4]);
    expect(plane.calibration).toMatchObject({ kind: 'patient', rowSpacing: 0.5, columnSpacing: 0.8 });
  });

  it('offers no millimetres for a spacing of zero or none', () => {
    for (const spacing of [value('DS', 0, 0), value('DS'), undefined]) {
      const plane = planeOf({ ...axial, '00280030': spacing });
      expect(plane.calibration.kind).toBe('none');
      expect(plane.patient).toBeNull();
      expect(spacingAt(plane, [[1, 1]])).toBeNull();
    }
  });

  it('says that a projection is measured at the detector, unless its magnification is known', () => {
    const projection: Dataset = { '00280010': value('US', 10), '00181164': value('DS', 0.2, 0.2) };
    expect(planeOf(projection).calibration.kind).toBe('detector');
    const corrected = planeOf({ ...projection, '00181114': value('DS', 2) }).calibration;
    expect(corrected).toMatchObject({ kind: 'patient', rowSpacing: 0.1, corrected: true });
  });

  it('measures ultrasound inside of one region only', () => {
    const region = {
      '00186018': value('UL', 10),
      '0018601A': value('UL', 10),
      '0018601C': value('UL', 100),
      '0018601E': value('UL', 100),
      '00186024': value('US', 3),
      '00186026': value('US', 3),
      '0018602C': value('FD', 0.05),
      '0018602E': value('FD', 0.04),
    };
    const plane = planeOf({ '00186011': value('SQ', region) });
    const inside = spacingAt(plane, [
      [20, 20],
      [90, 90],
    ]);
    expect(inside).toEqual({ row: 0.4, column: 0.5 });
    expect(
      spacingAt(plane, [
        [20, 20],
        [120, 20],
      ]),
    ).toBeNull();
  });
});

describe('functional groups', () => {
  it('lays the frame over the shared groups over the top level', () => {
    const header: Dataset = {
      '00280010': value('US', 4),
      '00281050': value('DS', 1),
      '52009229': value('SQ', { '00289110': value('SQ', { '00280030': value('DS', 2, 2) }) }),
      '52009230': value(
        'SQ',
        { '00209113': value('SQ', { '00200032': value('DS', 0, 0, 1) }) },
        { '00209113': value('SQ', { '00200032': value('DS', 0, 0, 5), '00281050': value('DS', 9) }) },
      ),
    };
    const second = frameDataset(header, 2);
    expect(numbers(second, '00200032')).toEqual([0, 0, 5]);
    expect(numbers(second, '00280030')).toEqual([2, 2]);
    expect(numbers(second, '00281050')).toEqual([9]);
    expect(numbers(frameDataset(header, 1), '00281050')).toEqual([1]);
  });

  it('reads names and numbers that are written as text, and refuses what is no number', () => {
    expect(text({ '00100010': value('PN', { Alphabetic: ' DOE^Jane ' }) }, '00100010')).toBe('DOE^Jane');
    expect(numbers({ '00280030': value('DS', ' 0.5', '0.5') }, '00280030')).toEqual([0.5, 0.5]);
    expect(numbers({ '00280030': value('DS', 'x', 1) }, '00280030')).toEqual([]);
  });
});
