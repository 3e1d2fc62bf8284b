import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, validateFileName, type ZipFile } from 'yauzl';
import { VitrineError } from '../../core/errors.ts';
import { isClutter } from './clutter.ts';
import { sourceError } from './errors.ts';
import type { ImportSource, RefusedSource, SourceLimits } from './types.ts';

/** Below this an entry's ratio says nothing: a blank slice is a few hundred bytes of deflate. */
const RATIO_FROM = 16 * 1024 * 1024;
/**
 * The entries of a ZIP archive, each read straight from the archive; nothing is written to disk. yauzl checks structure
 * and declared sizes, names and limits are checked here: an entry that points outside its folder, an archive that
 * expands beyond the limits, and an entry with a ratio that no image has are refused and named.
 */
export async function* archiveSources(
  path: string,
  archiveSize: number,
  limits: SourceLimits,
): AsyncGenerator<ImportSource | RefusedSource> {
  const archive = await openArchive(path).catch(() => null);
  if (!archive) {
    yield { path, refused: 'source/archive-damaged' };
    return;
  }
  try {
    let entries = 0;
    let total = 0;
    for await (const entry of archive.eachEntry()) {
      entries += 1;
      total += entry.uncompressedSize;
      if (entries > limits.maxEntries || overTotal(total, archiveSize, limits)) {
        yield { path, refused: 'source/archive-limit' };
        return;
      }
      const offered = offer(path, entry, limits);
      if (offered) yield offered;
    }
  } catch {
    yield { path, refused: 'source/archive-damaged' };
  } finally {
    archive.close();
  }
}

/** SECURITY: entries may overlap, so that each has a modest ratio and the archive as a whole has not. */
function overTotal(total: number, archiveSize: number, limits: SourceLimits): boolean {
  if (total > limits.maxArchiveBytes) return true;
  return total > RATIO_FROM && total > archiveSize * limits.maxRatio;
}

function openArchive(path: string): Promise<ZipFile> {
  // Names are decoded here: yauzl would end the whole archive at the first unsafe one.
  return openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true });
}

function offer(path: string, entry: Entry, limits: SourceLimits): ImportSource | RefusedSource | null {
  const raw = entry.fileName as unknown as Buffer;
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  const label = `${path}!${name}`;
  if (validateFileName(name) !== null || name.includes('\0')) return { path: label, refused: 'source/unsafe-path' };
  if (name.endsWith('/') || isClutter(name) || basename(name).toUpperCase() === 'DICOMDIR') return null;
  if (!entry.canDecodeFileData()) return { path: label, refused: 'source/archive-damaged' };
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > RATIO_FROM && ratio > limits.maxRatio) {
    return { path: label, refused: 'source/archive-limit' };
  }
  return {
    name: basename(name),
    path: label,
    size: entry.uncompressedSize,
    open: () => readEntry(path, entry, entry.uncompressedSize),
    readPrefix: (length) => readStart(path, entry, Math.min(length, entry.uncompressedSize)),
  };
}

/** Opens the archive anew: sources may be read in any order, and long after the entries were listed. */
async function* readEntry(path: string, entry: Entry, length: number): AsyncGenerator<Uint8Array> {
  let archive: ZipFile | null = null;
  try {
    archive = await openArchive(path);
    const stream = await archive.openReadStreamPromise(entry);
    let sum = 0;
    let seen = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      seen += chunk.length;
      yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      if (seen >= length && length < entry.uncompressedSize) return;
    }
    if (sum !== entry.crc32) throw sourceError('source/archive-damaged', 'an entry does not match its checksum');
  } catch (error) {
    if (error instanceof VitrineError) throw error;
    throw sourceError('source/archive-damaged', 'an entry can not be read', error);
  } finally {
    archive?.close();
  }
}

async function readStart(path: string, entry: Entry, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of readEntry(path, entry, length)) {
    const piece = chunk.subarray(0, length - filled);
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes.subarray(0, filled);
}
