import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type BulkFiles, chooseBulkFiles } from '../crypto/bulk-files.ts';
import { asSourceError, sourceError } from './errors.ts';
import type { ImportSource } from './types.ts';

/** Bytes per read: enough that the file system streams, little enough that many imports fit in memory. */
const CHUNK = 256 * 1024;

/** A regular file on disk. @param size as `stat` told it; a file that turns out shorter or longer throws. */
export function fileSource(path: string, size: number): ImportSource {
  const files = chooseBulkFiles();
  return {
    ...(files && { readInto: (out: Uint8Array) => readWhole(files, path, out) }),
    name: basename(path),
    path,
    size,
    open: () => readChunks(path, size),
    readPrefix: (length) => readStart(path, Math.min(length, size)),
  };
}

async function readWhole(files: BulkFiles, path: string, out: Uint8Array): Promise<void> {
  const fits = await files.read(path, out).catch((error: unknown) => {
    throw asSourceError(error);
  });
  if (!fits) throw sourceError('source/changed', 'the file changed while it was read');
}

async function* readChunks(path: string, size: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw asSourceError(error);
  });
  try {
    let position = 0;
    while (position < size) {
      const chunk = new Uint8Array(Math.min(CHUNK, size - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    const grown = (await handle.stat()).size !== size;
    if (position !== size || grown) throw sourceError('source/changed', 'the file changed while it was read');
  } catch (error) {
    throw asSourceError(error);
  } finally {
    await handle.close();
  }
}

async function readStart(path: string, length: number): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, length - filled, filled);
        if (bytesRead === 0) throw sourceError('source/changed', 'the file changed while it was read');
        filled += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asSourceError(error);
  }
}
