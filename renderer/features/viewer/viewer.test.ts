import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../cornerstone/dataset.ts';
import { factsOf } from '../../cornerstone/facts.ts';
import { planeOf } from '../../cornerstone/geometry.ts';
import { EMPTY_VIEW } from '../../cornerstone/view-state.ts';
import { fromZero } from '../../cornerstone/window-range.ts';
import { crossing } from './crossing.ts';
import { fillCells } from './layouts.ts';
import { edgeLetters, lettersOf } from './orientation.ts';
import {
  badgesOf,
  cornerTexts,
  fitsHeight,
  isoDate,
  isoTime,
  mustBeWhole,
  type OverlayWords,
  personName,
} from './overlay-text.ts';
import { isOutside, openingOf, presetWindow } from './presets.ts';
import { scaleBar } from './scale-bar.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const ct: Dataset = {
  '00080060': value('CS', 'CT'),
  '00280010': value('US', 100),
  '00280011': value('US', 100),
  '00280030': value('DS', 1, 1),
  '00200032': value('DS', -50, -50, 0),
  '00200037': value('DS', 1, 0, 0, 0, 1, 0),
  '00200052': value('UI', '1.2'),
  '00281052': value('DS', 0),
  '00281053': value('DS', 1),
};

const sound = { doubts: [], warnings: [], conflict: false };

describe('orientation letters', () => {
  it('name a direction by its strongest axes', () => {
    expect(lettersOf([1, 0, 0])).toBe('L');
    expect(lettersOf([-1, 0, 0])).toBe('R');
    expect(lettersOf([0, 0.8, 0.6])).toBe('PH');
    expect(lettersOf([0, -1, 0.05])).toBe('A');
    expect(lettersOf([0, 0, 0])).toBe('');
  });

  it('follow the picture, whichever way it is turned', () => {
    const plane = planeOf(ct);
    expect(edgeLetters(plane, '', -1, 0)).toBe('R');
    expect(edgeLetters(plane, '', 0, -1)).toBe('A');
    expect(edgeLetters(plane, '', 1, 0)).toBe('L');
  });

  it('come from Patient Orientation where there is no plane, and are never guessed', () => {
    const plane = planeOf({});
    expect(edgeLetters(plane, 'L\\F', 1, 0)).toBe('L');
    expect(edgeLetters(plane, 'L\\F', -1, 0)).toBe('R');
    expect(edgeLetters(plane, 'L\\F', 0, -1)).toBe('H');
    expect(edgeLetters(plane, '', 1, 0)).toBe('');
    expect(edgeLetters(plane, 'LE\\RT', 1, 0)).toBe('');
  });
});

describe('scale bar', () => {
  it('is the longest of 1, 2, 5 times a power of ten that fits', () => {
    expect(scaleBar(2, 1000)).toMatchObject({ millimetres: 100, pixels: 200, text: '10 cm' });
    expect(scaleBar(4, 1000)).toMatchObject({ millimetres: 50, text: '5 cm' });
    expect(scaleBar(40, 1000)).toMatchObject({ millimetres: 5, text: '5 mm' });
    expect(scaleBar(1000, 1000)).toMatchObject({ millimetres: 0.2, text: '200 µm' });
  });

  it('is left out where there is nothing to show', () => {
    expect(scaleBar(Number.NaN, 1000)).toBeNull();
    expect(scaleBar(2, 20)).toBeNull();
  });
});

describe('windows', () => {
  it('has the presets of CT for Hounsfield units only', () => {
    expect(presetWindow(factsOf(ct, 1), 2)).toMatchObject({ width: 1500, center: -600 });
    expect(presetWindow(factsOf({ ...ct, '00080060': value('CS', 'MR') }, 1), 2)).toBeNull();
    expect(presetWindow(factsOf(ct, 1), 9)).toBeNull();
  });

  it('opens with the file, else with soft tissue, else automatically', () => {
    const own = { ...ct, '00281050': value('DS', 50), '00281051': value('DS', 350) };
    expect(openingOf(factsOf(own, 1))).toMatchObject({ window: { center: 50, width: 350 }, inverted: false });
    expect(openingOf(factsOf(ct, 1)).window).toMatchObject({ width: 400, center: 40 });
    expect(openingOf(factsOf({ '00080060': value('CS', 'MR') }, 1)).window).toBeNull();
  });

  it('says when no pixel lies inside', () => {
    expect(isOutside({ center: 0, width: 100, name: '' }, 60, 90)).toBe(true);
    expect(isOutside({ center: 0, width: 100, name: '' }, -10, 90)).toBe(false);
  });
});

describe('a window bound to zero', () => {
  it('keeps its upper end and begins at zero', () => {
    expect(fromZero(40, 20)).toEqual({ center: 25, width: 50 });
    expect(fromZero(2.5, 5)).toEqual({ center: 2.5, width: 5 });
  });

  it('never falls below the least width', () => {
    expect(fromZero(-10, 4).width).toBeGreaterThan(0);
  });
});

describe('layouts', () => {
  it('keep what is shown and fill up with what nobody shows', () => {
    expect(fillCells([1], 4, [0, 1, 2])).toEqual([1, 0, 2, null]);
    expect(fillCells([0, 1, 2, 3], 1, [0, 1, 2, 3, 4])).toEqual([0]);
    expect(fillCells([null], 2, [0])).toEqual([null, 0]);
  });
});

describe('reference lines', () => {
  it('lie where the other slice cuts this one', () => {
    const axial = planeOf(ct);
    const coronal = planeOf({
      ...ct,
      '00200032': value('DS', -50, 10, 50),
      '00200037': value('DS', 1, 0, 0, 0, 0, -1),
    });
    const line = crossing(axial, coronal);
    expect(line?.map(([, row]) => row)).toEqual([60, 60]);
    expect(line?.map(([column]) => column).sort((a, b) => a - b)).toEqual([0, 99]);
  });

  it('are not drawn between parallel slices or strangers', () => {
    expect(crossing(planeOf(ct), planeOf(ct))).toBeNull();
    expect(crossing(planeOf(ct), planeOf({ ...ct, '00200052': value('UI', '9') }))).toBeNull();
  });
});

describe('presets', () => {
  it('of CT go with Hounsfield units only', () => {
    expect(presetWindow(factsOf(ct, 1), 1)).not.toBeNull();
    expect(presetWindow(factsOf({ ...ct, '00281053': value('DS', 0) }, 1), 1)).toBeNull();
  });
});

describe('overlay', () => {
  const words: OverlayWords = {
    image: (index, count) => `${index}/${count}`,
    zoom: (percent) => `${percent} %`,
    window: (width, level, name) => `${width}/${level} ${name}`.trim(),
    series: (number) => `S${number}`,
    thickness: (mm) => `${mm} mm`,
    location: (mm) => `at ${mm}`,
    contrast: (agent) => agent,
    sex: (code) => code,
  };
  const patient: Dataset = {
    ...ct,
    '00100010': value('PN', { Alphabetic: 'DOE^Jane^Q' }),
    '00100020': value('LO', '0012'),
    '00100030': value('DA', '19610203'),
    '00101010': value('AS', '065Y'),
    '00180050': value('DS', 2.5),
    '00200011': value('IS', 4),
  };
  const stack = { seriesUid: '1', imageIds: ['a', 'b'] };
  const state = { ...EMPTY_VIEW, stack, index: 1, window: { center: -600.4, width: 1500, name: 'lung' } };

  it('writes names, dates and times as readers do', () => {
    expect(personName('DOE^Jane^Q')).toBe('DOE, Jane Q');
    expect(personName('Phantom')).toBe('Phantom');
    expect(isoDate('20261125')).toBe('2026-11-25');
    expect(isoTime('142907.31')).toBe('14:29:07');
  });

  it('fills the corners, and only the needed ones where it is minimal', () => {
    const full = cornerTexts(factsOf(patient, 1), state, false, words, '41 HU');
    expect(full.topLeft).toEqual(['DOE, Jane Q', '1961-02-03  65 Y', '0012']);
    expect(full.bottomLeft).toEqual(['2/2', '100 %', '1500/−600 lung', '41 HU']);
    expect(full.bottomRight).toEqual(expect.arrayContaining(['2.5 mm', 'at 0']));
    const minimal = cornerTexts(factsOf(patient, 1), state, true, words, '41 HU');
    expect(minimal.topLeft).toEqual(['DOE, Jane Q', '0012']);
    expect(minimal.bottomLeft).toEqual(['2/2', '1500/−600 lung']);
  });

  it('has room only where its corners and the letters between them stay apart', () => {
    const corners = { topLeft: ['a', 'b', 'c'], topRight: ['a'], bottomLeft: ['a'], bottomRight: ['a', 'b', 'c', 'd'] };
    expect(fitsHeight(corners, 0, 300)).toBe(true);
    expect(fitsHeight(corners, 0, 176)).toBe(true);
    expect(fitsHeight(corners, 0, 175)).toBe(false);
    expect(fitsHeight(corners, 2, 176)).toBe(false);
    const pointed = { ...corners, bottomLeft: ['a', 'b', 'c', 'd'] };
    expect(fitsHeight(pointed, 0, 176)).toBe(false);
  });

  it('says nothing of what a file only says to be absent', () => {
    const plain = { ...patient, '00181210': value('SH', 'NONE'), '00180010': value('LO', 'None') };
    const { bottomRight } = cornerTexts(factsOf(plain, 1), state, false, words, '');
    expect(bottomRight.join(' ')).not.toMatch(/none/i);
    const iodine = cornerTexts(factsOf({ ...patient, '00180010': value('LO', 'Iohexol') }, 1), state, false, words, '');
    expect(iodine.bottomRight.some((line) => line.includes('Iohexol'))).toBe(true);
  });

  it('say depth and output of an ultrasound image', () => {
    const ultrasound = {
      ...patient,
      '00080060': value('CS', 'US'),
      '00185050': value('IS', 160),
      '00185022': value('DS', 1.24),
      '00185027': value('DS', 0.6),
    };
    const { bottomRight } = cornerTexts(factsOf(ultrasound, 1), state, false, words, '');
    expect(bottomRight).toContain('160 mm');
    expect(bottomRight).toContain('MI 1.2  TIs 0.6');
  });

  it('cuts words and never numbers', () => {
    expect(mustBeWhole('pos \u22121108.8 mm')).toBe(true);
    expect(mustBeWhole('40 HU at 306, 255')).toBe(true);
    expect(mustBeWhole('Series 2 Axial reconstruction 2.5 mm')).toBe(false);
    expect(mustBeWhole('Vitrine')).toBe(false);
  });

  it('says even when it is off that pixels are doubtful, and that the import had remarks', () => {
    const facts = factsOf(ct, 1);
    expect(badgesOf(facts, state, false, { ...sound, doubts: ['range'] })).toEqual(['viewer.badge.doubtful']);
    const bits = badgesOf(facts, state, false, { ...sound, warnings: ['dicom/stream-bits'] });
    expect(bits).toEqual(['viewer.badge.doubtful']);
    const order = badgesOf(facts, state, false, { ...sound, warnings: ['dicom/out-of-order'], conflict: true });
    expect(order).toEqual(['viewer.badge.remarks']);
  });

  it('says what must be said even when it is off', () => {
    const lossy = factsOf({ ...ct, '00282110': value('CS', '01') }, 1);
    expect(badgesOf(lossy, { ...state, flippedVertically: true, rotation: 90 }, true, sound)).toEqual([
      'viewer.badge.outside',
      'viewer.badge.lossy',
      'viewer.badge.flipped',
      'viewer.badge.rotated',
    ]);
    expect(badgesOf(factsOf({}, 1), state, false, sound)).toEqual(['viewer.badge.uncalibrated']);
  });
});
