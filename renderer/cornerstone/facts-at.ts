import type { FrameFacts } from './facts.ts';
import { isFrameId } from './image-id.ts';
import { reformatFacts } from './reformat/reformat-images.ts';
import { readerOf } from './study-reader.ts';

/** Facts of any image that a viewport can show, one of the study's or one made of several; null while they aren't there. */
export function factsAt(imageId: string): FrameFacts | null {
  return isFrameId(imageId) ? (readerOf(imageId)?.facts(imageId) ?? null) : reformatFacts(imageId);
}
