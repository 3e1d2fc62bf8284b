import { describe, expect, it } from 'vitest';
import type { SeriesRow, StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';
import { belowAt, lineAt, lineCount, lineOf, linesBelow, STRIP } from './flat-rows.ts';

describe('the lines of the list', () => {
  const unfolded = [
    { index: 1, lines: 2 },
    { index: 3, lines: 1 },
  ];

  it('are studies with the lines of unfolded ones between them', () => {
    const lines = Array.from({ length: lineCount(5, unfolded) }, (_, line) => lineAt(line, unfolded));
    expect(lines.map(({ index, below }) => `${index}${below === null ? '' : `.${below}`}`)).toEqual([
      '0',
      '1',
      '1.0',
      '1.1',
      '2',
      '3',
      '3.0',
      '4',
    ]);
  });

  it('find each study again', () => {
    for (let index = 0; index < 5; index++)
      expect(lineAt(lineOf(index, unfolded), unfolded)).toEqual({ index, below: null });
  });
});

describe('the lines below a study', () => {
  const series = (frames: number): SeriesRow =>
    ({ seriesInstanceUid: '1', instances: [{ frames }] }) as unknown as SeriesRow;
  const study = { studyId: 'a' } as unknown as StudyRow;
  const kinds = (details: StudyDetails | null): string[] =>
    Array.from({ length: linesBelow(details) }, (_, n) => belowAt(details, n).kind);

  it('are thumbnails, series, priors', () => {
    const details: StudyDetails = { study, series: [series(148), series(0)], priors: [study] };
    expect(kinds(details)).toEqual(['strip', ...Array(STRIP - 1).fill('covered'), 'series', 'series', 'prior']);
  });

  it('have no thumbnails where there are no images, and say that there are no priors', () => {
    expect(kinds({ study, series: [series(0)], priors: [] })).toEqual(['series', 'no-priors']);
    expect(kinds(null)).toEqual(['waiting']);
  });
});
