/**
 * Names of frames inside this window: `vitrine:<handle>/<objectId>/<frame>`. They hold Vitrine's own ids only, so that
 * a log line or an error text never carries a UID that leads to a patient. Frames count from 1.
 */
export const SCHEME = 'vitrine';

/** One frame of one sealed object of an opened study. */
export interface FrameAddress {
  readonly handle: string;
  readonly objectId: string;
  /** Counted from 1. */
  readonly frame: number;
}

/** The image id of a frame. */
export function formatImageId(address: FrameAddress): string {
  return `${SCHEME}:${address.handle}/${address.objectId}/${address.frame}`;
}

/** True for the id of a frame; images that are made of frames have other ids. */
export function isFrameId(imageId: string): boolean {
  return imageId.startsWith(`${SCHEME}:`);
}

/** Parses an image id. @throws RangeError when it isn't one of ours. */
export function parseImageId(imageId: string): FrameAddress {
  const match = /^vitrine:([^/]+)\/([0-9a-f]{32})\/([1-9]\d*)$/.exec(imageId);
  if (match === null) throw new RangeError('not an image id of Vitrine');
  const [, handle = '', objectId = '', frame = '1'] = match;
  return { handle, objectId, frame: Number(frame) };
}
