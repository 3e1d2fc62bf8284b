import { randomInt } from 'node:crypto';

/**
 * What the sweep looks for: words that occur nowhere else, and a row of pixels that occurs nowhere else, in every form
 * in which a program might leave them on a disk.
 */
export interface Markers {
  /** Word by the place that it is put in: `familyName`, `patientId`, … Letters only, so that no index splits them. */
  readonly words: Readonly<Record<string, string>>;
  /** Dark or bright, pixel by pixel; painted into every slice. Any sensible window shows them as black and white. */
  readonly row: readonly boolean[];
}

/** Hounsfield units of the marked row: beyond every tissue window. */
const ROW_DARK = -1000;
const ROW_BRIGHT = 3000;

/** A byte string to be found, and what it would prove. */
export interface Needle {
  readonly marker: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

const LETTERS = 'bcdfghjklmnpqrstvwxz';

function word(): string {
  return `Zq${Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

/** New markers for one run. */
export function createMarkers(places: readonly string[]): Markers {
  return {
    words: Object.fromEntries(places.map((place) => [place, word()])),
    row: Array.from({ length: 64 }, () => randomInt(2) === 1),
  };
}

/**
 * The Base64 characters that `bytes` alone determines when they begin at 0, 1 or 2 modulo 3 of what is encoded: at
 * either end the characters that a neighbour shares are left out.
 */
export function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const complete = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.from(text.slice(Math.ceil((before * 8) / 6), complete), 'latin1');
  });
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

function hexForms(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [Buffer.from(hex, 'latin1'), Buffer.from(hex.toUpperCase(), 'latin1')];
}

function wordNeedles(marker: string, text: string): Needle[] {
  const forms: [string, Buffer[]][] = [
    ['utf-8', [Buffer.from(text, 'utf8')]],
    ['utf-16le', [Buffer.from(text, 'utf16le')]],
    ['utf-16be', [utf16be(text)]],
    ['base64', base64Forms(Buffer.from(text, 'utf8'))],
    ['base64 of utf-16le', base64Forms(Buffer.from(text, 'utf16le'))],
    ['hex', hexForms(Buffer.from(text, 'utf8'))],
    ['hex of utf-16le', hexForms(Buffer.from(text, 'utf16le'))],
  ];
  return forms.flatMap(([encoding, list]) => list.map((bytes) => ({ marker, encoding, bytes })));
}

function rowBytes(row: readonly boolean[], size: number, write: (buffer: Buffer, bright: boolean, at: number) => void) {
  const buffer = Buffer.alloc(row.length * size);
  for (const [i, bright] of row.entries()) write(buffer, bright, i * size);
  return buffer;
}

/** The marked row as `rescaleIntercept` stores it: 16-bit values, little endian. */
export function storedRow(row: readonly boolean[], rescaleIntercept: number): Buffer {
  return rowBytes(row, 2, (b, bright, at) => {
    b.writeInt16LE((bright ? ROW_BRIGHT : ROW_DARK) - rescaleIntercept, at);
  });
}

function rowNeedles(row: readonly boolean[], rescaleIntercept: number): Needle[] {
  const stored = storedRow(row, rescaleIntercept);
  const hounsfield = storedRow(row, 0);
  const grey = rowBytes(row, 1, (b, bright, at) => b.writeUInt8(bright ? 255 : 0, at));
  const rgba = rowBytes(row, 4, (b, bright, at) => b.writeUInt32LE(bright ? 0xffffffff : 0xff000000, at));
  const float = rowBytes(row, 4, (b, bright, at) => b.writeFloatLE(bright ? ROW_BRIGHT : ROW_DARK, at));
  const forms: [string, Buffer[]][] = [
    ['16-bit row', [stored, hounsfield]],
    ['16-bit row, big endian', [Buffer.from(stored).swap16(), Buffer.from(hounsfield).swap16()]],
    ['8-bit row', [grey]],
    ['8-bit rgba row', [rgba]],
    ['32-bit float row', [float]],
    ['hex of 16-bit row', [...hexForms(stored), ...hexForms(hounsfield)]],
    ['base64 of 16-bit row', [...base64Forms(stored), ...base64Forms(hounsfield)]],
  ];
  return forms.flatMap(([encoding, list]) => list.map((bytes) => ({ marker: 'pixels', encoding, bytes })));
}

/** Every byte string that gives a marker away. Words are looked for as written, in lower and in upper case. */
export function needlesOf(markers: Markers, rescaleIntercept: number): Needle[] {
  const needles = Object.entries(markers.words).flatMap(([marker, text]) =>
    [text, text.toLowerCase(), text.toUpperCase()].flatMap((form) => wordNeedles(marker, form)),
  );
  needles.push(...rowNeedles(markers.row, rescaleIntercept));
  const unique = new Map(needles.map((needle) => [needle.bytes.toString('latin1'), needle]));
  return [...unique.values()];
}
