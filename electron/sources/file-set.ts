import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { readDirectory } from '../../core/dicom/directory.ts';
import { fileSource } from './file-source.ts';
import type { ImportSource, RefusedSource } from './types.ts';

const MAX_DIRECTORY = 64 * 1024 * 1024;

/**
 * The files that a DICOMDIR names (PS3.10 section 8). Names are matched without regard to case, since media are often
 * copied that way. Files that are missing are named, and so are those that would lie outside the DICOMDIR's folder.
 */
export async function* fileSetSources(path: string, size: number): AsyncGenerator<ImportSource | RefusedSource> {
  const folder = dirname(path);
  let records: readonly (readonly string[])[];
  try {
    if (size > MAX_DIRECTORY) throw new RangeError('a DICOMDIR of that size is none');
    records = readDirectory(new Uint8Array(await readFile(path)));
  } catch {
    yield { path, refused: 'source/unreadable' };
    return;
  }
  const root = await realpath(folder);
  const seen = new Set<string>();
  for (const record of records) {
    const label = join(folder, ...record.filter(isSafe));
    if (!record.every(isSafe)) {
      yield { path: join(folder, '(unsafe name)'), refused: 'source/unsafe-path' };
      continue;
    }
    const found = await find(folder, record);
    if (!found) {
      yield { path: label, refused: 'source/missing' };
      continue;
    }
    // SECURITY: a link inside the folder may point out of it.
    const real = await realpath(found);
    if (!real.startsWith(root + sep)) {
      yield { path: label, refused: 'source/unsafe-path' };
      continue;
    }
    if (seen.has(real)) continue;
    seen.add(real);
    const status = await stat(real);
    yield status.isFile() ? fileSource(found, status.size) : { path: label, refused: 'source/unreadable' };
  }
}

function isSafe(component: string): boolean {
  return component !== '' && component !== '.' && component !== '..' && !/[/\\:\0]/.test(component);
}

/** Follows the components, preferring the exact spelling; null where one isn't there. */
async function find(folder: string, components: readonly string[]): Promise<string | null> {
  let path = folder;
  for (const component of components) {
    const names = await readdir(path).catch((): string[] => []);
    const wanted = component.toUpperCase();
    const name = names.includes(component) ? component : names.find((other) => other.toUpperCase() === wanted);
    if (name === undefined) return null;
    path = join(path, name);
  }
  return path;
}
