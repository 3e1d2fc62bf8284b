import { describe, expect, it } from 'vitest';
import type { Annotation, AnnotationKind } from '../../core/annotate/annotation.ts';
import { annotation as schema } from '../../core/contract/annotations.ts';
import { fromAnnotation, toAnnotation } from './annotation-map.ts';
import type { Dataset } from './dataset.ts';
import { factsOf } from './facts.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });
const OBJECT = '00112233445566778899aabbccddeeff';
const IMAGE = `vitrine:handle/${OBJECT}/3`;
const TIMES = { createdAt: '2026-01-01T00:00:00.000Z', now: '2026-01-02T00:00:00.000Z' };

const plain: Dataset = {
  '00080018': value('UI', '1.2.3.4'),
  '0020000E': value('UI', '1.2.3'),
  '00280010': value('US', 64),
  '00280011': value('US', 64),
};
const oblique: Dataset = {
  ...plain,
  '00280030': value('DS', 0.7, 0.9),
  '00200032': value('DS', -10, 20, 30),
  '00200037': value('DS', 0, 1, 0, 0, 0, -1),
  '00200052': value('UI', '1.9'),
};

const KINDS: readonly (readonly [AnnotationKind, number])[] = [
  ['length', 2],
  ['bidirectional', 4],
  ['angle', 3],
  ['cobb', 4],
  ['rectangle', 4],
  ['ellipse', 4],
  ['freehand', 7],
  ['arrow', 2],
  ['text', 1],
  ['probe', 1],
];

function mark(kind: AnnotationKind, count: number, frameOfReferenceUid: string | null): Annotation {
  const points = Array.from({ length: count }, (_, i) => [5 + 3 * i, 7 + ((i * 5) % 11), 0] as const);
  return {
    uid: '6b0b3f6e-58a5-4c08-9d0e-0f0f7b7f3c11',
    kind,
    seriesInstanceUid: '1.2.3',
    sopInstanceUid: '1.2.3.4',
    objectId: OBJECT,
    frame: 3,
    frameOfReferenceUid,
    points: frameOfReferenceUid === null ? points : points.map(([x, y]) => [-10, 20 + x * 0.9, 30 - y * 0.7] as const),
    label: kind === 'text' ? 'nodule' : '',
    measurements: [],
    createdAt: TIMES.createdAt,
    modifiedAt: TIMES.now,
  };
}

describe('annotation map', () => {
  for (const [header, frame] of [
    [plain, null],
    [oblique, '1.9'],
  ] as const) {
    const facts = factsOf(header, 3);
    it.each(KINDS)(
      `brings a %s back as it was, ${frame === null ? 'in pixels' : 'in patient space'}`,
      (kind, count) => {
        const before = mark(kind, count, frame);
        const state = fromAnnotation(before, IMAGE, facts);
        expect(state).not.toBeNull();
        if (state === null) return;
        const after = toAnnotation(state, IMAGE, facts, null, TIMES);
        expect(after).not.toBeNull();
        expect({ ...after, points: [], measurements: [] }).toEqual({ ...before, points: [] });
        for (const [i, point] of before.points.entries()) {
          for (const axis of [0, 1, 2] as const) expect(after?.points[i]?.[axis]).toBeCloseTo(point[axis], 6);
        }
        expect(schema.safeParse(after).success).toBe(true);
      },
    );
  }

  it('closes a freehand line by repeating its first point', () => {
    const facts = factsOf(plain, 3);
    const ring = { ...mark('freehand', 5, null), points: [...mark('freehand', 5, null).points, [5, 7, 0] as const] };
    const state = fromAnnotation(ring, IMAGE, facts);
    expect(state?.data.contour?.closed).toBe(true);
    expect(state?.data.contour?.polyline).toHaveLength(5);
    expect(state === null ? null : toAnnotation(state, IMAGE, facts, null, TIMES)?.points).toHaveLength(6);
  });

  it('draws no key image and knows no foreign tool', () => {
    const facts = factsOf(plain, 3);
    expect(fromAnnotation(mark('key-image', 0, null), IMAGE, facts)).toBeNull();
    const foreign = { annotationUID: 'x', metadata: { toolName: 'Crosshairs' }, data: {} };
    expect(toAnnotation(foreign, IMAGE, facts, null, TIMES)).toBeNull();
  });
});
