import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PhantomOptions, phantomStudy } from '../../core/dicom/phantom/phantom.ts';
import { derivedUid } from '../../core/dicom/phantom/uid.ts';

/** A UID of the same length that differs in its last digit. */
function nextUid(uid: string): string {
  return `${uid.slice(0, -1)}${(Number(uid.at(-1)) + 1) % 10}`;
}

/** A copy of a file in which every occurrence of some texts is replaced by others of the same length. */
function replaced(bytes: Uint8Array, pairs: readonly (readonly [string, string])[]): Uint8Array {
  const copy = Buffer.from(bytes);
  for (const [from, to] of pairs) {
    for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1');
  }
  return copy;
}

/** Writes a generated study of two series with the same slices, so that series can be changed and compared. */
export async function writeTwoSeries(
  folder: string,
  options: PhantomOptions & { readonly seed: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const series = derivedUid(`${options.seed}/series`);
  for (const { name, sopInstanceUid, bytes } of phantomStudy(options)) {
    await writeFile(join(folder, name), bytes);
    const twin = replaced(bytes, [
      [series, nextUid(series)],
      [sopInstanceUid, nextUid(sopInstanceUid)],
    ]);
    await writeFile(join(folder, `twin-${name}`), twin);
  }
}
