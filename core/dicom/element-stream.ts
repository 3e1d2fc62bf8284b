import dicomParser, { type ByteArrayParser, type Element } from 'dicom-parser';
import { VitrineError } from '../errors.ts';
import { dicomError } from './errors.ts';
import { vrOf } from './vr.ts';

const { ByteStream, readDicomElementExplicit, readDicomElementImplicit } = dicomParser;

/** The element at which reading stops; its value is never touched. */
export const PIXEL_DATA = 'x7fe00010';

/** Attributes, nested ones included, that one header may have. */
const MAX_ELEMENTS = 1_000_000;

/** Representations newer than dicom-parser, with a four-byte length as UN has (PS3.5 7.1.2). */
const YOUNG_VRS: ReadonlySet<string> = new Set(['OV', 'SV', 'UV']);

/**
 * dicom-parser's stream with two additions: it counts attributes, so that a file of nothing but tiny attributes can't
 * fill the memory, and it tells the parser to read OV, SV and UV as it reads UN. `vrInFile` gives the real one back.
 */
export class ElementStream extends ByteStream {
  readonly explicit: boolean;
  private elements = 0;

  constructor(bytes: Uint8Array, position: number, explicit: boolean, parser: ByteArrayParser) {
    super(parser, bytes, position);
    this.explicit = explicit;
    const readFixedString = this.readFixedString.bind(this);
    this.readFixedString = (length) => {
      this.count();
      const text = readFixedString(length);
      return length === 2 && YOUNG_VRS.has(text) ? 'UN' : text;
    };
    const readUint32 = this.readUint32.bind(this);
    this.readUint32 = () => {
      this.count();
      return readUint32();
    };
  }

  /** Reads the next attribute of the dataset, its nested items included. */
  next(): Element {
    try {
      return this.explicit
        ? readDicomElementExplicit(this, this.warnings, PIXEL_DATA)
        : readDicomElementImplicit(this, PIXEL_DATA, implicitVr);
    } catch (error) {
      if (error instanceof VitrineError) throw error;
      if (error instanceof RangeError && /stack/i.test(error.message)) {
        throw dicomError('dicom/nesting', 'sequences are nested too deeply', {}, error);
      }
      throw new UnreadableElement(String(error));
    }
  }

  /** Explicit attributes read their two-character VR, implicit ones a four-byte length: one or two counts for each. */
  private count(): void {
    this.elements += 1;
    if (this.elements > 2 * MAX_ELEMENTS) throw tooMany();
  }
}

/** The parser ran into the end of the bytes or into something that is no attribute. */
export class UnreadableElement extends Error {}

function tooMany(): VitrineError {
  return dicomError('dicom/header-too-large', 'too many attributes', { limit: MAX_ELEMENTS });
}

/** dicom-parser takes undefined for "unknown: look whether an item follows", though its type says string. */
function implicitVr(tag: string): string {
  return vrOf(tag.slice(1).toUpperCase()) ?? (undefined as unknown as string);
}

/** The two characters that stand in the file for an element with a four-byte length. */
export function vrInFile(bytes: Uint8Array, element: Element): string {
  const at = element.dataOffset - 8;
  return String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
}
