/**
 * Turns what a user chose (files, folders, ZIP archives, a DICOMDIR) into a stream of files to import. Nothing is
 * extracted, nothing is read but names, sizes and the first bytes that tell an archive; whether a file is DICOM is
 * for import to say.
 */
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isClutter } from './clutter.ts';
import { asSourceError } from './errors.ts';
import { fileSource } from './file-source.ts';
import type { ImportSource, RefusedSource, SourceLimits } from './types.ts';

/** Generous for a clinic's archive, finite for a hostile one. */
const SOURCE_LIMITS: SourceLimits = {
  maxFiles: 1_000_000,
  maxEntries: 250_000,
  maxArchiveBytes: 256 * 1024 ** 3,
  maxRatio: 250,
  maxDepth: 64,
};

/** Loaded when one is met: with the reader of DICOMDIRs comes the DICOM dictionary, a megabyte that no start may wait for. */
const loadFileSets = () => import('./file-set.ts');
const loadArchives = () => import('./archive.ts');

/**
 * Offers every file under `paths`, in an order that depends on nothing but their names. Symbolic links inside folders
 * are not followed; a chosen path may be one. A DICOMDIR inside a folder is an index and is passed over.
 */
export async function* expandSources(
  paths: readonly string[],
  limits: Partial<SourceLimits> = {},
): AsyncGenerator<ImportSource | RefusedSource> {
  const bounds = { ...SOURCE_LIMITS, ...limits };
  let files = 0;
  for (const path of paths) {
    for await (const offered of expandChosen(path, bounds)) {
      files += 1;
      if (files > bounds.maxFiles) {
        yield { path, refused: 'source/too-many' };
        return;
      }
      yield offered;
    }
  }
}

async function* expandChosen(path: string, limits: SourceLimits): AsyncGenerator<ImportSource | RefusedSource> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) yield* expandFolder(path, limits, 0);
    else if (!status.isFile()) yield { path, refused: 'source/unreadable' };
    else if (isDirectoryName(path)) yield* (await loadFileSets()).fileSetSources(path, status.size);
    else yield* expandFile(path, status.size, limits);
  } catch (error) {
    yield { path, refused: asSourceError(error).code };
  }
}

function isDirectoryName(path: string): boolean {
  return /^DICOMDIR/i.test(basename(path));
}

async function* expandFile(
  path: string,
  size: number,
  limits: SourceLimits,
): AsyncGenerator<ImportSource | RefusedSource> {
  if (await isArchive(path, size)) yield* (await loadArchives()).archiveSources(path, size, limits);
  else yield fileSource(path, size);
}

/** "PK" at the start, and not a DICOM file that merely has it in its preamble. */
async function isArchive(path: string, size: number): Promise<boolean> {
  if (size < 22) return false;
  const first = await fileSource(path, size).readPrefix(132);
  const zip = first[0] === 0x50 && first[1] === 0x4b && (first[2] === 3 || first[2] === 5);
  const dicom = first[128] === 0x44 && first[129] === 0x49 && first[130] === 0x43 && first[131] === 0x4d;
  return zip && !dicom;
}

async function* expandFolder(
  folder: string,
  limits: SourceLimits,
  depth: number,
): AsyncGenerator<ImportSource | RefusedSource> {
  if (depth > limits.maxDepth) {
    yield { path: folder, refused: 'source/too-many' };
    return;
  }
  for (const name of (await readdir(folder)).sort(byName)) {
    const path = join(folder, name);
    if (isClutter(name) || name.toUpperCase() === 'DICOMDIR') continue;
    try {
      const status = await lstat(path);
      if (status.isDirectory()) yield* expandFolder(path, limits, depth + 1);
      else if (status.isFile() && /\.zip$/i.test(name)) yield* expandFile(path, status.size, limits);
      else if (status.isFile()) yield fileSource(path, status.size);
    } catch (error) {
      yield { path, refused: asSourceError(error).code };
    }
  }
}

/** Numbers inside names count as numbers, without a locale: IM2 comes before IM10 on every machine. */
function byName(a: string, b: string): number {
  const pad = (name: string): string => name.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
  const left = pad(a);
  const right = pad(b);
  if (left === right) return a < b ? -1 : 1;
  return left < right ? -1 : 1;
}
