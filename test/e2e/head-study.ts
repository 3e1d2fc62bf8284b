import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePart10 } from '../../core/dicom/phantom/part10-writer.ts';
import { derivedUid } from '../../core/dicom/phantom/uid.ts';
import { EXPLICIT_LITTLE } from '../../core/dicom/transfer-syntax.ts';
import type { Picture } from '../../core/schemes/picture.ts';
import { headPhantom } from '../fixtures/head-phantom.ts';

const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
const BITS = 12;

/** What an image of the study is of: a head by its seed, or one value everywhere. */
type Slice = { readonly head: number } | 'flat';

/** A head as a picture file holds one: grey, 8 bits. */
export function headPicture(side: number): Picture {
  const samples = Uint16Array.from(headPhantom(side, 1), (value) => Math.round(value * 255));
  return { columns: side, rows: side, channels: 1, bits: 8, samples };
}

/** Writes a generated MR study of the head, one file an image. The patient is the study's own unless named. */
export async function writeHeadStudy(
  folder: string,
  seed: string,
  side: number,
  slices: readonly Slice[],
  { date, patient }: { readonly date: string; readonly patient: string } = { date: '20240229', patient: seed },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, slice] of slices.entries()) {
    const values = slice === 'flat' ? new Float32Array(side * side).fill(0.5) : headPhantom(side, slice.head);
    const pixels = Uint16Array.from(values, (value) => Math.round(value * (2 ** BITS - 1)));
    const dataset = {
      SpecificCharacterSet: 'ISO_IR 192',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      SOPClassUID: MR_IMAGE,
      SOPInstanceUID: derivedUid(`${seed}/instance/${index}`),
      StudyInstanceUID: derivedUid(`${seed}/study`),
      SeriesInstanceUID: derivedUid(`${seed}/series`),
      FrameOfReferenceUID: derivedUid(`${seed}/frame`),
      StudyDate: date,
      StudyTime: '101500',
      Modality: 'MR',
      Manufacturer: 'Vitrine',
      StudyDescription: 'MR head (phantom)',
      SeriesDescription: 'Axial T1',
      PatientName: 'PHANTOM^Head',
      PatientID: patient,
      PatientBirthDate: '19700101',
      PatientSex: 'O',
      BodyPartExamined: 'HEAD',
      StudyID: '1',
      SeriesNumber: '1',
      InstanceNumber: String(index + 1),
      ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
      ImagePositionPatient: ['0', '0', String(5 * index)],
      SliceThickness: '5',
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: side,
      Columns: side,
      PixelSpacing: ['1', '1'],
      BitsAllocated: 16,
      BitsStored: BITS,
      HighBit: BITS - 1,
      PixelRepresentation: 0,
      WindowCenter: '2048',
      WindowWidth: '4096',
    };
    const bytes = writePart10(dataset, EXPLICIT_LITTLE, { vr: 'OW', bytes: new Uint8Array(pixels.buffer) });
    await writeFile(join(folder, `head-${index + 1}.dcm`), bytes);
  }
}
