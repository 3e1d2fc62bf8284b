import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, stat, unlink } from 'node:fs/promises';
import { vaultError } from '../../core/vault/errors.ts';
import { systemCode } from '../vault/failure.ts';

const CHUNK = 1024 * 1024;
/** What a bad sector, or a damaged file system, answers to who reads. */
const UNREADABLE = new Set(['ENOENT', 'EIO', 'EBADMSG', 'EISDIR', 'EUCLEAN']);
/** Ends the name of a copy that is still being written. */
export const PART = '.part';

export interface HashedFile {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly size: number;
}

export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw vaultError('vault/cancelled', 'the work was cancelled');
}

/** What reading a source answered: a failure of the disk that is written to must not pass for one of the source. */
class SourceFailure extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    super('the source can not be read', { cause });
    this.code = systemCode(cause) ?? '';
  }
}

function ofSource(cause: unknown): never {
  throw systemCode(cause) === null ? cause : new SourceFailure(cause);
}

/** Reads a file once, in pieces; what is given is used up before the next piece is read. */
async function* pieces(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  const handle = await open(path, 'r').catch(ofSource);
  try {
    for (;;) {
      stopIfAborted(signal);
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, null).catch(ofSource);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

export async function hashFile(path: string, signal: AbortSignal): Promise<HashedFile> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of pieces(path, signal)) {
    hash.update(piece);
    size += piece.length;
  }
  return { sha256: hash.digest('hex'), size };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}

/**
 * Copies a file and hashes it on the way. The copy has its name only when it is whole and flushed; flushing the folder is
 * the caller's. `accept` looks at the hash first: false leaves nothing.
 */
export async function copyFile(
  from: string,
  to: string,
  signal: AbortSignal,
  accept: (copied: HashedFile, part: string) => boolean | Promise<boolean> = () => true,
): Promise<HashedFile | null> {
  const part = `${to}.${randomBytes(4).toString('hex')}${PART}`;
  const handle = await open(part, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of pieces(from, signal)) {
      hash.update(piece);
      size += piece.length;
      await writeAll(handle, piece);
    }
    await handle.datasync();
    await handle.close();
    const copied = { sha256: hash.digest('hex'), size };
    if (!(await accept(copied, part))) {
      await unlink(part);
      return null;
    }
    await rename(part, to);
    return copied;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(part).catch(() => undefined);
    throw error;
  }
}

/** Null for a file that is gone or can't be read any more; whatever else went wrong is thrown. */
export function ignoreUnreadable(error: unknown): null {
  if (error instanceof SourceFailure && UNREADABLE.has(error.code)) return null;
  throw error;
}

/** Size and time of a file; null when it is gone. */
export async function statOf(path: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Runs `task` for each item, so many at a time. The first failure ends it, when those under way have ended. */
export async function eachOf<T>(items: Iterable<T>, atATime: number, task: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: { error: unknown } | null = null;
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && failure === null; next = iterator.next()) {
      await task(next.value).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  if (failure !== null) throw (failure as { error: unknown }).error;
}
