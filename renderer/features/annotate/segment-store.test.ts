import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../core/annotate/annotation.ts';
import { type PaintedSegment, paintedPixels, replaySegments } from '../../../core/annotate/segment.ts';
import { journalEntry } from '../../../core/contract/annotations.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import { planeOf } from '../../cornerstone/geometry.ts';
import { formatImageId } from '../../cornerstone/image-id.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { Journal } from './journal-queue.ts';
import { segmentPicture } from './segment-picture.ts';
import { SegmentStore } from './segment-store.ts';

const OBJECT = '00112233445566778899aabbccddeeff';
const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const image = (frame: number): string => formatImageId({ handle: 'h', objectId: OBJECT, frame });

/** Facts of a frame of one of two series, 32 × 32 pixels of 1 mm, 2 mm apart. */
function factsAt(frame: number, series: string): FrameFacts {
  const dataset = {
    '0020000E': value('UI', series),
    '00080018': value('UI', '1.2.3'),
    '00280010': value('US', 32),
    '00280011': value('US', 32),
    '00280030': value('DS', 1, 1),
    '00200037': value('DS', 1, 0, 0, 0, 1, 0),
    '00200032': value('DS', 0, 0, frame * 2),
  };
  return { dataset, plane: planeOf(dataset) } as unknown as FrameFacts;
}

function desk() {
  const written: JournalEntry[] = [];
  const fault = { code: null as string | null };
  const journal: Journal = {
    load: async () => ({ annotations: [], segments: [], unreadable: 0 }),
    append: async (_study, entries) => {
      if (fault.code !== null) throw new Error(fault.code);
      written.push(...entries);
      return { savedAt: '2026-01-01T14:02:11.000Z' };
    },
    codeOf: (error) => (error as Error).message,
  };
  const reading = {
    studyId: 's',
    reader: { loadHeaders: async () => undefined, facts: (id: string) => factsAt(Number(id.split('/').at(-1)), '1.1') },
    imagesOf: () => [1, 2, 3].map(image),
  } as unknown as Reading;
  const store = new SegmentStore(reading, journal);
  const stroke = (frame: number, series = '1.1', value: 0 | 1 = 1, diameter = 5): void => {
    store.begin(image(frame), factsAt(frame, series), value === 0);
    store.paint([10, 10], [20, 10], diameter, value);
    store.end();
  };
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return { store, stroke, written, fault, settle };
}

const pixels = ({ slices }: PaintedSegment): number => slices.reduce((sum, slice) => sum + paintedPixels(slice), 0);

describe('painted segments', () => {
  it('sends each stroke at once, in entries that the contract takes, and measures', async () => {
    const { store, stroke, written, settle } = desk();
    stroke(1);
    expect(store.state.save.kind).toBe('saving');
    await settle();
    expect(written.map(({ op }) => op)).toEqual(['segment', 'paint']);
    // A segment's id is a real one: the contract looks at it.
    for (const entry of written) expect(journalEntry.safeParse(entry).error).toBeUndefined();
    const [only] = store.state.segments;
    expect(store.state.sizes.get(only?.segment.uid ?? '')).toEqual({
      value: (pixels(only as PaintedSegment) * 2) / 1000,
      unit: 'ml',
    });
    expect(store.state.save).toEqual({ kind: 'saved', at: '2026-01-01T14:02:11.000Z' });
  });

  it('writes a journal whose replay is what is on screen, through strokes, erasing, undo, redo and removal', async () => {
    const { store, stroke, written, settle } = desk();
    stroke(1);
    stroke(2);
    store.beginNext();
    stroke(2);
    stroke(1, '1.1', 0);
    const [first, second] = store.state.segments;
    store.remove(first?.segment.uid ?? '');
    store.undo();
    store.change(second?.segment.uid ?? '', { name: 'Tumour', opacity: 0.8 });
    store.undo();
    store.redo();
    await settle();
    expect(replaySegments(written)).toEqual(store.state.segments);
    expect(store.state.segments.map(({ segment }) => [segment.number, segment.name])).toEqual([
      [1, ''],
      [2, 'Tumour'],
    ]);
  });

  it('takes a stroke that began a segment back together with the segment, and gives both again', async () => {
    const { store, stroke } = desk();
    stroke(1);
    const before = store.state.segments;
    store.undo();
    expect(store.state.segments).toEqual([]);
    expect(store.undo()).toBe(false);
    store.redo();
    expect(store.state.segments).toEqual(before);
  });

  it('begins a segment of its own in another series, and goes on with the one of this series', () => {
    const { store, stroke } = desk();
    stroke(1, '1.1');
    stroke(1, '1.2');
    stroke(2, '1.1');
    expect(store.state.segments.map(({ slices }) => slices.length)).toEqual([2, 1]);
  });

  it('records nothing for a stroke that was given up or changed nothing, nor for an eraser without a segment', () => {
    const { store, stroke, written } = desk();
    stroke(1, '1.1', 0);
    store.begin(image(1), factsAt(1, '1.1'), false);
    store.paint([3, 3], [3, 3], 5, 1);
    expect(store.cancel()).toBe(true);
    expect(store.state.segments).toEqual([]);
    stroke(1);
    stroke(1);
    expect(written.filter(({ op }) => op === 'paint')).toHaveLength(1);
  });

  it('keeps what could not be saved and sends it first when asked again', async () => {
    const { store, stroke, written, fault, settle } = desk();
    fault.code = 'vault/disk-full';
    stroke(1);
    await settle();
    expect(store.state.save).toEqual({ kind: 'failed', code: 'vault/disk-full' });
    expect(store.state.unsaved.size).toBe(1);
    fault.code = null;
    store.retry();
    await settle();
    expect(replaySegments(written)).toEqual(store.state.segments);
    expect(store.state.save.kind).toBe('saved');
  });
});

describe('the picture of masks', () => {
  const at = (picture: ReturnType<typeof segmentPicture>, x: number, y: number): number[] => {
    if (picture === null) return [];
    const from = ((y - picture.top) * picture.columns + x - picture.left) * 4;
    return [...picture.pixels.subarray(from, from + 4)];
  };

  it('fills with the opacity and draws the edge whole, white while it is painted', async () => {
    const { store, stroke } = desk();
    stroke(1);
    const [{ segment } = { segment: null }] = store.state.segments;
    const mask = segment === null ? null : store.maskOn(segment.uid, image(1));
    if (segment === null || mask === null) throw new Error('nothing was painted');
    const draw = (isActive: boolean) => segmentPicture([{ segment, mask, isActive }], 32, () => [10, 20, 30]);
    expect(at(draw(false), 15, 10)).toEqual([10, 20, 30, Math.round(segment.opacity * 255)]);
    expect(at(draw(false), 15, 12)).toEqual([10, 20, 30, 255]);
    expect(at(draw(true), 15, 12)).toEqual([255, 255, 255, 255]);
    expect(segmentPicture([{ segment, mask: new Uint8Array(1024), isActive: false }], 32, () => [0, 0, 0])).toBeNull();
  });
});
