import type { Annotation } from '../../../core/annotate/annotation.ts';
import { codeOf } from '../../cornerstone/errors.ts';
import type { Vector } from '../../cornerstone/geometry.ts';
import { fromPixel } from '../../cornerstone/geometry.ts';
import { loadVolume } from '../../cornerstone/reformat/load-volume.ts';
import { placeMarks } from '../../cornerstone/reformat/mark-place.ts';
import { imageAt, PLANES, planeIndexAt, SLAB_MODES, type Slab } from '../../cornerstone/reformat/planes.ts';
import { dropVolume, holdVolume, reformatIds } from '../../cornerstone/reformat/reformat-images.ts';
import { FEWEST, type Volume } from '../../cornerstone/reformat/volume.ts';
import { isDrawing } from '../../cornerstone/tools.ts';
import type { Opening } from '../../cornerstone/view-state.ts';
import type { LayoutId } from './layouts.ts';
import type { ReadingSession } from './session.ts';
import type { SeriesStack } from './study.ts';
import { whenPainted } from './when-painted.ts';

/** Thickness of a slab, millimetres. */
const SLAB = 10;

/** Planes on screen: what they are made of, and what was there before. */
export interface Planes {
  readonly volume: Volume;
  /** Place of the series in the session. */
  readonly source: number;
  readonly slab: Slab | null;
  readonly opening: Opening;
  readonly before: { readonly layout: LayoutId; readonly cells: readonly (number | null)[]; readonly active: number };
}

/** Multiplanar reformats of the active series: makes them, changes their slab, and goes back to the slices. */
export class PlanesMode {
  readonly #session: ReadingSession;
  #loading: AbortController | null = null;

  constructor(session: ReadingSession) {
    this.#session = session;
  }

  /** V: to the planes and back; while they are being made it gives up. */
  toggle(): unknown {
    if (this.#session.state.mpr !== null) return this.leave();
    if (this.cancel()) return true;
    const { active, cells, series } = this.#session.state;
    const source = cells[active] ?? null;
    const view = this.#session.activeView();
    const entry = source === null ? undefined : series[source];
    if (source === null || view === null || entry === undefined) return false;
    this.#session.setSegmenting(false);
    return void this.#enter(source, entry);
  }

  /** The study is closed: nothing of its planes stays in memory. */
  close(): void {
    this.cancel();
    const { mpr } = this.#session.state;
    placeMarks(null);
    if (mpr !== null) dropVolume(mpr.volume);
  }

  /** Gives up what is being made; false when nothing is. */
  cancel(): boolean {
    if (this.#loading === null) return false;
    this.#loading.abort();
    this.#loading = null;
    this.#session.say(null);
    return true;
  }

  /** Planes of the series that a mark was measured on, at its place; those that are there are left for them. */
  async showMark({ seriesInstanceUid, points }: Annotation): Promise<void> {
    const session = this.#session;
    const source = session.state.series.findIndex(
      ({ stack, plane }) => plane === null && stack.seriesUid === seriesInstanceUid,
    );
    const entry = session.state.series[source];
    if (entry === undefined) return;
    this.cancel();
    session.setSegmenting(false);
    this.leave();
    const { cells, active } = session.state;
    const cell = cells[active] === source ? active : cells.indexOf(source);
    if (cell === -1) session.showSeries(source);
    else session.activate(cell);
    const view = session.view(session.state.active);
    if (view !== null && view.state.stack !== entry.stack)
      await new Promise<void>((resolve) => whenPainted(view, entry.stack, () => resolve()));
    await this.#enter(source, entry, points[0]);
  }

  async #enter(source: number, entry: SeriesStack, at?: Vector): Promise<void> {
    const session = this.#session;
    const loading = new AbortController();
    this.#loading = loading;
    const progress = (done: number, total: number): void => {
      if (this.#loading === loading) session.say('viewer.mpr.loading', { done, total });
    };
    progress(0, entry.stack.imageIds.length);
    try {
      const reader = session.studyOf(entry.studyId).reader;
      const made = await loadVolume(reader, entry.stack.imageIds, { signal: loading.signal, progress });
      if (this.#loading !== loading) return;
      if (typeof made === 'string') session.say(`viewer.mpr.refused.${made}`, { fewest: FEWEST });
      else this.#show(made, source, entry, at ?? this.#point());
    } catch (error) {
      if (this.#loading === loading) session.say('viewer.mpr.failed', { code: codeOf(error) });
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #show(volume: Volume, source: number, entry: SeriesStack, point: Vector): void {
    const session = this.#session;
    const view = session.activeView();
    if (view === null) return;
    const { window, inverted } = view.told;
    const { layout, cells, active, tool } = session.state;
    holdVolume(volume);
    placeMarks({ volume, slab: null });
    const entries = PLANES.map((plane) => ({
      studyId: entry.studyId,
      row: entry.row,
      plane,
      stack: { seriesUid: entry.row.seriesInstanceUid, imageIds: reformatIds(volume, plane, null) },
    }));
    const indexes = PLANES.map((plane) => planeIndexAt(volume.geometry, plane, point));
    session.say(null);
    session.showPlanes(entries, indexes, {
      volume,
      source,
      slab: null,
      opening: { window, inverted: inverted !== volume.facts.inverted },
      before: { layout, cells, active },
    });
    if (volume.geometry.frameOfReferenceUid === null && isDrawing(tool)) session.setTool('crosshair');
  }

  /** The point of the patient in the middle of the active viewport. */
  #point(): Vector {
    const view = this.#session.activeView();
    const plane = view?.facts?.plane;
    if (view === null || plane === undefined) return [0, 0, 0];
    const [column, row] = view.center ?? [0, 0];
    // An image that was pushed out of its viewport still has its middle.
    const isInside = column >= 0 && row >= 0 && column < plane.columns && row < plane.rows;
    return fromPixel(plane, isInside ? [column, row] : [plane.columns / 2, plane.rows / 2]);
  }

  /** Back to the slices, at the place that the planes showed. */
  leave(): void {
    const session = this.#session;
    const { mpr } = session.state;
    if (mpr === null) return;
    placeMarks(null);
    session.leavePlanes(mpr, imageAt(mpr.volume.geometry, this.#point()));
    dropVolume(mpr.volume);
  }

  /** Shift+S: single layer, brightest, mean, darkest of a slab. */
  cycleSlab(): unknown {
    const session = this.#session;
    const { mpr } = session.state;
    if (mpr === null) {
      session.say('viewer.mpr.needed');
      return true;
    }
    const modes = [null, ...SLAB_MODES] as const;
    const mode = modes[(modes.indexOf(mpr.slab?.mode ?? null) + 1) % modes.length] ?? null;
    const slab = mode === null ? null : { mode, millimetres: SLAB };
    placeMarks({ volume: mpr.volume, slab });
    session.changePlanes({ ...mpr, slab }, (plane) => reformatIds(mpr.volume, plane, slab));
    return true;
  }
}
