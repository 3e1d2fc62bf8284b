import { basename } from 'node:path';
import type { ImportOutcome, ImportReport } from '../../core/contract/import.ts';
import type { VitrineError } from '../../core/errors.ts';
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

/** A warning as the command line's report has it. */
export function warningLine(path: string, code: string): ImportReport['warnings'][number] {
  return { path, code, reason: code.replace(/^.*\//, '').replaceAll('-', ' ') };
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
