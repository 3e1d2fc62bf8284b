import type { PixelCoding } from './transfer-syntax.ts';

/**
 * Looks through a whole compressed frame for bytes that its syntax can't contain: entropy-coded data escapes every FF,
 * so damage often shows as a marker that doesn't exist, and truncation as a missing end. Nothing is decoded. A sound
 * frame can still be damaged; an unsound one is.
 */
export function isSoundStream(coding: PixelCoding, frame: Uint8Array): boolean {
  switch (coding) {
    case 'jpeg':
    case 'jpeg-lossless':
      return isSoundJpeg(frame, (after) => after === 0 || isRestart(after));
    case 'jpeg-ls':
      // T.87 stuffs one bit, not one byte: after FF comes a byte below 80.
      return isSoundJpeg(frame, (after) => after < 0x80 || isRestart(after));
    case 'jpeg-2000':
    case 'htj2k':
      return isSoundJpeg2000(frame);
    default:
      return true;
  }
}

const END = 0xd9;
const START_OF_SCAN = 0xda;

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/** Segments that may stand between or after scans (T.81 table B.1, T.87 table C.1). */
function isSegment(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xda && marker <= 0xfe);
}

function isSoundJpeg(frame: Uint8Array, isData: (after: number) => boolean): boolean {
  let at = 2;
  let inScan = false;
  while (at + 1 < frame.length) {
    if (frame[at] !== 0xff) {
      if (!inScan) return false;
      at = nextMark(frame, at);
      continue;
    }
    const after = frame[at + 1] ?? 0;
    if (after === END) return true;
    if (after === 0xff) at += 1;
    else if (inScan && isData(after)) at += 2;
    else if (isSegment(after)) {
      inScan = after === START_OF_SCAN;
      at += 2 + word(frame, at + 2);
    } else return false;
  }
  return false;
}

function nextMark(frame: Uint8Array, from: number): number {
  const found = frame.indexOf(0xff, from);
  return found < 0 ? frame.length : found;
}

/** Tile-parts follow each other (T.800 A.4.2); inside their data FF is followed by at most 8F, but for SOP and EPH. */
function isSoundJpeg2000(frame: Uint8Array): boolean {
  // Wrapped in JP2 boxes: forbidden, readable, and not judged here.
  if (word(frame, 0) !== 0xff4f) return true;
  let at = 2;
  while (at + 12 <= frame.length && word(frame, at) !== 0xff90) {
    if (frame[at] !== 0xff) return false;
    at += 2 + word(frame, at + 2);
  }
  while (at + 12 <= frame.length && word(frame, at) === 0xff90) {
    const declared = word(frame, at + 6) * 65536 + word(frame, at + 8);
    const end = declared === 0 ? frame.lastIndexOf(END) - 1 : at + declared;
    if (end > frame.length || end <= at || !isSoundTilePart(frame, at + 12, end)) return false;
    at = end;
  }
  return word(frame, at) === 0xff00 + END;
}

function isSoundTilePart(frame: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at + 2 <= end && word(frame, at) !== 0xff93) {
    if (frame[at] !== 0xff) return false;
    at += 2 + word(frame, at + 2);
  }
  for (at = nextMark(frame, at + 2); at + 1 < end; at = nextMark(frame, at + 1)) {
    const after = frame[at + 1] ?? 0;
    if (after > 0x8f && after !== 0x91 && after !== 0x92) return false;
  }
  return true;
}

function word(frame: Uint8Array, at: number): number {
  return (frame[at] ?? 0) * 256 + (frame[at + 1] ?? 0);
}
