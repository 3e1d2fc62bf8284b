import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useText } from '../../text/text.ts';
import { fusionIn } from './fusion-mode.ts';
import { otherName, studyDate } from './priors.ts';
import type { ReadingSession } from './session.ts';

/**
 * What must be said on a viewport of how its images stand to the study that is read: a prior and its date, another name
 * on it, planes that were made of slices. While a prior is on screen the study's own images say their date too.
 */
export function useStanding(session: ReadingSession, cell: number): readonly string[] {
  const t = useText();
  const place = useStore(session.store, (state) => state.cells[cell] ?? null);
  const series = useStore(session.store, (state) => state.series);
  const priors = useStore(session.store, (state) => state.priors);
  const cells = useStore(session.store, (state) => state.cells);
  const fusion = useStore(session.store, (state) => fusionIn(state, cell)?.name ?? null);
  const isHidden = useStore(session.store, (state) => state.hidden && !state.printing);
  return useMemo(() => {
    const entry = place === null ? undefined : series[place];
    if (entry === undefined) return [];
    const own = session.study.details.study;
    const isPrior = (studyId: string | undefined): boolean => studyId !== undefined && studyId !== own.studyId;
    const badges: string[] = [];
    const prior = priors.find(({ row }) => row.studyId === entry.studyId)?.row;
    if (prior !== undefined) {
      badges.push(t('viewer.badge.prior', { date: studyDate(prior) }));
      if (otherName(prior, own) !== null) badges.push(t('viewer.badge.otherName'));
    } else if (cells.some((other) => other !== null && isPrior(series[other]?.studyId)))
      badges.push(t('viewer.badge.current', { date: studyDate(own) }));
    if (fusion !== null) badges.push(t('viewer.badge.fused', { name: fusion }));
    if (isHidden) badges.push(t('viewer.badge.hidden'));
    if (entry.plane !== null) badges.push(t(`viewer.badge.${entry.plane}`));
    return badges;
  }, [session, place, series, priors, cells, fusion, isHidden, t]);
}
