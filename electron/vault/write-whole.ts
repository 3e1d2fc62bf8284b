import { open, rename, unlink } from 'node:fs/promises';

/** Ends the name of a small file that is still being written. */
export const PART = '.part';

/**
 * Writes a small file whole under another name, flushes it, and then gives it its own: whoever reads it, whenever the
 * process is killed, sees all of it or nothing. On failure nothing stays.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}${PART}`;
  const handle = await open(part, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
    await handle.close();
    await rename(part, path);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(part).catch(() => undefined);
    throw error;
  }
}
