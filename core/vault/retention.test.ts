import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../test/fixtures/property.ts';
import type { RetentionRule, RetentionRules } from '../contract/retention.ts';
import { planRetention, type RetentionFacts } from './retention.ts';

const NOW = new Date('2026-11-25T10:00:00Z');
const id = (n: number) => n.toString(16).padStart(32, '0');
const rule = (modality: string, months: number, since: RetentionRule['since'] = 'studyDate'): RetentionRule => ({
  ruleId: id(months),
  modality,
  months,
  since,
});
const study = (facts: Partial<RetentionFacts> = {}): RetentionFacts => ({
  studyId: id(1),
  patientName: 'DOE^Jane',
  studyDate: '20150301',
  importedAt: '2026-01-05T08:00:00.000Z',
  modalities: 'CT',
  birthDate: '19600101',
  ...facts,
});
const rules = (...list: RetentionRule[]): RetentionRules => ({ rules: list, minorsUntil: null });
const plan = (facts: Partial<RetentionFacts>, by: RetentionRules, held: string[] = []) => {
  const { due, kept } = planRetention([study(facts)], by, new Set(held), NOW);
  return due[0]?.dueSince ?? kept[0]?.reason ?? 'young';
};

describe('retention', () => {
  it('counts whole months of the calendar, from the day of the study or of the import', () => {
    expect(plan({}, rules(rule('CT', 120)))).toBe('2025-03-01');
    expect(plan({ studyDate: '20161125' }, rules(rule('CT', 120)))).toBe('2026-11-25');
    expect(plan({ studyDate: '20161126' }, rules(rule('CT', 120)))).toBe('young');
    expect(plan({}, rules(rule('CT', 10, 'importedAt')))).toBe('2026-11-05');
    expect(plan({}, rules(rule('CT', 11, 'importedAt')))).toBe('young');
    // 31 January and one month: the last day of February.
    expect(plan({ studyDate: '20260131' }, rules(rule('CT', 1)))).toBe('2026-02-28');
    expect(plan({ studyDate: '20240229' }, rules(rule('CT', 12)))).toBe('2025-02-28');
  });

  it('takes a modality’s own rule before the general one, and the longest of several', () => {
    expect(plan({}, rules(rule('', 12), rule('CT', 240)))).toBe('young');
    expect(plan({ modalities: 'MR' }, rules(rule('', 12), rule('CT', 240)))).toBe('2016-03-01');
    expect(plan({}, rules(rule('CT', 12), rule('CT', 120)))).toBe('2025-03-01');
    expect(plan({ modalities: 'MR' }, rules(rule('CT', 12)))).toBe('young');
    expect(plan({}, rules())).toBe('young');
  });

  it('shreds a study of several modalities only when the last of their days has passed', () => {
    expect(plan({ modalities: 'CT\\PT' }, rules(rule('CT', 12), rule('PT', 120)))).toBe('2025-03-01');
    expect(plan({ modalities: 'CT\\PT' }, rules(rule('CT', 12), rule('PT', 240)))).toBe('young');
    expect(plan({ modalities: 'CT\\PT' }, rules(rule('CT', 12)))).toBe('other-modality');
    expect(plan({ modalities: 'CT\\PR\\SR' }, rules(rule('CT', 12)))).toBe('2016-03-01');
    expect(plan({ modalities: 'SR' }, rules(rule('CT', 12)))).toBe('young');
    expect(plan({ modalities: '' }, rules(rule('', 12)))).toBe('2016-03-01');
  });

  it('keeps what has no day that the calendar knows, or one to come', () => {
    for (const studyDate of ['', '2015', '20150230', '20991231', 'UNKNOWN', '00000000'])
      expect(plan({ studyDate }, rules(rule('CT', 1))), studyDate).toBe('no-date');
  });

  it('keeps what is on hold, and what minors are owed', () => {
    expect(plan({}, rules(rule('CT', 12)), [id(1)])).toBe('hold');
    const protecting = { ...rules(rule('CT', 12)), minorsUntil: 28 };
    expect(plan({ birthDate: '20000101' }, protecting)).toBe('minor');
    expect(plan({ birthDate: '19970301' }, protecting)).toBe('2016-03-01');
    expect(plan({ birthDate: '19970302' }, protecting)).toBe('2016-03-01');
    expect(plan({ birthDate: '19981126', studyDate: '20160301' }, protecting)).toBe('minor');
    expect(plan({ birthDate: '19981125', studyDate: '20160301' }, protecting)).toBe('2017-03-01');
    expect(plan({ birthDate: '' }, protecting)).toBe('no-birth-date');
  });

  it('never names a study twice, and nothing that is younger than every rule', async () => {
    const any = fc.record({
      studyId: fc.integer({ min: 0, max: 50 }).map(id),
      patientName: fc.constant('DOE^Jane'),
      studyDate: fc.oneof(fc.constant(''), fc.integer({ min: 19500101, max: 20301231 }).map(String)),
      importedAt: fc.constant('2026-01-05T08:00:00.000Z'),
      modalities: fc.constantFrom('CT', 'MR', 'CT\\SR', 'SR', ''),
      birthDate: fc.oneof(fc.constant(''), fc.integer({ min: 19200101, max: 20261231 }).map(String)),
    });
    const studies = fc.uniqueArray(any, { selector: ({ studyId }) => studyId });
    await assertProperty(
      fc.property(studies, fc.integer({ min: 1, max: 400 }), (list, months) => {
        const made = planRetention(list, { rules: [rule('', months)], minorsUntil: 28 }, new Set([id(3)]), NOW);
        const named = [...made.due, ...made.kept].map(({ studyId }) => studyId);
        expect(new Set(named).size).toBe(named.length);
        expect(made.due.every(({ studyId, dueSince }) => studyId !== id(3) && dueSince <= made.day)).toBe(true);
      }),
    );
  });
});
