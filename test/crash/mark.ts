import { randomUUID } from 'node:crypto';
import type { Annotation } from '../../core/annotate/annotation.ts';

/** A mark that names its own place, so that a mark on another slice than it was drawn on is seen. */
export function mark(number: number): Annotation {
  const now = new Date().toISOString();
  return {
    uid: randomUUID(),
    kind: 'length',
    seriesInstanceUid: '1.2.3.1',
    sopInstanceUid: `1.2.3.1.${number + 1}`,
    objectId: (number + 1).toString(16).padStart(32, '0'),
    frame: 1,
    frameOfReferenceUid: '1.2.3.9',
    points: [
      [number, 0, 0],
      [number, 3, 4],
    ],
    label: `mark ${number}`,
    measurements: [{ name: 'length', value: 5, unit: 'mm' }],
    createdAt: now,
    modifiedAt: now,
  };
}
