import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../../core/annotate/annotation.ts';
import type { InstanceRow, StudyDetails } from '../../../core/contract/catalogue.ts';
import type { StudyReader } from '../../cornerstone/study-reader.ts';
import { openedStudy } from './study.ts';

const object = (digit: string): InstanceRow => ({
  objectId: digit.repeat(32),
  sopInstanceUid: '1.2.3',
  sopClassUid: '1.2',
  instanceNumber: 1,
  rows: 8,
  columns: 8,
  frames: 1,
  conflict: true,
  warnings: [],
});

describe('an opened study', () => {
  it('finds a mark on the object that it was drawn on, of two that claim one SOP Instance UID', () => {
    const details = {
      study: { studyId: 's' },
      series: [{ seriesInstanceUid: '1.2', instances: [object('a'), object('b')] }],
    };
    const study = openedStudy(details as unknown as StudyDetails, { handle: 'h' } as StudyReader);
    const mark = (digit: string) => ({ sopInstanceUid: '1.2.3', objectId: digit.repeat(32), frame: 1 }) as Annotation;
    expect(study.findImage(mark('a'))).toBe(`vitrine:h/${'a'.repeat(32)}/1`);
    expect(study.findImage(mark('b'))).toBe(`vitrine:h/${'b'.repeat(32)}/1`);
    expect(study.findImage(mark('c'))).toBeNull();
  });
});
