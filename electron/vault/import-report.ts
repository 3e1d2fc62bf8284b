import { basename } from 'node:path';
import type { ImportOutcome, ImportReport } from '../../core/contract/import.ts';
import type { DicomWarning } from '../../core/dicom/errors.ts';
import type { VitrineError } from '../../core/errors.ts';
import type { VaultWarning } from '../../core/vault/errors.ts';
import type { ImportSource, RefusedSource, SourceCode } from '../sources/types.ts';
import type { FileOutcome } from './import-file.ts';
import type { TakenFile } from './pixel-check.ts';

/** Why a source could not be offered, for the command line's report; windows have their own words. */
const SOURCE_REASONS: Record<SourceCode, string> = {
  'source/missing': 'no such file',
  'source/unreadable': 'the operating system does not let it be read',
  'source/changed': 'the file changed while it was read',
  'source/unsafe-path': 'the entry points outside its archive or folder',
  'source/archive-damaged': 'the archive is damaged or encrypted',
  'source/archive-limit': 'the archive is larger, or expands further, than any real one',
  'source/too-many': 'more files than one import takes',
};

type WarningCode = DicomWarning | VaultWarning;

/** What a file was taken in with, for the command line's report. */
const WARNING_REASONS: Record<WarningCode, string> = {
  'vault/other-patient': 'names another patient than the other files of its study',
  'dicom/no-preamble': 'no DICOM preamble; the encoding was found by trying',
  'dicom/meta-damaged': 'the meta information is damaged; the encoding was found by trying',
  'dicom/out-of-order': 'attributes are out of order',
  'dicom/repeated-attribute': 'an attribute occurs twice; the last value is used',
  'dicom/undelimited': 'a sequence is never closed',
  'dicom/invalid-vr': 'an attribute has an unknown type',
  'dicom/invalid-value': 'a value does not fit its type',
  'dicom/unknown-charset': 'text in an unknown character set may show wrong letters',
  'dicom/nesting-cut': 'deeply nested sequences are not read',
  'dicom/high-bit': 'the bit positions do not fit; grey values may be wrong',
  'dicom/rescale': 'no usable rescale: values have no unit and are not HU',
  'dicom/spacing': 'no usable pixel spacing: nothing is measured in millimetres',
  'dicom/pixel-length': 'the pixels have another length than declared; the image is complete',
  'dicom/data-after-pixels': 'data after the pixels is not read',
  'dicom/frame-count': 'its images cannot be told apart with certainty',
  'dicom/offset-table': 'the table of images is wrong and not used',
  'dicom/stream-bits': 'the compressed pixels have another precision than the header says',
  'dicom/stream-damaged': 'an image of it cannot be decoded',
  'dicom/pixels-doubtful': 'decoding gives values that cannot be right: the compressed pixels are damaged',
};

/** A warning as the command line's report has it. */
export function warningLine(path: string, code: string): ImportReport['warnings'][number] {
  return { path, code, reason: Object.hasOwn(WARNING_REASONS, code) ? WARNING_REASONS[code as WarningCode] : code };
}

/** Collects what happened to each file, in the window's version and in the command line's. */
export class ReportBuilder {
  readonly report: ImportReport = { imported: [], known: [], conflicts: [], refused: [], warnings: [] };
  /** Objects with compressed frames, and the files that they came from. */
  readonly compressed = new Map<string, TakenFile>();
  readonly #names: Pick<ImportOutcome, 'refused' | 'conflicts' | 'warnings'> = {
    refused: [],
    conflicts: [],
    warnings: [],
  };

  taken(source: ImportSource, outcome: FileOutcome): void {
    const { path, name } = source;
    if (outcome.objectId !== null) this.compressed.set(outcome.objectId, { path, name });
    const list = { imported: this.report.imported, known: this.report.known, conflict: this.report.conflicts };
    list[outcome.kind].push({ path, sopInstanceUid: outcome.sopUid });
    if (outcome.kind === 'conflict') this.#names.conflicts.push({ name });
    for (const code of outcome.warnings) {
      this.report.warnings.push(warningLine(path, code));
      this.#names.warnings.push({ name, code });
    }
  }

  refused(source: ImportSource, reason: VitrineError): void {
    this.report.refused.push({ path: source.path, code: reason.code, reason: reason.message });
    this.#names.refused.push({ name: source.name, code: reason.code });
  }

  notOffered(source: RefusedSource): void {
    const code = source.refused;
    this.report.refused.push({ path: source.path, code, reason: SOURCE_REASONS[code] });
    this.#names.refused.push({ name: nameOf(source.path), code });
  }

  names(): Pick<ImportOutcome, 'refused' | 'conflicts' | 'warnings'> {
    return this.#names;
  }
}

/** The last part of a path on disk, or of an entry in an archive. */
function nameOf(path: string): string {
  return basename(path.slice(path.lastIndexOf('!') + 1).replaceAll('\\', '/'));
}
