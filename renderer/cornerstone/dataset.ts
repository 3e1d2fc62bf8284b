/**
 * Reading the DICOM JSON model (PS3.18 F) that the vault's port delivers. A dataset of one frame has the functional
 * groups of enhanced multi-frame objects (PS3.3 C.7.6.16) laid over the top level, so that the rest of the room asks for
 * an attribute without knowing where the object keeps it.
 */
export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
}

export interface Dataset {
  readonly [tag: string]: JsonElement | undefined;
}

/** Tags that the viewer reads, by keyword (PS3.6). */
export const TAG = {
  transferSyntax: '00020010',
  sopClass: '00080016',
  sopInstance: '00080018',
  studyDate: '00080020',
  seriesDate: '00080021',
  acquisitionDate: '00080022',
  acquisitionDateTime: '0008002A',
  seriesTime: '00080031',
  acquisitionTime: '00080032',
  studyTime: '00080030',
  accession: '00080050',
  modality: '00080060',
  institution: '00080080',
  studyDescription: '00081030',
  seriesDescription: '0008103E',
  patientName: '00100010',
  patientId: '00100020',
  birthDate: '00100030',
  sex: '00100040',
  age: '00101010',
  weight: '00101030',
  bodyPart: '00180015',
  contrast: '00180010',
  sliceThickness: '00180050',
  kvp: '00180060',
  repetitionTime: '00180080',
  echoTime: '00180081',
  kernel: '00181210',
  exposure: '00181152',
  cineRate: '00180040',
  frameTime: '00181063',
  recommendedRate: '00082144',
  imagerSpacing: '00181164',
  magnification: '00181114',
  nominalSpacing: '00182010',
  viewPosition: '00185101',
  primaryAngle: '00181510',
  secondaryAngle: '00181511',
  mechanicalIndex: '00185022',
  boneThermalIndex: '00185024',
  cranialThermalIndex: '00185026',
  softTissueThermalIndex: '00185027',
  scanDepth: '00185050',
  usRegions: '00186011',
  seriesInstance: '0020000E',
  seriesNumber: '00200011',
  instanceNumber: '00200013',
  position: '00200032',
  orientation: '00200037',
  patientOrientation: '00200020',
  frameOfReference: '00200052',
  laterality: '00200060',
  imageLaterality: '00200062',
  sliceLocation: '00201041',
  imageComments: '00204000',
  samples: '00280002',
  photometric: '00280004',
  planar: '00280006',
  frames: '00280008',
  rows: '00280010',
  columns: '00280011',
  pixelSpacing: '00280030',
  aspectRatio: '00280034',
  bitsAllocated: '00280100',
  bitsStored: '00280101',
  highBit: '00280102',
  representation: '00280103',
  smallestPixel: '00280106',
  largestPixel: '00280107',
  padding: '00280120',
  paddingLimit: '00280121',
  calibrationType: '00280A02',
  calibrationDescription: '00280A04',
  windowCenter: '00281050',
  windowWidth: '00281051',
  intercept: '00281052',
  slope: '00281053',
  rescaleType: '00281054',
  windowExplanation: '00281055',
  windowFunction: '00281056',
  paletteRedDescriptor: '00281101',
  paletteGreenDescriptor: '00281102',
  paletteBlueDescriptor: '00281103',
  paletteRed: '00281201',
  paletteGreen: '00281202',
  paletteBlue: '00281203',
  lossy: '00282110',
  lossyRatio: '00282112',
  modalityLut: '00283000',
  lutDescriptor: '00283002',
  lutExplanation: '00283003',
  lutData: '00283006',
  voiLut: '00283010',
  sharedGroups: '52009229',
  frameGroups: '52009230',
  radiopharmaceutical: '00540016',
  units: '00541001',
  correctedImage: '00280051',
  decayCorrection: '00541102',
  frameReferenceTime: '00541300',
  injectionTime: '00181072',
  injectionDateTime: '00181078',
  dose: '00181074',
  halfLife: '00181075',
  radiopharmaceuticalName: '00180031',
  presentationShape: '20500020',
} as const;

/** The values of an attribute; empty when it is absent. */
function values(dataset: Dataset, tag: string): readonly unknown[] {
  return dataset[tag]?.Value ?? [];
}

/** All values as finite numbers; empty when absent or when one of them isn't a number. */
export function numbers(dataset: Dataset, tag: string): number[] {
  const found: number[] = [];
  for (const value of values(dataset, tag)) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return [];
    found.push(number);
  }
  return found;
}

/** The first value as a number; null when absent. */
export function number(dataset: Dataset, tag: string): number | null {
  return numbers(dataset, tag)[0] ?? null;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) {
    const name = value as { Alphabetic?: unknown; Ideographic?: unknown };
    if (typeof name.Alphabetic === 'string') return name.Alphabetic.trim();
    if (typeof name.Ideographic === 'string') return name.Ideographic.trim();
  }
  return '';
}

/** All values as text, joined by a backslash as the standard does; empty when absent. */
export function text(dataset: Dataset, tag: string): string {
  return values(dataset, tag).map(asText).join('\\');
}

/** The items of a sequence; empty when absent. */
export function items(dataset: Dataset, tag: string): readonly Dataset[] {
  return values(dataset, tag).filter((item): item is Dataset => typeof item === 'object' && item !== null);
}

function flattened(groups: Dataset | undefined): Record<string, JsonElement> {
  const flat: Record<string, JsonElement> = {};
  if (groups === undefined) return flat;
  for (const [tag, element] of Object.entries(groups)) {
    if (element === undefined) continue;
    const first = element.vr === 'SQ' ? items(groups, tag)[0] : undefined;
    if (first === undefined) flat[tag] = element;
    else for (const [inner, value] of Object.entries(first)) if (value !== undefined) flat[inner] = value;
  }
  return flat;
}

/** The dataset as it holds for `frame` (from 1): per-frame groups over shared groups over the top level. */
export function frameDataset(dataset: Dataset, frame: number): Dataset {
  const shared = items(dataset, TAG.sharedGroups)[0];
  const own = items(dataset, TAG.frameGroups)[frame - 1];
  if (shared === undefined && own === undefined) return dataset;
  return { ...dataset, ...flattened(shared), ...flattened(own) };
}
