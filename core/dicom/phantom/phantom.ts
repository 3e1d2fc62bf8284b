/**
 * The sample study that Vitrine brings along: a chest and abdomen phantom made by arithmetic, with geometry and
 * Hounsfield units that are known by construction. It shows the workstation without a patient, and it is the truth that
 * measurements are tested against.
 */
import { EXPLICIT_LITTLE } from '../transfer-syntax.ts';
import { paintSlice, STORED_OFFSET } from './paint.ts';
import { type NaturalDataset, writePart10 } from './part10-writer.ts';
import { type PhantomGeometry, phantomGeometry } from './truth.ts';
import { derivedUid } from './uid.ts';

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';

/** Attributes of the invented patient. */
export interface PhantomPatient {
  readonly name: string;
  readonly id: string;
  /** DA */
  readonly birthDate: string;
  readonly sex: string;
  readonly comments: string;
}

/** How to make a phantom. The same options always give the same bytes. */
export interface PhantomOptions {
  /** All UIDs follow from it: another seed is another study. */
  readonly seed?: string;
  /** Pixels a side: 512 unless said otherwise. */
  readonly matrix?: number;
  /** 128 unless said otherwise; the body stays as long as it is. */
  readonly slices?: number;
  readonly patient?: Partial<PhantomPatient>;
  readonly studyDescription?: string;
  readonly accessionNumber?: string;
  /** DA; the study's and every slice's date. */
  readonly date?: string;
  /** Stored values written over the beginning of the first row of every slice: a marker for forensic tests. */
  readonly firstRow?: Uint16Array;
}

/** One slice as a Part 10 file. */
export interface PhantomSlice {
  /** `phantom-001.dcm` */
  readonly name: string;
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

/** Yields the slices from the feet upwards (ascending z), each a whole file of about 2 bytes per pixel. */
export function* phantomStudy(options: PhantomOptions = {}): Generator<PhantomSlice> {
  const geometry = phantomGeometry(options.matrix, options.slices);
  const shared = sharedAttributes(options, geometry);
  for (let slice = 0; slice < geometry.slices; slice++) {
    const sopInstanceUid = derivedUid(`${seedOf(options)}/instance/${slice}`);
    const pixels = paintSlice(geometry, slice);
    if (options.firstRow) pixels.set(options.firstRow.subarray(0, geometry.columns));
    const dataset = { ...shared, ...sliceAttributes(geometry, slice), SOPInstanceUID: sopInstanceUid };
    const bytes = new Uint8Array(pixels.buffer);
    yield {
      name: `phantom-${String(slice + 1).padStart(3, '0')}.dcm`,
      sopInstanceUid,
      bytes: writePart10(dataset, EXPLICIT_LITTLE, { vr: 'OW', bytes }),
    };
  }
}

/** Study Instance UID of the phantom that `options` make. */
export function phantomStudyUid(options: PhantomOptions = {}): string {
  return derivedUid(`${seedOf(options)}/study`);
}

function seedOf(options: PhantomOptions): string {
  return options.seed ?? `vitrine-phantom/${options.matrix ?? 512}/${options.slices ?? 128}`;
}

function sharedAttributes(options: PhantomOptions, geometry: PhantomGeometry): NaturalDataset {
  const { patient = {}, date = '20240229' } = options;
  const seed = seedOf(options);
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SOPClassUID: CT_IMAGE,
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: '101500',
    SeriesTime: '101630',
    AcquisitionTime: '101700',
    ContentTime: '101700',
    AccessionNumber: options.accessionNumber ?? 'VITRINE-0001',
    Modality: 'CT',
    Manufacturer: 'Vitrine',
    InstitutionName: 'Vitrine phantom generator',
    ReferringPhysicianName: 'NOBODY^Real',
    StudyDescription: options.studyDescription ?? 'CT chest and abdomen (phantom)',
    SeriesDescription: `Axial ${formatDecimal(geometry.sliceSpacing)} mm`,
    ManufacturerModelName: 'Phantom 1',
    PatientName: patient.name ?? 'PHANTOM^Vitrine',
    PatientID: patient.id ?? 'VITRINE-PHANTOM',
    PatientBirthDate: patient.birthDate ?? '19700101',
    PatientSex: patient.sex ?? 'O',
    ...(patient.comments === undefined ? {} : { PatientComments: patient.comments }),
    BodyPartExamined: 'CHEST',
    SliceThickness: formatDecimal(geometry.sliceSpacing),
    KVP: '120',
    SpacingBetweenSlices: formatDecimal(geometry.sliceSpacing),
    ConvolutionKernel: 'NONE',
    PatientPosition: 'HFS',
    StudyInstanceUID: derivedUid(`${seed}/study`),
    SeriesInstanceUID: derivedUid(`${seed}/series`),
    StudyID: '1',
    SeriesNumber: '2',
    AcquisitionNumber: '1',
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    FrameOfReferenceUID: derivedUid(`${seed}/frame-of-reference`),
    PositionReferenceIndicator: '',
    ...pixelAttributes(geometry),
  };
}

function pixelAttributes(geometry: PhantomGeometry): NaturalDataset {
  const spacing = formatDecimal(geometry.pixelSpacing);
  return {
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: geometry.rows,
    Columns: geometry.columns,
    PixelSpacing: [spacing, spacing],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: '40',
    WindowWidth: '400',
    RescaleIntercept: String(-STORED_OFFSET),
    RescaleSlope: '1',
    RescaleType: 'HU',
  };
}

function sliceAttributes(geometry: PhantomGeometry, slice: number): NaturalDataset {
  const [x, y, first] = geometry.origin;
  const z = formatDecimal(first + slice * geometry.sliceSpacing);
  return {
    InstanceNumber: String(slice + 1),
    ImagePositionPatient: [formatDecimal(x), formatDecimal(y), z],
    SliceLocation: z,
  };
}

/** Decimal String: at most 16 characters (PS3.5 6.2). */
function formatDecimal(value: number): string {
  return String(Number(value.toFixed(8)));
}
