import { createStore } from 'zustand';
import {
  isBlank,
  REPORT_SECTIONS,
  type Report,
  type ReportEntry,
  type ReportSection,
} from '../../../core/annotate/report.ts';
import type { SaveState } from '../../state/status.ts';

/** What the store needs of the bridge. The append answers only after the entry is durable. */
export interface ReportJournal {
  load(studyId: string): Promise<{ readonly reports: readonly Report[] }>;
  append(studyId: string, entries: ReportEntry[]): Promise<{ readonly savedAt: string }>;
  codeOf(error: unknown): string;
}

export interface ReportState {
  /** Reports that were signed off, in the order in which they were begun. */
  readonly signed: readonly Report[];
  /** The one that is written; null while the last one is signed and nobody amends it. */
  readonly draft: Report | null;
  readonly save: SaveState;
  /** Code of what kept the reports from being read, or null. */
  readonly loadError: string | null;
  readonly isLoaded: boolean;
}

/** What is typed is written down this long after the last key, in milliseconds. */
const PAUSE = 300;

function blank(amends: string | null): Report {
  const sections = Object.fromEntries(REPORT_SECTIONS.map((section) => [section, ''])) as Report['sections'];
  return { uid: crypto.randomUUID(), status: 'draft', sections, amends, writtenAt: new Date().toISOString() };
}

/**
 * The written report of one study. What is typed goes into the sealed journal whenever the writer pauses; what could not
 * be saved stays on screen, says so, and is tried again.
 */
export class ReportStore {
  readonly store = createStore<ReportState>(() => ({
    signed: [],
    draft: null,
    save: { kind: 'saved', at: null },
    loadError: null,
    isLoaded: false,
  }));
  readonly #studyId: string;
  readonly #journal: ReportJournal;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The version that is on its way, and whether a newer one waits. */
  #sending: Promise<boolean> | null = null;
  #isDirty = false;

  constructor(studyId: string, journal: ReportJournal) {
    this.#studyId = studyId;
    this.#journal = journal;
  }

  get state(): ReportState {
    return this.store.getState();
  }

  /** Reads what was written before. */
  async load(): Promise<void> {
    try {
      const { reports } = await this.#journal.load(this.#studyId);
      const signed = reports.filter(({ status }) => status === 'final');
      const draft = reports.findLast(({ status }) => status === 'draft') ?? null;
      this.store.setState({ signed, draft: draft ?? (signed.length === 0 ? blank(null) : null), isLoaded: true });
    } catch (error) {
      this.store.setState({ loadError: this.#journal.codeOf(error), isLoaded: true });
    }
  }

  /** The writer typed. */
  write(section: ReportSection, text: string): void {
    const { draft } = this.state;
    if (draft === null || draft.sections[section] === text) return;
    this.store.setState({
      draft: { ...draft, sections: { ...draft.sections, [section]: text } },
      save: { kind: 'saving' },
    });
    this.#isDirty = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  /** Saves at once what isn't saved. True when everything is. */
  async flush(): Promise<boolean> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#sending !== null) await this.#sending;
    const { draft } = this.state;
    if (!this.#isDirty || draft === null) return true;
    this.#isDirty = false;
    this.#sending = this.#send({ ...draft, writtenAt: new Date().toISOString() });
    const isSaved = await this.#sending;
    this.#sending = null;
    if (!isSaved) this.#isDirty = true;
    return isSaved;
  }

  async #send(report: Report): Promise<boolean> {
    try {
      const { savedAt } = await this.#journal.append(this.#studyId, [{ op: 'report', report }]);
      this.store.setState({ save: this.#isDirty ? { kind: 'saving' } : { kind: 'saved', at: savedAt } });
      return true;
    } catch (error) {
      this.store.setState({ save: { kind: 'failed', code: this.#journal.codeOf(error) } });
      return false;
    }
  }

  /** Signs the draft off: it stands from then on. False when it could not be saved, and then it is still a draft. */
  async sign(): Promise<boolean> {
    const { draft } = this.state;
    if (draft === null || isBlank(draft) || !(await this.flush())) return false;
    const now = this.state.draft;
    if (now === null) return false;
    const report: Report = { ...now, status: 'final', writtenAt: new Date().toISOString() };
    if (!(await this.#send(report))) return false;
    this.store.setState({ signed: [...this.state.signed, report], draft: null });
    return true;
  }

  /** Begins a report that amends the last signed one. */
  amend(): void {
    const last = this.state.signed.at(-1);
    if (last !== undefined && this.state.draft === null) this.store.setState({ draft: blank(last.uid) });
  }

  /** The study is closed: what was typed last is saved on the way out. */
  close(): void {
    void this.flush();
  }
}
