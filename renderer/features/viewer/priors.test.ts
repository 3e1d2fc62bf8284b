import { describe, expect, it } from 'vitest';
import type { SeriesRow, StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';
import { bestSeries, choosePrior, otherName } from './priors.ts';

function series(modality: string, bodyPart: string, change: Partial<SeriesRow> = {}, images = 10): SeriesRow {
  return {
    seriesInstanceUid: `${modality}-${bodyPart}`,
    modality,
    seriesNumber: 1,
    seriesDescription: '',
    bodyPart,
    laterality: '',
    seriesDate: '',
    seriesTime: '',
    instances: Array.from({ length: images === 0 ? 1 : images }, () => ({ frames: images === 0 ? 0 : 1 })) as never,
    ...change,
  };
}

function study(studyId: string, studyDate: string, ...rows: SeriesRow[]): StudyDetails {
  return { study: { studyId, studyDate, studyTime: '' } as StudyRow, series: rows, priors: [] };
}

describe('the best prior', () => {
  const chest = series('CT', 'CHEST');

  it('is the newest of the same modality and body part', () => {
    const priors = [
      study('mr', '20250901', series('MR', 'CHEST')),
      study('head', '20250801', series('CT', 'HEAD')),
      study('old', '20230101', series('CT', 'CHEST')),
      study('new', '20240101', series('PT', 'CHEST'), series('CT', 'CHEST')),
    ];
    expect(choosePrior(chest, priors, null)).toMatchObject({ studyId: 'new', place: 1 });
    expect(choosePrior(chest, priors, '20240101')).toMatchObject({ studyId: 'old', place: 0 });
  });

  it('may leave its body part unsaid, or be of another one, where there is no better', () => {
    const priors = [study('head', '20250801', series('CT', 'HEAD')), study('unsaid', '20200101', series('CT', ''))];
    expect(choosePrior(chest, priors, null)?.studyId).toBe('unsaid');
    expect(choosePrior(chest, priors.slice(0, 1), null)?.studyId).toBe('head');
  });

  it('is never of another modality, and never without images', () => {
    expect(choosePrior(chest, [study('mr', '20250901', series('MR', 'CHEST'))], null)).toBeNull();
    expect(choosePrior(chest, [study('sr', '20250901', series('CT', 'CHEST', {}, 0))], null)).toBeNull();
  });

  it('shows the series that is called alike, on the same side', () => {
    const knee = series('MR', 'KNEE', { laterality: 'L', seriesDescription: 't2 tse sag' });
    const found = bestSeries(knee, [
      series('MR', 'KNEE', { laterality: 'R', seriesDescription: 't2 tse sag' }),
      series('MR', 'KNEE', { laterality: 'L', seriesDescription: 't1 cor' }),
      series('MR', 'KNEE', { laterality: 'L', seriesDescription: 't2 tse sag fs' }),
    ]);
    expect(found?.place).toBe(2);
  });
});

describe('the name on a prior', () => {
  const row = (patientName: string): StudyRow => ({ patientName }) as StudyRow;

  it('is told where it isn’t the study’s own, whatever its writing', () => {
    expect(otherName(row('DOE^Jane'), row('doe^JANE^'))).toBeNull();
    expect(otherName(row('ROE^Jane'), row('DOE^Jane'))).toBe('ROE, Jane');
  });
});
