import type { InstanceRow, SeriesRow, StudyDetails } from '../../../core/contract/catalogue.ts';
import type { Doubt } from '../../cornerstone/decode/format.ts';
import { formatImageId, isFrameId, parseImageId } from '../../cornerstone/image-id.ts';
import { doubtsOf } from '../../cornerstone/image-loader.ts';
import type { ImageFinder } from '../../cornerstone/marks.ts';
import type { PlaneName } from '../../cornerstone/reformat/planes.ts';
import type { StudyReader } from '../../cornerstone/study-reader.ts';
import type { Stack } from '../../cornerstone/view-state.ts';

/** A series of the study with its images in the order in which they are leafed through. */
export interface SeriesStack {
  /** The study that it belongs to. */
  readonly studyId: string;
  readonly row: SeriesRow;
  readonly stack: Stack;
  /** For planes that were made of a series: which one. Null for the series themselves. */
  readonly plane: PlaneName | null;
}

/** A study that is open for reading. */
export interface OpenedStudy {
  readonly details: StudyDetails;
  readonly reader: StudyReader;
  readonly series: readonly SeriesStack[];
  readonly findImage: ImageFinder;
  /** The catalogue's rows of its objects, by object id. */
  readonly instances: ReadonlyMap<string, InstanceRow>;
}

/** Every frame of a series, instance by instance; empty for series without pixels. */
function stackOf(row: SeriesRow, handle: string): Stack {
  const imageIds: string[] = [];
  for (const { objectId, frames } of row.instances) {
    for (let frame = 1; frame <= frames; frame++) imageIds.push(formatImageId({ handle, objectId, frame }));
  }
  return { seriesUid: row.seriesInstanceUid, imageIds };
}

/** Finds the image that a mark was drawn on: by Vitrine's object, since two objects may claim one SOP Instance UID. */
function imageFinder(series: readonly SeriesRow[], handle: string): ImageFinder {
  const objects = new Set(series.flatMap(({ instances }) => instances.map(({ objectId }) => objectId)));
  return ({ objectId, frame }) => (objects.has(objectId) ? formatImageId({ handle, objectId, frame }) : null);
}

/** Puts catalogue and reader together. */
export function openedStudy(details: StudyDetails, reader: StudyReader): OpenedStudy {
  const { studyId } = details.study;
  const series = details.series.map((row) => ({ studyId, row, stack: stackOf(row, reader.handle), plane: null }));
  const rows = details.series.flatMap(({ instances }) => instances);
  const instances = new Map(rows.map((row) => [row.objectId, row] as const));
  return { details, reader, series, findImage: imageFinder(details.series, reader.handle), instances };
}

/** Images of a series, in their order; empty for one that the study doesn't hold. */
export function imagesOf({ series }: OpenedStudy, seriesUid: string): readonly string[] {
  return series.find(({ stack }) => stack.seriesUid === seriesUid)?.stack.imageIds ?? [];
}

/** Series that hold images, by their place in the rail. */
export function shownSeries(study: OpenedStudy): number[] {
  return study.series.flatMap(({ stack }, index) => (stack.imageIds.length > 0 ? [index] : []));
}

/** What must be said of an image besides what it shows. */
export interface Faults {
  /** Why its pixels may be wrong. */
  readonly doubts: readonly Doubt[];
  /** What the import had to remark on its object. */
  readonly warnings: readonly string[];
  /** Another object with its identity and other contents is kept too. */
  readonly conflict: boolean;
}

/** Faults of an image, as far as it is decoded. */
export function faultsOf(study: OpenedStudy, imageId: string): Faults {
  const row = isFrameId(imageId) ? study.instances.get(parseImageId(imageId).objectId) : undefined;
  return { doubts: doubtsOf(imageId), warnings: row?.warnings ?? [], conflict: row?.conflict ?? false };
}
