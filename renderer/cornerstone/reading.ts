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
  /** The tool of the left button. */
  tool(): ToolId;
  /** Brings an image on screen, in the viewport that holds its series already or else in the active one. */
  showImage(imageId: string): Promise<void>;
  /** Opens the panel with the measurements. */
  openMeasurements(): void;
}
