import type { StudyRow } from '../../core/contract/catalogue.ts';
import { call } from '../bridge/bridge.ts';
import { personName } from '../text/format.ts';
import { leavePlace } from './places.ts';
import { createState } from './stores.ts';

/** An open study. `title` is shown on its tab, never in the title of the window. */
export interface OpenStudy {
  readonly studyId: string;
  readonly title: string;
}

interface Tabs {
  open: readonly OpenStudy[];
  /** Null means the study list. */
  active: string | null;
  /** The list came forward because a study was closed: reading goes on at the row that it was opened from. */
  isReturning: boolean;
}

export const useTabs = createState<Tabs>(() => ({ open: [], active: null, isReturning: false }), {
  open: 'patient',
  active: 'screen',
  isReturning: 'screen',
});

/** Opens a study or goes to its tab. */
export function openStudy(study: OpenStudy): void {
  leavePlace();
  const { open } = useTabs.getState();
  const isOpen = open.some(({ studyId }) => studyId === study.studyId);
  useTabs.setState({ open: isOpen ? open : [...open, study], active: study.studyId, isReturning: false });
}

/** Opens a study of which only the id is known: its title comes from the catalogue. @throws UiError */
export async function openStudyById(studyId: string, fallback: string): Promise<void> {
  const { study } = await call('studies.details', { studyId });
  openStudy({ studyId, title: studyTitle(study, fallback) });
}

/** Breaking the glass told whose study it is: the tab says it, too. A study that is gone by then keeps its title. */
export async function retitleStudy(studyId: string, fallback: string): Promise<void> {
  const details = await call('studies.details', { studyId }).catch(() => null);
  if (details === null) return;
  const title = studyTitle(details.study, fallback);
  const open = useTabs.getState().open.map((tab) => (tab.studyId === studyId ? { ...tab, title } : tab));
  useTabs.setState({ open });
}

/** What stands on a study's tab: "DOE, Jane CT". */
export function studyTitle(row: StudyRow, fallback: string): string {
  return `${personName(row.patientName) || fallback} ${row.modalities.replaceAll('\\', ' ')}`;
}

/** Goes to the list. */
export function showList(): void {
  leavePlace();
  useTabs.setState({ active: null, isReturning: false });
}

/** Closes a study; the tab to its left comes forward, or the list. */
export function closeStudy(studyId: string): void {
  const { open, active } = useTabs.getState();
  const index = open.findIndex((study) => study.studyId === studyId);
  if (index === -1) return;
  const left = open.filter((study) => study.studyId !== studyId);
  if (active !== studyId) {
    useTabs.setState({ open: left });
    return;
  }
  const next = left[index - 1]?.studyId ?? null;
  useTabs.setState({ open: left, active: next, isReturning: next === null });
}

/** Goes round list and open studies. */
export function stepTab(by: 1 | -1): void {
  leavePlace();
  const { open, active } = useTabs.getState();
  const ring: (string | null)[] = [null, ...open.map(({ studyId }) => studyId)];
  const next = ring[(ring.indexOf(active) + by + ring.length) % ring.length];
  useTabs.setState({ active: next ?? null, isReturning: false });
}
