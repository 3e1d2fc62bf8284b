import { VitrineError } from '../errors.ts';
import { NeedMore, readDataset } from './dataset.ts';
import { addDicomJson } from './dicom-json.ts';
import { type DicomWarning, dicomError } from './errors.ts';
import { readPart10Start } from './part10.ts';
import type { DicomJson } from './types.ts';

/**
 * The files that a DICOMDIR names: Referenced File ID (0004,1500) of each directory record that has one, in the order
 * of the records, as path components below the DICOMDIR's folder (PS3.10 8.5). The links between records are not
 * followed: the sequence holds every record, and a DICOMDIR with damaged links still names its files.
 * @param bytes the whole DICOMDIR.
 * @throws VitrineError<DicomCode>
 */
export function readDirectory(bytes: Uint8Array): readonly (readonly string[])[] {
  const warnings = new Set<DicomWarning>();
  const prefix = { bytes, fileSize: bytes.length };
  try {
    const start = readPart10Start(prefix, warnings);
    const json: DicomJson = {};
    addDicomJson(json, readDataset(prefix, start.position, start.syntax, warnings), warnings);
    const records = json['00041220']?.Value ?? [];
    return records.flatMap((record) => fileId(record as DicomJson | null));
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    const message = error instanceof NeedMore ? 'the DICOMDIR is cut off' : 'the DICOMDIR can not be read';
    throw dicomError('dicom/malformed', message, {}, error);
  }
}

function fileId(record: DicomJson | null): string[][] {
  const parts = record?.['00041500']?.Value?.filter((part): part is string => typeof part === 'string') ?? [];
  return parts.length === 0 ? [] : [parts];
}
