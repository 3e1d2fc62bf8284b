import type { DicomWarning } from './errors.ts';
import type { DicomJson, DicomJsonValue, DicomPersonName, ImageSummary, InstanceSummary } from './types.ts';

/** Looks a value up in a dataset of the DICOM JSON model. */
function value(json: DicomJson, tag: string, index = 0): DicomJsonValue | undefined {
  return json[tag]?.Value?.[index];
}

function text(json: DicomJson, tag: string): string | null {
  const found = value(json, tag);
  if (typeof found === 'string') return found;
  return typeof found === 'number' ? String(found) : null;
}

function uid(json: DicomJson, tag: string): string | null {
  return text(json, tag);
}

function name(json: DicomJson, tag: string, group: keyof DicomPersonName): string | null {
  const found = value(json, tag);
  if (found === null || typeof found !== 'object') return null;
  const part = (found as DicomPersonName)[group];
  return typeof part === 'string' ? part : null;
}

function integer(json: DicomJson, tag: string): number | null {
  const found = value(json, tag);
  return typeof found === 'number' && Number.isInteger(found) ? found : null;
}

function decimals(json: DicomJson | null, tag: string, count: number): number[] | null {
  const list = json?.[tag]?.Value;
  if (!list || list.length < count) return null;
  const numbers = list.slice(0, count).filter((entry): entry is number => typeof entry === 'number');
  return numbers.length === count ? numbers : null;
}

function item(json: DicomJson | null, tag: string): DicomJson | null {
  const first = json?.[tag]?.Value?.[0];
  return typeof first === 'object' && first !== null ? (first as DicomJson) : null;
}

/**
 * The level on which a plane's attribute lies: the dataset itself, or for enhanced multi-frame objects the first
 * frame's or the shared functional group (PS3.3 C.7.6.16).
 */
function plane(json: DicomJson, group: string, tag: string): DicomJson | null {
  if (json[tag]?.Value) return json;
  return item(item(json, '52009230'), group) ?? item(item(json, '52009229'), group);
}

function spacing(json: DicomJson, warnings: Set<DicomWarning>): [number, number] | null {
  const level = plane(json, '00289110', '00280030');
  const pair = decimals(level, '00280030', 2);
  const declared = level?.['00280030']?.Value !== undefined;
  if (pair?.every((millimetres) => millimetres > 0)) return pair as [number, number];
  if (declared) warnings.add('dicom/spacing');
  return null;
}

/** Numbers that decide how the image is shown; a declared value that can't be used is a warning. */
function checkRescale(json: DicomJson, warnings: Set<DicomWarning>): void {
  for (const tag of ['00281052', '00281053']) {
    const element = json[tag];
    if (element?.Value && typeof element.Value[0] !== 'number') warnings.add('dicom/rescale');
  }
  if (value(json, '00281053') === 0) warnings.add('dicom/rescale');
}

function patientAndStudy(json: DicomJson) {
  return {
    patientName: name(json, '00100010', 'Alphabetic'),
    patientNameIdeographic: name(json, '00100010', 'Ideographic'),
    patientId: text(json, '00100020'),
    issuerOfPatientId: text(json, '00100021'),
    patientBirthDate: text(json, '00100030'),
    patientSex: text(json, '00100040'),
    patientAge: text(json, '00101010'),
    studyDate: text(json, '00080020'),
    studyTime: text(json, '00080030'),
    studyId: text(json, '00200010'),
    studyDescription: text(json, '00081030'),
    accessionNumber: text(json, '00080050'),
    referringPhysicianName: name(json, '00080090', 'Alphabetic'),
    institutionName: text(json, '00080080'),
    manufacturer: text(json, '00080070'),
  };
}

function seriesAndInstance(json: DicomJson) {
  return {
    modality: text(json, '00080060'),
    seriesNumber: integer(json, '00200011'),
    seriesDescription: text(json, '0008103E'),
    seriesDate: text(json, '00080021'),
    seriesTime: text(json, '00080031'),
    bodyPart: text(json, '00180015'),
    laterality: text(json, '00200062') ?? text(json, '00200060'),
    protocolName: text(json, '00181030'),
    frameOfReferenceUid: uid(json, '00200052'),
    instanceNumber: integer(json, '00200013'),
    acquisitionNumber: integer(json, '00200012'),
  };
}

function image(json: DicomJson): ImageSummary {
  return {
    rows: integer(json, '00280010'),
    columns: integer(json, '00280011'),
    numberOfFrames: integer(json, '00280008') ?? 1,
    samplesPerPixel: integer(json, '00280002'),
    bitsAllocated: integer(json, '00280100'),
    bitsStored: integer(json, '00280101'),
    highBit: integer(json, '00280102'),
    pixelRepresentation: integer(json, '00280103'),
    planarConfiguration: integer(json, '00280006'),
    photometricInterpretation: text(json, '00280004'),
  };
}

/** Draws the catalogue's attributes from a dataset. Missing identities are empty strings; `ImageWalker` refuses them. */
export function summarize(json: DicomJson, warnings: Set<DicomWarning>): InstanceSummary {
  checkRescale(json, warnings);
  const position = decimals(plane(json, '00209113', '00200032'), '00200032', 3);
  const orientation = decimals(plane(json, '00209116', '00200037'), '00200037', 6);
  const measures = plane(json, '00289110', '00180050');
  return {
    sopInstanceUid: uid(json, '00080018') ?? uid(json, '00020003') ?? '',
    sopClassUid: uid(json, '00080016') ?? uid(json, '00020002'),
    studyInstanceUid: uid(json, '0020000D') ?? '',
    seriesInstanceUid: uid(json, '0020000E') ?? '',
    ...patientAndStudy(json),
    ...seriesAndInstance(json),
    ...image(json),
    imagePositionPatient: position as [number, number, number] | null,
    imageOrientationPatient: orientation as [number, number, number, number, number, number] | null,
    pixelSpacing: spacing(json, warnings),
    sliceThickness: decimals(measures, '00180050', 1)?.[0] ?? null,
  };
}
