import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PhantomOptions, phantomStudy } from '../core/dicom/phantom/phantom.ts';

/** Writes a generated study into a new folder, one file a slice. @returns the files' paths, from the feet upwards */
export async function writeStudy(folder: string, options: PhantomOptions): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { name, bytes } of phantomStudy(options)) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    paths.push(path);
  }
  return paths;
}
