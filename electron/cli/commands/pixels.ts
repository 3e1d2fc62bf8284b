import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type PixelsReport, pixelsReport } from '../../../core/contract/import.ts';
import { VitrineError } from '../../../core/errors.ts';
import { pixelsOf, withFileReader } from '../../decode/pixels-of.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { type Column, printable, table } from '../table.ts';
import { runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';
import { explain } from '../words.ts';

type Image = PixelsReport['images'][number];
/** Hands on each image of a name, or why one of them can't be read. @throws when there is none at all */
type Hash = (name: string, report: PixelsReport) => Promise<void>;

/** A name that can only be a UID of the vault (PS3.5 section 9). */
const UID = /^\d+(\.\d+)+$/;

async function hashFile(file: string, report: PixelsReport): Promise<void> {
  report.images.push({ file, ...(await withFileReader(file, pixelsOf)) });
}

/** The names with every folder replaced by the files in it, at any depth, in order. */
async function expand(names: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const name of names) {
    const isFolder = await stat(name).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (!isFolder) {
      all.push(name);
      continue;
    }
    const entries = await readdir(name, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    all.push(...files.sort());
  }
  return all;
}

/** All objects of the vault with this UID: more than one where files of the same UID differ, and one may be damaged alone. */
async function hashSealed(vault: FileVault, uid: string, report: PixelsReport): Promise<void> {
  const found = vault.objectsOf(uid);
  if (found.length === 0) throw new VitrineError('vault/no-such-object', 'no image with this UID');
  for (const place of found) {
    try {
      report.images.push({ file: uid, ...(await hashObject(vault, place)) });
    } catch (error) {
      report.refused.push({ file: uid, ...explain(error) });
    }
  }
}

async function hashObject(vault: FileVault, place: ReturnType<FileVault['objectsOf']>[number]) {
  const reader = await vault.reader(place);
  try {
    return await pixelsOf(reader);
  } finally {
    reader.close();
  }
}

async function hashAll(names: readonly string[], hash: Hash, terminal: Terminal): Promise<PixelsReport> {
  const report: PixelsReport = { images: [], refused: [] };
  for (const [at, name] of names.entries()) {
    if (terminal.signal.aborted) throw new VitrineError('vault/cancelled', 'cancelled');
    terminal.progress(`image ${at + 1} of ${names.length}`);
    try {
      await hash(name, report);
    } catch (error) {
      report.refused.push({ file: name, ...explain(error) });
    }
  }
  return report;
}

const COLUMNS: readonly Column<Image>[] = [
  { title: 'SHA-256', value: ({ sha256 }) => sha256 },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'SIZE', value: ({ columns, rows }) => `${columns}×${rows}`, align: 'right' },
  { title: 'FRAMES', value: ({ frames }) => String(frames), align: 'right' },
  { title: 'SAMPLES', value: ({ samples }) => String(samples), align: 'right' },
  { title: 'FILE', value: ({ file }) => file },
];

function text(report: PixelsReport): string {
  const refused = report.refused.map(({ file, reason, code }) => `refused ${printable(file)}: ${reason} [${code}]\n`);
  return (report.images.length > 0 ? table(COLUMNS, report.images) : '') + refused.join('');
}

/** `vitrine pixels`: SHA-256 over the stored pixel values of files, or of sealed images by their SOP Instance UID. */
export function pixels(names: readonly string[], options: VaultOptions): Promise<void> {
  return runCommand(options.json === true, pixelsReport, async (terminal) => {
    const all = await expand(names);
    const sealed = all.some((name) => UID.test(name));
    const report = sealed
      ? await withVault(options, terminal, (vault) =>
          hashAll(
            all,
            (name, report) => (UID.test(name) ? hashSealed(vault, name, report) : hashFile(name, report)),
            terminal,
          ),
        )
      : await hashAll(all, hashFile, terminal);
    return { report, text: text(report), exit: report.refused.length > 0 ? 1 : 0 };
  });
}
