/** What the catalogue keeps of a study, a series and an instance, before SQL. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FrameIndex, InstanceSummary } from '../../core/dicom/types.ts';
import type { ObjectId } from '../../core/ids.ts';

export interface StudyRecord {
  readonly studyUid: string;
  readonly patientName: string;
  readonly patientNameIdeographic: string;
  readonly patientId: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly description: string;
  readonly accessionNumber: string;
}

export interface SeriesRecord {
  readonly seriesUid: string;
  readonly modality: string;
  readonly number: number | null;
  readonly description: string;
  readonly bodyPart: string;
  readonly laterality: string;
  readonly date: string;
  readonly time: string;
}

export interface InstanceRecord {
  readonly objectId: ObjectId;
  readonly series: SeriesRecord;
  readonly sopUid: string;
  readonly sopClassUid: string;
  readonly number: number | null;
  /** Lower-case hexadecimal SHA-256 of the file as it was given. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly transferSyntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly geometry: SliceGeometry | null;
  readonly warnings: readonly string[];
  readonly frameIndex: FrameIndex | null;
  /** DICOM JSON, raw deflate. */
  readonly deflatedJson: Uint8Array;
}

/** Where a slice lies in patient space (PS3.3 C.7.6.2): position in mm, direction cosines. */
export interface SliceGeometry {
  readonly position: readonly [number, number, number];
  readonly orientation: readonly [number, number, number, number, number, number];
}

export function studyRecord(summary: InstanceSummary): StudyRecord {
  return {
    studyUid: summary.studyInstanceUid,
    patientName: summary.patientName ?? '',
    patientNameIdeographic: summary.patientNameIdeographic ?? '',
    patientId: summary.patientId ?? '',
    patientBirthDate: summary.patientBirthDate ?? '',
    patientSex: summary.patientSex ?? '',
    studyDate: summary.studyDate ?? '',
    studyTime: summary.studyTime ?? '',
    description: summary.studyDescription ?? '',
    accessionNumber: summary.accessionNumber ?? '',
  };
}

/** Fills what the first instance of a study left empty from a later one. */
export function completeStudy(known: StudyRecord, later: StudyRecord): StudyRecord {
  const entries = Object.entries(known).map(([field, value]) => [
    field,
    value === '' ? later[field as keyof StudyRecord] : value,
  ]);
  return Object.fromEntries(entries) as StudyRecord;
}

/** True where both name a patient and it isn't the same: by name, id or birth date. What one leaves empty says nothing. */
export function isOtherPatient(known: StudyRecord, given: StudyRecord): boolean {
  const differ = (a: string, b: string) => a !== '' && b !== '' && a !== b;
  return (
    differ(comparableName(known.patientName), comparableName(given.patientName)) ||
    differ(known.patientId.trim(), given.patientId.trim()) ||
    differ(known.patientBirthDate.trim(), given.patientBirthDate.trim())
  );
}

/** Empty components at the end and the case of letters make no other name (PS3.5 6.2.1). */
function comparableName(name: string): string {
  return name.replace(/[\^= ]+$/, '').toUpperCase();
}

export function seriesRecord(summary: InstanceSummary): SeriesRecord {
  return {
    seriesUid: summary.seriesInstanceUid,
    modality: summary.modality ?? '',
    number: summary.seriesNumber,
    description: summary.seriesDescription ?? '',
    bodyPart: summary.bodyPart ?? '',
    laterality: summary.laterality ?? '',
    date: summary.seriesDate ?? '',
    time: summary.seriesTime ?? '',
  };
}

export function sliceGeometry(summary: InstanceSummary): SliceGeometry | null {
  const { imagePositionPatient: position, imageOrientationPatient: orientation } = summary;
  return position === null || orientation === null ? null : { position, orientation };
}

/** Any JSON value as stored in a blob column. */
export function packJson(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateRawSync(JSON.stringify(value), { level: 1 }));
}

/** Text of a blob that `packJson` or the header worker made. */
export function unpackText(blob: Uint8Array): string {
  return inflateRawSync(blob).toString('utf8');
}
