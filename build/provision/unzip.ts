import { createWriteStream } from 'node:fs';
import { chmod, mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, open, type ZipFile } from 'yauzl';

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/**
 * Unpacks a ZIP with its permissions and symbolic links (the macOS runtime holds some).
 * @param rename where an entry goes, relative to `folder`; null leaves it out.
 */
export async function unzip(
  file: string,
  folder: string,
  rename: (path: string) => string | null = (path) => path,
): Promise<void> {
  const zip = await promisify<string, object, ZipFile>(open)(file, { lazyEntries: true, autoClose: true });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      extract(zip, entry, folder, rename).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}

async function extract(
  zip: ZipFile,
  entry: Entry,
  folder: string,
  rename: (path: string) => string | null,
): Promise<void> {
  const name = rename(entry.fileName);
  if (name === null || name === '') return;
  const target = join(folder, name);
  mustLieIn(folder, target);
  if (name.endsWith('/')) {
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  // An earlier entry may have been a link that leads elsewhere.
  mustLieIn(await realpath(folder), await realpath(dirname(target)));
  const mode = entry.externalFileAttributes >>> 16;
  const stream = await promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
  if ((mode & S_IFMT) === S_IFLNK) {
    await symlink((await buffer(stream)).toString(), target);
    return;
  }
  await pipeline(stream, createWriteStream(target));
  if ((mode & 0o777) !== 0) await chmod(target, mode & 0o777);
}

function mustLieIn(folder: string, path: string): void {
  if (relative(folder, path).split(sep)[0] === '..') throw new Error('the archive names a file outside its folder');
}
