import { TAG, text } from '../../cornerstone/dataset.ts';
import { codeOf } from '../../cornerstone/errors.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import type { ColourMap, Span } from '../../cornerstone/fuse/colour.ts';
import type { Sampling } from '../../cornerstone/fuse/resample.ts';
import { percentiles } from '../../cornerstone/pixels.ts';
import { loadVolume } from '../../cornerstone/reformat/load-volume.ts';
import { FEWEST, type Refusal, type Volume } from '../../cornerstone/reformat/volume.ts';
import type { ReadingState } from './reading-state.ts';
import type { ReadingSession } from './session.ts';
import type { SeriesStack } from './study.ts';

/** A series that lies over the one of a viewport. */
export interface Fusion {
  /** Places of both series in the session. */
  readonly base: number;
  readonly overlay: number;
  readonly volume: Volume;
  /** Modality and description of the series that lies over. */
  readonly name: string;
  /** 0 to 1. */
  readonly opacity: number;
  readonly map: ColourMap;
  readonly sampling: Sampling;
  /** Values between which the colours run, in the unit of the series. */
  readonly span: Span;
}

/** What a reader changes of a fusion. */
export type FusionLook = Partial<Pick<Fusion, 'opacity' | 'map' | 'sampling' | 'span'>>;

/** Why two series can't be fused; each has its sentence in renderer/text. */
type FusionRefusal = Refusal | 'same' | 'frame' | 'base';

const OPACITY = 0.5;
const STEP = 0.1;

/** The upper ends of the SUV windows that are offered; the lower end is zero. */
export const SUV_ENDS = [3, 5, 7, 10, 15] as const;

/** The fusion of a viewport, as long as its series is the one that was fused over; null for none. */
export function fusionIn({ fusions, cells }: Pick<ReadingState, 'fusions' | 'cells'>, cell: number): Fusion | null {
  const fusion = fusions.get(cell);
  return fusion !== undefined && fusion.base === cells[cell] ? fusion : null;
}

/** PET opens from 0 to 5 SUV, others by their own window, or by 1 to 99 % of their values. */
export function openingSpan({ facts, data, geometry }: Volume): Span {
  if (facts.suv !== null) return { low: 0, high: 5 };
  const [file] = facts.windows;
  if (file !== undefined) return { low: file.center - file.width / 2, high: file.center + file.width / 2 };
  const [columns, rows, slices] = geometry.size;
  return percentiles({ columns, rows: rows * slices, samples: 1, data }, 0.01, 0.99) ?? { low: 0, high: 1 };
}

/** Why an image of one series can't lie over one of another; null where it can. Both must lie in one frame of reference. */
export function whyNot(base: FrameFacts, overlay: FrameFacts): FusionRefusal | null {
  if (text(base.dataset, TAG.seriesInstance) === text(overlay.dataset, TAG.seriesInstance)) return 'same';
  if (base.plane.patient === null || base.plane.calibration.kind !== 'patient') return 'base';
  if (overlay.plane.patient === null) return 'no-geometry';
  const frame = base.plane.frameOfReferenceUid;
  return frame === null || frame !== overlay.plane.frameOfReferenceUid ? 'frame' : null;
}

/** Series over series: loads the one that goes over, says why not, and takes it off again. */
export class FusionMode {
  readonly #session: ReadingSession;
  #loading: AbortController | null = null;

  constructor(session: ReadingSession) {
    this.#session = session;
  }

  /** G: takes what is fused off the active viewport, or fuses the series that goes best over it. */
  async toggle(): Promise<void> {
    const { state } = this.#session;
    if (this.cancel()) return;
    if (fusionIn(state, state.active) !== null) return this.off(state.active);
    const best = await this.#best();
    if (best === null) this.#session.say('viewer.fuse.none');
    else await this.fuse(best, state.active);
  }

  /** The first series that fits, PET before the others, in the order of the rail. */
  async #best(): Promise<number | null> {
    const { active, cells, series } = this.#session.state;
    const base = this.#session.view(active)?.facts ?? null;
    if (base === null) return null;
    const fits: { readonly place: number; readonly isPet: boolean }[] = [];
    for (const [place, entry] of series.entries()) {
      if (place === cells[active] || entry.plane !== null || entry.stack.imageIds.length < FEWEST) continue;
      const facts = await this.#firstFacts(entry);
      if (facts !== null && whyNot(base, facts) === null) fits.push({ place, isPet: facts.modality === 'PT' });
    }
    return (fits.find(({ isPet }) => isPet) ?? fits[0])?.place ?? null;
  }

  async #firstFacts(entry: SeriesStack): Promise<FrameFacts | null> {
    const [first] = entry.stack.imageIds;
    if (first === undefined) return null;
    return await this.#session
      .studyOf(entry.studyId)
      .reader.loadFacts(first)
      .catch(() => null);
  }

  /** Lays a series over the one of a viewport. */
  async fuse(place: number, cell: number): Promise<void> {
    const session = this.#session;
    const entry = session.state.series[place];
    const base = session.state.cells[cell] ?? null;
    const view = session.view(cell);
    if (entry === undefined || base === null || view === null || view.facts === null) return;
    this.cancel();
    const loading = new AbortController();
    this.#loading = loading;
    const refuse = (why: FusionRefusal): void => session.say(`viewer.fuse.refused.${why}`, { fewest: FEWEST });
    const progress = (done: number, total: number): void => {
      if (this.#loading === loading) session.say('viewer.fuse.loading', { done, total });
    };
    try {
      const facts = await this.#firstFacts(entry);
      const why = facts === null ? 'no-geometry' : whyNot(view.facts, facts);
      if (why !== null) return refuse(why);
      const { reader } = session.studyOf(entry.studyId);
      const made = await loadVolume(reader, entry.stack.imageIds, { signal: loading.signal, progress });
      if (this.#loading !== loading) return;
      if (typeof made === 'string') refuse(made);
      else this.#show(made, { base, overlay: place }, cell, entry);
    } catch (error) {
      if (this.#loading === loading) session.say('viewer.fuse.failed', { code: codeOf(error) });
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #show(volume: Volume, places: Pick<Fusion, 'base' | 'overlay'>, cell: number, { row }: SeriesStack): void {
    const session = this.#session;
    const name = [row.modality, row.seriesDescription].filter((part) => part !== '').join(' ');
    const look = { opacity: OPACITY, map: 'hot', sampling: 'linear', span: openingSpan(volume) } as const;
    const fusion: Fusion = { ...places, volume, name, ...look };
    session.say(null);
    session.set({ fusions: new Map(session.state.fusions).set(cell, fusion), active: cell });
  }

  /** Takes off what lies over a viewport's series. */
  off(cell: number): void {
    const fusions = new Map(this.#session.state.fusions);
    if (fusions.delete(cell)) this.#session.set({ fusions });
  }

  /** Lets go of what lies over series that are no longer on screen. */
  prune(): void {
    for (const cell of this.#session.state.fusions.keys())
      if (fusionIn(this.#session.state, cell) === null) this.off(cell);
  }

  change(cell: number, look: FusionLook): void {
    const fusion = fusionIn(this.#session.state, cell);
    if (fusion === null) return;
    this.#session.set({ fusions: new Map(this.#session.state.fusions).set(cell, { ...fusion, ...look }) });
  }

  /** More or less of the active viewport's fusion; false where there is none. */
  fade(by: 1 | -1): boolean {
    const { state } = this.#session;
    const fusion = fusionIn(state, state.active);
    if (fusion === null) return false;
    const opacity = Math.round((fusion.opacity + by * STEP) / STEP) * STEP;
    this.change(state.active, { opacity: Math.min(1, Math.max(0, opacity)) });
    return true;
  }

  /** Gives up what is being loaded; false when nothing is. */
  cancel(): boolean {
    if (this.#loading === null) return false;
    this.#loading.abort();
    this.#loading = null;
    this.#session.say(null);
    return true;
  }
}
