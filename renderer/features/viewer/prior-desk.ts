import type { SeriesRow, StudyDetails } from '../../../core/contract/catalogue.ts';
import type { TextKey } from '../../text/text.ts';
import { choosePrior, instantOf, type Prior } from './priors.ts';
import type { ReadingSession } from './session.ts';
import type { OpenedStudy } from './study.ts';

/** How other studies are reached. */
export interface StudyOpener {
  details(studyId: string): Promise<StudyDetails>;
  /** Opens a prior for reading: its images and its marks. */
  open(details: StudyDetails): Promise<OpenedStudy>;
}

/** Priors that are looked into for the best one, newest first: a patient with more has been scanned for years. */
const LOOKED_INTO = 24;

/** The priors of the study that is read: opens them and puts them beside it. */
export class PriorDesk {
  readonly #session: ReadingSession;
  readonly #opener: StudyOpener;
  readonly #details = new Map<string, Promise<StudyDetails>>();
  readonly #opening = new Map<string, Promise<OpenedStudy | null>>();

  constructor(session: ReadingSession, opener: StudyOpener) {
    this.#session = session;
    this.#opener = opener;
  }

  #prior(studyId: string): Prior | undefined {
    return this.#session.state.priors.find(({ row }) => row.studyId === studyId);
  }

  #look(studyId: string): Promise<StudyDetails> {
    const known = this.#details.get(studyId) ?? this.#opener.details(studyId);
    this.#details.set(studyId, known);
    known.catch(() => this.#details.delete(studyId));
    return known;
  }

  /** Opens a prior, once. Null when it can't be. */
  open(studyId: string): Promise<OpenedStudy | null> {
    const known = this.#opening.get(studyId);
    if (known !== undefined) return known;
    const opening = this.#open(studyId);
    this.#opening.set(studyId, opening);
    return opening;
  }

  async #open(studyId: string): Promise<OpenedStudy | null> {
    this.#session.changePrior(studyId, { state: 'opening' });
    try {
      const study = await this.#opener.open(await this.#look(studyId));
      this.#session.addPrior(study);
      return study;
    } catch {
      this.#opening.delete(studyId);
      this.#session.changePrior(studyId, { state: 'failed' });
      this.#session.say('viewer.prior.failed');
      return null;
    }
  }

  /** Unfolds a prior's series in the rail, or folds them. */
  async unfold(studyId: string): Promise<void> {
    const expanded = this.#prior(studyId)?.expanded !== true;
    this.#session.changePrior(studyId, { expanded });
    if (expanded && (await this.open(studyId)) === null) this.#session.changePrior(studyId, { expanded: false });
  }

  /** The series of the study itself that is compared: the active one, or the one on the left. */
  #current(): { readonly place: number; readonly row: SeriesRow } | null {
    const { cells, active, series } = this.#session.state;
    for (const place of [cells[active] ?? null, ...cells]) {
      const entry = place === null ? undefined : series[place];
      if (place === null || entry === undefined || entry.studyId !== this.#session.studyId) continue;
      if (entry.plane === null) return { place, row: entry.row };
      const source = this.#session.state.mpr?.source ?? null;
      if (source !== null) return { place: source, row: entry.row };
    }
    return null;
  }

  /** When the prior on screen was made; null while there is none. */
  #shownAt(): string | null {
    const { cells, series } = this.#session.state;
    for (const place of cells) {
      const studyId = place === null ? undefined : series[place]?.studyId;
      const prior = studyId === undefined ? undefined : this.#prior(studyId);
      if (prior !== undefined) return instantOf(prior.row);
    }
    return null;
  }

  /** P: the best prior beside the series that is read. */
  best(): Promise<void> {
    return this.#beside(null, 'viewer.prior.none');
  }

  /** Shift+P: the next older one. */
  older(): Promise<void> {
    return this.#beside(this.#shownAt(), 'viewer.prior.noOlder');
  }

  async #beside(before: string | null, none: TextKey): Promise<void> {
    const session = this.#session;
    const current = this.#current();
    if (current === null) return;
    const candidates = session.state.priors
      .filter(({ row }) => row.modalities.split('\\').includes(current.row.modality))
      .slice(0, LOOKED_INTO);
    const looked = await Promise.all(candidates.map(({ row }) => this.#look(row.studyId).catch(() => null)));
    const chosen = choosePrior(
      current.row,
      looked.filter((details) => details !== null),
      before,
    );
    if (chosen === null) return session.say(before === null ? 'viewer.prior.none' : none);
    const study = await this.open(chosen.studyId);
    const uid = study?.series[chosen.place]?.row.seriesInstanceUid;
    const right = session.state.series.findIndex(
      (entry) => entry.studyId === chosen.studyId && entry.row.seriesInstanceUid === uid && entry.plane === null,
    );
    if (study === null || right === -1) return;
    session.say(null);
    session.compare(current.place, right);
  }
}
