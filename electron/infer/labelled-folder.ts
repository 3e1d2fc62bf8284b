import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { inferError } from '../../core/infer/errors.ts';

/** A file in the folder of a class. */
export interface LabelledFile {
  readonly path: string;
  /** Below the folder, with `/` on every system. */
  readonly name: string;
  /** Place of the class among the model's labels. */
  readonly label: number;
}

/** What lies in a folder that has one subfolder for each class. */
export interface LabelledFolder {
  /** In the order of the labels, then of the names. */
  readonly files: readonly LabelledFile[];
  /** Names of files that lie in no class's folder. */
  readonly beside: readonly string[];
}

/** Files that systems leave in folders begin so; links are not followed. */
const isHidden = (name: string): boolean => name.startsWith('.');

/**
 * Lists a folder with one subfolder for each class, named as the model's labels. A class may have none.
 * @throws VitrineError infer/class naming the labels; what the operating system says of a folder that can't be read
 */
export async function labelledFolder(folder: string, labels: readonly string[]): Promise<LabelledFolder> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isHidden(name));
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const unknown = folders.find((name) => !labels.includes(name));
  const asked = `the folder must have one folder for each class, named ${labels.join(', ')}`;
  if (unknown !== undefined) throw inferError('infer/class', `${asked}; "${unknown.slice(0, 64)}" is none of them`);
  if (folders.length === 0) throw inferError('infer/class', `${asked}; it has no folder`);
  const files: LabelledFile[] = [];
  for (const [label, name] of labels.entries()) {
    if (!folders.includes(name)) continue;
    const inside = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
    const paths = inside
      .filter((entry) => entry.isFile() && !isHidden(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
    for (const path of paths) files.push({ path, name: relative(folder, path).split(sep).join('/'), label });
  }
  if (files.length === 0) throw inferError('infer/class', `no folder of a class has a picture; ${asked}`);
  return { files, beside: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name) };
}
