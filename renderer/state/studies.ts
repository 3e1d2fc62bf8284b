import type { SortColumn, StudyDetails, StudyQuery, StudyRow } from '../../core/contract/catalogue.ts';
import { call, codeOf, listen } from '../bridge/bridge.ts';
import { dicomDay } from '../text/format.ts';
import { useSession } from './session.ts';
import { createState } from './stores.ts';
import { useTabs } from './tabs.ts';

/** Rows that are asked for at once. */
export const PAGE = 100;

export interface StudyFilter {
  readonly text: string;
  /** Empty means every modality. */
  readonly modality: string;
  /** Studies of the last so many days; 0 means any date. */
  readonly days: number;
}

const NO_FILTER: StudyFilter = { text: '', modality: '', days: 0 };

interface StudiesStore {
  filter: StudyFilter;
  sort: SortColumn;
  descending: boolean;
  /** Null until the first answer. */
  total: number | null;
  /** Studies in the vault, whatever the filter. */
  all: number;
  pages: ReadonlyMap<number, readonly StudyRow[]>;
  /** Details of the studies that are unfolded. Null while they are on their way. */
  unfolded: ReadonlyMap<string, StudyDetails | null>;
  problem: string | null;
  /** The line of the list that is chosen, from 0. Kept while a study is read, so that the reader comes back to it. */
  chosen: number;
}

export const useStudies = createState<StudiesStore>(
  () => ({
    filter: NO_FILTER,
    sort: 'studyDate',
    descending: true,
    total: null,
    all: 0,
    pages: new Map(),
    unfolded: new Map(),
    problem: null,
    chosen: 0,
  }),
  {
    filter: 'patient',
    sort: 'screen',
    descending: 'screen',
    total: 'patient',
    all: 'patient',
    pages: 'patient',
    unfolded: 'patient',
    problem: 'screen',
    chosen: 'screen',
  },
);

/** Counts questions, so that an answer that was overtaken is dropped. */
let generation = 0;
const asked = new Set<number>();
/** The question whose answer the rows on screen aren't yet; null when they are. */
let pending: Promise<void> | null = null;

/** The first day that a filter lets through, or empty for any. The last day is today. */
function since(days: number): string {
  if (days === 0) return '';
  const day = new Date();
  day.setDate(day.getDate() - (days - 1));
  return dicomDay(day);
}

function queryOf(page: number): StudyQuery {
  const { filter, sort, descending } = useStudies.getState();
  const { text, modality, days } = filter;
  return { text: text.trim(), modality, since: since(days), sort, descending, offset: page * PAGE, limit: PAGE };
}

async function fetchPage(page: number, fresh: boolean): Promise<void> {
  const mine = generation;
  asked.add(page);
  try {
    const { rows, total, all } = await call('studies.search', queryOf(page));
    if (mine !== generation) return;
    const before = fresh ? new Map<number, readonly StudyRow[]>() : useStudies.getState().pages;
    useStudies.setState({ pages: new Map(before).set(page, rows), total, all, problem: null });
  } catch (error) {
    asked.delete(page);
    if (mine === generation) useStudies.setState({ problem: codeOf(error) });
  }
}

/** Asks again from the top. What is on screen stays until the answer is there. */
export function refreshStudies(): void {
  generation += 1;
  asked.clear();
  const mine = fetchPage(0, true).finally(() => {
    if (pending === mine) pending = null;
  });
  pending = mine;
}

/** Null when the rows are the answer to the last question; else settles when they are. */
export function answerOfStudies(): Promise<void> | null {
  if (pending === null) return null;
  return pending.then(async () => {
    await answerOfStudies();
  });
}

/** Sees to it that the rows `first` to `last` are there or on their way. */
export function wantRows(first: number, last: number): void {
  const { total } = useStudies.getState();
  if (total === null) return;
  const end = Math.min(last, total - 1);
  for (let page = Math.floor(first / PAGE); page * PAGE <= end; page++)
    if (!asked.has(page)) void fetchPage(page, false);
}

/** The row at `index` of the list, or null while it is on its way. */
export function rowAt(pages: StudiesStore['pages'], index: number): StudyRow | null {
  return pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
}

/** Index of a study in the rows that are here; -1 where it isn't among them. */
function indexOf(studyId: string): number {
  for (const [page, rows] of useStudies.getState().pages) {
    const at = rows.findIndex((row) => row.studyId === studyId);
    if (at !== -1) return page * PAGE + at;
  }
  return -1;
}

/**
 * A study of the patient before (-1) or after (1) in the list, as it is filtered and sorted. Null at its end, and for a
 * study that the list doesn't show.
 */
export async function neighbourPatient(own: StudyRow, by: 1 | -1): Promise<string | null> {
  const { total } = useStudies.getState();
  for (let index = indexOf(own.studyId); index !== -1; ) {
    index += by;
    if (index < 0 || index >= (total ?? 0)) return null;
    const page = Math.floor(index / PAGE);
    if (!asked.has(page)) await fetchPage(page, false);
    const row = rowAt(useStudies.getState().pages, index);
    if (row === null) return null;
    if (row.patientId !== own.patientId || row.patientName !== own.patientName) return row.studyId;
  }
  return null;
}

/** Chooses a line of the list. */
export function chooseLine(line: number): void {
  useStudies.setState({ chosen: line });
}

/** Changes the filter. Another question has other rows: the place of the chosen one means nothing there. */
export function filterStudies(change: Partial<StudyFilter>): void {
  useStudies.setState({ filter: { ...useStudies.getState().filter, ...change }, unfolded: new Map(), chosen: 0 });
  refreshStudies();
}

/** Takes every filter away. */
export function clearFilter(): void {
  filterStudies(NO_FILTER);
}

/** True when the filter leaves studies out. */
export function isFiltered({ text, modality, days }: StudyFilter): boolean {
  return text.trim() !== '' || modality !== '' || days > 0;
}

/** Sorts by a column; by the same one again the other way round. Dates and counts begin with the newest and the most. */
export function sortStudies(column: SortColumn): void {
  const { sort, descending } = useStudies.getState();
  const first = column === 'studyDate' || column === 'importedAt' || column === 'instanceCount';
  useStudies.setState({ sort: column, descending: sort === column ? !descending : first, unfolded: new Map() });
  refreshStudies();
}

/** Unfolds a study: its series and its patient's other studies. */
export async function unfoldStudy(studyId: string): Promise<void> {
  const put = (details: StudyDetails | null): void =>
    useStudies.setState({ unfolded: new Map(useStudies.getState().unfolded).set(studyId, details) });
  if (useStudies.getState().unfolded.has(studyId)) return;
  put(null);
  try {
    const details = await call('studies.details', { studyId });
    if (useStudies.getState().unfolded.has(studyId)) put(details);
  } catch (error) {
    foldStudy(studyId);
    useStudies.setState({ problem: codeOf(error) });
  }
}

/** Folds a study. */
export function foldStudy(studyId: string): void {
  const unfolded = new Map(useStudies.getState().unfolded);
  unfolded.delete(studyId);
  useStudies.setState({ unfolded });
}

/**
 * Follows vault and catalogue for the whole run: the list is asked for the moment the vault opens, before its screen is
 * drawn, and again whenever the catalogue changes.
 */
export function followStudies(): void {
  const isOpen = (state: ReturnType<typeof useSession.getState>): boolean => state.session?.state === 'unlocked';
  useSession.subscribe((state, before) => {
    if (isOpen(state) && !isOpen(before)) refreshStudies();
  });
  listen('catalogue.changed', () => {
    if (!isOpen(useSession.getState())) return;
    useStudies.setState({ unfolded: new Map() });
    refreshStudies();
    if (useTabs.getState().open.length > 0) void import('./shredding.ts').then(({ closeGone }) => closeGone());
  });
}
