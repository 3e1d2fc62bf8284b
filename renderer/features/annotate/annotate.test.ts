import { describe, expect, it } from 'vitest';
import { type Annotation, type JournalEntry, replay } from '../../../core/annotate/annotation.ts';
import { mark } from '../../../test/fixtures/marks.ts';
import { Emitter } from '../../cornerstone/emitter.ts';
import type { MarkLayer } from '../../cornerstone/marks.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { Journal } from './journal-queue.ts';
import { shapeOf } from './key-drawing.ts';
import { leader, pulledBy, spotFor, within } from './label-spot.ts';
import { MarkStore } from './mark-store.ts';
import { markLines } from './mark-text.ts';

const IMAGE = 'vitrine:h/00112233445566778899aabbccddeeff/1';

/** A store over a drawing layer that only remembers, and a journal that fails when it is told to. */
function desk(loaded: readonly Annotation[] = []) {
  const onScreen = new Map<string, Annotation>();
  const news = {
    drawn: new Emitter<{ annotation: Annotation; imageId: string }>(),
    edited: new Emitter<{ annotation: Annotation; imageId: string }>(),
    live: new Emitter<{ annotation: Annotation; imageId: string }>(),
    selected: new Emitter<string | null>(),
  };
  const layer = {
    ...news,
    imageIdOf: () => IMAGE,
    sliceOf: () => IMAGE,
    put: (annotation: Annotation) => onScreen.set(annotation.uid, annotation),
    remove: (uid: string) => onScreen.delete(uid),
    select: () => undefined,
  } as unknown as MarkLayer;
  let opened = 0;
  const reading = {
    studyId: 's',
    reader: { loadHeaders: async () => undefined },
    showImage: async () => undefined,
    openMeasurements: () => {
      opened += 1;
    },
  } as unknown as Reading;
  const written: JournalEntry[] = [];
  const fault = { code: null as string | null };
  const journal: Journal = {
    load: async () => ({ annotations: loaded, segments: [], unreadable: 0 }),
    append: async (_study, entries) => {
      if (fault.code !== null) throw new Error(fault.code);
      written.push(...entries);
      return { savedAt: '2026-01-01T14:02:11.000Z' };
    },
    codeOf: (error) => (error as Error).message,
  };
  const store = new MarkStore(reading, layer, journal);
  const draw = (annotation: Annotation): void => {
    onScreen.set(annotation.uid, annotation);
    news.drawn.emit({ annotation, imageId: IMAGE });
  };
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return { store, news, draw, written, fault, onScreen, settle, opened: () => opened };
}

describe('marks of a study', () => {
  it('sends each stroke at once and says saved only after the answer', async () => {
    const { store, draw, written, settle, opened } = desk();
    draw(mark('a'));
    expect(store.state.save.kind).toBe('saving');
    expect(store.state.unsaved.has('a')).toBe(true);
    await settle();
    expect(written).toHaveLength(1);
    expect(store.state.save).toEqual({ kind: 'saved', at: '2026-01-01T14:02:11.000Z' });
    expect(store.state.unsaved.size).toBe(0);
    expect(opened()).toBe(1);
  });

  it('writes a journal whose replay is what is on screen, through edits, undo, redo and removal', async () => {
    const { store, news, draw, written, onScreen, settle } = desk();
    draw(mark('a'));
    draw(mark('b'));
    const moved = mark('a', { points: [[1, 1, 0]] });
    onScreen.set('a', moved);
    news.edited.emit({ annotation: moved, imageId: IMAGE });
    store.remove('b');
    store.undo();
    store.undo();
    store.redo();
    store.undo();
    await settle();
    expect(replay(written)).toEqual(store.state.marks);
    expect([...onScreen.values()].sort((x, y) => x.uid.localeCompare(y.uid))).toEqual(store.state.marks);
    expect(store.state.marks).toEqual([mark('a'), mark('b')]);
    expect(store.state).toMatchObject({ canUndo: true, canRedo: true });
  });

  it('keeps what could not be saved on screen and sends it first when asked again', async () => {
    const { store, draw, written, fault, settle } = desk();
    fault.code = 'vault/disk-full';
    draw(mark('a'));
    await settle();
    expect(store.state.save).toEqual({ kind: 'failed', code: 'vault/disk-full' });
    expect(store.state.marks).toHaveLength(1);
    expect(store.state.unsaved.has('a')).toBe(true);
    fault.code = null;
    draw(mark('b'));
    await settle();
    expect(written.map((entry) => (entry.op === 'put' ? entry.annotation.uid : ''))).toEqual(['a', 'b']);
    expect(store.state.save.kind).toBe('saved');
  });

  it('records nothing for a mark that was touched and not changed', async () => {
    const { news, draw, written, settle } = desk();
    draw(mark('a'));
    news.edited.emit({ annotation: mark('a', { modifiedAt: '2026-02-02T00:00:00.000Z' }), imageId: IMAGE });
    await settle();
    expect(written).toHaveLength(1);
  });

  it('writes a text when it says something, and forgets it when it does not', async () => {
    const { store, draw, written, onScreen, settle } = desk();
    draw(mark('a', { kind: 'text' }));
    expect(store.state.editing).toBe('a');
    store.write('a', '   ');
    expect(onScreen.has('a')).toBe(false);
    draw(mark('b', { kind: 'text' }));
    store.write('b', ' nodule ');
    await settle();
    expect(written).toHaveLength(1);
    expect(store.state.marks[0]).toMatchObject({ uid: 'b', label: 'nodule' });
  });

  it('draws what the journal holds', async () => {
    const { store, onScreen } = desk([mark('a'), mark('b')]);
    await store.load();
    expect(store.state.marks).toHaveLength(2);
    expect([...onScreen.keys()]).toEqual(['a', 'b']);
    expect(store.state.canUndo).toBe(false);
  });
});

describe('drawing by keys', () => {
  it('makes a rectangle and an ellipse of two corners', () => {
    const corners = [
      [10, 20],
      [4, 8],
    ] as const;
    expect(shapeOf('rectangle', corners)).toEqual([
      [10, 20],
      [4, 20],
      [10, 8],
      [4, 8],
    ]);
    expect(shapeOf('ellipse', corners)).toEqual([
      [7, 20],
      [7, 8],
      [4, 14],
      [10, 14],
    ]);
    expect(shapeOf('angle', [[1, 1]])).toEqual([[1, 1]]);
  });
});

describe('texts of marks', () => {
  const size = { width: 60, height: 20 };
  const room = { width: 400, height: 300 };

  it('stand to the right, or to the left where there is no room, and never leave the viewport', () => {
    expect(
      spotFor(
        [
          [100, 100],
          [200, 120],
        ],
        size,
        room,
      ),
    ).toEqual({ x: 210, y: 110 });
    expect(
      spotFor(
        [
          [300, 100],
          [380, 120],
        ],
        size,
        room,
      ),
    ).toEqual({ x: 230, y: 90 });
    expect(spotFor([[395, 299]], size, room)).toEqual({ x: 325, y: 276 });
    expect(spotFor([[-500, -500]], size, room)).toEqual({ x: 4, y: 4 });
  });
});

describe('the text of a mark', () => {
  const room = { width: 400, height: 300 };
  const size = { width: 100, height: 60 };

  it('stands beside the mark and never over it where there is room', () => {
    const roi = [
      [180, 150],
      [220, 150],
      [200, 130],
      [200, 170],
    ] as const;
    expect(spotFor(roi, size, room).x).toBeGreaterThan(220);
    const right = roi.map(([x, y]) => [x + 120, y] as const);
    expect(spotFor(right, size, room).x + size.width).toBeLessThan(300);
  });

  it('goes where it is pulled, but not out of the viewport', () => {
    const spot = spotFor([[100, 100]], size, room);
    expect(pulledBy(spot, [15, -10], 2)).toEqual({ x: spot.x + 30, y: spot.y - 20 });
    expect(pulledBy(spot, undefined, 2)).toEqual(spot);
    const line = leader({ x: 0, y: 0 }, size, [
      [150, 30],
      [400, 30],
    ]);
    expect(line).toEqual({ x: 100, y: 30, length: 50, angle: 0 });
    expect(within(pulledBy(spot, [900, 900], 1), size, room)).toEqual({ x: 296, y: 236 });
  });
});

describe('the lines of an area', () => {
  const area = (unit: string, mean: number, std: number): Annotation =>
    mark('a', {
      kind: 'rectangle',
      measurements: [
        { name: 'mean', value: mean, unit },
        { name: 'std', value: std, unit },
      ],
    });

  it('have the digits of a probe for SUV, in both numbers', () => {
    expect(markLines(area('{SUVbw}g/ml', 0.48, 0.007), () => '', false)).toEqual(['0.48 ± 0.01 SUV']);
    expect(markLines(area("[hnsf'U]", 700, 0), () => '', false)).toEqual(['700.0 ± 0.0 HU']);
  });
});
