/// <reference path="../vendor.d.ts" />
import dcmjs from 'dcmjs';
import { concatBytes } from '../../bytes.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

/** Vitrine's implementation class: made once, never changed. */
const IMPLEMENTATION_CLASS_UID = '2.25.215731586149043250287215413307823414513';

/** Attributes by keyword, values as dcmjs takes them. */
export type NaturalDataset = Readonly<Record<string, unknown>>;

/** A pixel element to put behind a dataset. */
export interface PixelValue {
  readonly vr: 'OB' | 'OW';
  /** Value as it stands in the file, little endian. Encapsulated fragments bring their items with them. */
  readonly bytes: Uint8Array;
  /** True for encapsulated values, whose length is undefined. */
  readonly encapsulated?: boolean;
}

/**
 * Writes a Part 10 file in an explicit VR little endian syntax: dcmjs writes the dataset by its dictionary, the pixels
 * are put behind it as they are.
 * @param dataset attributes by keyword, without the pixels. SOPClassUID and SOPInstanceUID must be there.
 */
export function writePart10(dataset: NaturalDataset, transferSyntaxUid: string, pixels: PixelValue | null): Uint8Array {
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: dataset['SOPClassUID'],
    MediaStorageSOPInstanceUID: dataset['SOPInstanceUID'],
    TransferSyntaxUID: transferSyntaxUid,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: 'VITRINE',
  });
  const file = new DicomDict(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataset);
  const header = new Uint8Array(file.write({ allowInvalidVRLength: false }));
  return pixels ? concatBytes(header, pixelHeader(pixels), padded(pixels.bytes)) : header;
}

function pixelHeader({ vr, bytes, encapsulated }: PixelValue): Uint8Array {
  const header = new Uint8Array(12);
  const view = new DataView(header.buffer);
  view.setUint16(0, 0x7fe0, true);
  view.setUint16(2, 0x0010, true);
  header[4] = vr.charCodeAt(0);
  header[5] = vr.charCodeAt(1);
  view.setUint32(8, encapsulated ? 0xffffffff : bytes.length + (bytes.length % 2), true);
  return header;
}

/** Values have even length (PS3.5 6.2). */
function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concatBytes(bytes, new Uint8Array(1));
}
