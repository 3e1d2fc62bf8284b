import { describe, expect, it } from 'vitest';
import { journalEntry } from '../contract/annotations.ts';
import {
  maskOf,
  paintedPixels,
  replaySegments,
  runsOf,
  type Segment,
  type SegmentEntry,
  type SegmentSlice,
} from './segment.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const OBJECT = '00112233445566778899aabbccddeeff';
const UID = '1b4e28ba-2fa1-4d1a-883f-0016d3cca427';

const segment: Segment = {
  uid: UID,
  seriesInstanceUid: '1.2.3',
  number: 1,
  name: '',
  colour: 1,
  visible: true,
  opacity: 0.4,
  createdAt: NOW,
  modifiedAt: NOW,
};

const slice = (runs: number[], frame = 1): SegmentSlice => ({
  sopInstanceUid: '1.2.3.4',
  objectId: OBJECT,
  frame,
  columns: 4,
  rows: 3,
  runs,
});
const paint = (runs: number[], frame = 1): SegmentEntry => ({ op: 'paint', uid: UID, slice: slice(runs, frame) });

describe('runs of a mask', () => {
  it.each([
    ['empty', '000000000000', []],
    ['whole', '111111111111', [0, 12]],
    ['over the end of a row', '000110011000', [3, 2, 7, 2]],
    ['first and last', '100000000001', [0, 1, 11, 1]],
  ])('%s', (_name, bits, runs) => {
    const mask = Uint8Array.from(bits, Number);
    expect(runsOf(mask)).toEqual(runs);
    expect(maskOf(slice(runs))).toEqual(mask);
    expect(paintedPixels(slice(runs))).toBe(mask.reduce((sum, value) => sum + value, 0));
  });
});

describe('the journal of segments', () => {
  it('keeps the last mask of each image, and forgets one that is empty', () => {
    const [one] = replaySegments([
      { op: 'segment', segment },
      paint([0, 2]),
      paint([5, 1], 2),
      paint([0, 3]),
      paint([], 2),
    ]);
    expect(one).toEqual({ segment, slices: [slice([0, 3])] });
  });

  it('has the masks again when a segment that was taken away is put again', () => {
    const gone: SegmentEntry[] = [{ op: 'segment', segment }, paint([0, 2]), { op: 'segment-remove', uid: UID }];
    expect(replaySegments(gone)).toEqual([]);
    expect(replaySegments([...gone, { op: 'segment', segment }])).toEqual([{ segment, slices: [slice([0, 2])] }]);
  });

  it('leaves the other entries of a journal alone, and masks without a segment', () => {
    expect(replaySegments([{ op: 'remove' }, { op: 'report' }, paint([0, 1])])).toEqual([]);
  });

  it.each([
    ['two runs that overlap', [0, 3, 2, 1]],
    ['a run beyond the image', [11, 2]],
    ['a run of nothing', [3, 0]],
    ['a start without a length', [3]],
  ])('is refused by the contract with %s', (_name, runs) => {
    expect(journalEntry.safeParse(paint(runs)).success).toBe(false);
    expect(journalEntry.safeParse(paint([3, 2])).success).toBe(true);
  });
});
