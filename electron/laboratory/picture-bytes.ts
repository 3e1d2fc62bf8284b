import { open } from 'node:fs/promises';
import { VitrineError } from '../../core/errors.ts';
import { schemesError } from '../../core/schemes/errors.ts';

/** Bytes that a picture file may have. */
const PICTURE_FILE_LIMIT = 128 * 1024 * 1024;

/** The bytes of one dropped or chosen file; nobody looks at them before they are in the engine. @throws schemes/too-large, schemes/file */
export async function readPictureFile(paths: readonly string[]): Promise<Uint8Array> {
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw schemesError('schemes/picture', 'the Laboratory takes one file; choose one');
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new VitrineError('schemes/file', 'the file can not be read; choose another', { cause });
  });
  try {
    const { size } = await handle.stat();
    if (size > PICTURE_FILE_LIMIT)
      throw schemesError('schemes/too-large', 'the file is too large; choose a smaller image');
    return new Uint8Array(await handle.readFile());
  } catch (cause) {
    if (cause instanceof VitrineError) throw cause;
    throw new VitrineError('schemes/file', 'the file can not be read; choose another', { cause });
  } finally {
    await handle.close();
  }
}
