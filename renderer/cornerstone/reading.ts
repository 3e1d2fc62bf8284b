import type { Annotation } from '../../core/annotate/annotation.ts';
import type { ImageFinder } from './marks.ts';
import type { StackView } from './stack-view.ts';
import type { StudyReader } from './study-reader.ts';
import type { ToolId } from './tools.ts';

/**
 * What the reading screen offers to the features that work on its images. Features don't know each other; this is what
 * they share.
 */
export interface Reading {
  readonly studyId: string;
  readonly reader: StudyReader;
  /** Image of an instance's frame; null when this study doesn't hold it. */
  readonly findImage: ImageFinder;
  /** The viewport that commands go to; null while there is none. */
  activeView(): StackView | null;
  /** Images of a series of this study, in their order; empty when it holds none. */
  imagesOf(seriesInstanceUid: string): readonly string[];
  /** The tool of the left button. */
  tool(): ToolId;
  /** Brings an image on screen, in the viewport that holds its series already or else in the active one. */
  showImage(imageId: string): Promise<void>;
  /** Brings the plane on screen that a mark was measured on, at its place. */
  showReformat(mark: Annotation): Promise<void>;
  /** Goes into the mode in which segments are painted, or leaves it. */
  setSegmenting(on: boolean): void;
  /** Opens the panel with the measurements. */
  openMeasurements(): void;
}
