import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { namesIn, parseJson } from './backup-folder.ts';
import { PART } from './copy-file.ts';

/** What of the vault's folder is not copied: it is this machine's, it is made anew, or it is copied otherwise. */
const NOT_COPIED =
  /^(catalogue\..*|lock(-.*)?|studies|set-aside|state|restored\.json|restoring|unlock-attempts\.json|.*\.kept.*)$/;

/** Says when the vault was backed up, and would change with every backup. */
const CARE_RECORD = 'records/care.record';

/** Files that are being written, or were when a crash came. */
const UNFINISHED = /\.(part|tmp)$/;

/** Every other file of a vault's folder, by its path below it with forward slashes: vault.json, audit log, accounts, … */
export async function vaultFiles(dir: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const name = `${prefix}${entry.name}`;
      const isLeft = (depth === 0 && NOT_COPIED.test(entry.name)) || name === CARE_RECORD;
      if (isLeft || UNFINISHED.test(entry.name)) continue;
      if (entry.isDirectory() && depth < 3) await walk(join(folder, entry.name), `${name}/`, depth + 1);
      else if (entry.isFile()) files.push(name);
    }
  };
  await walk(dir, '', 0);
  return files.sort();
}

/** What is neither instance, note nor manifest in a study's folder: its keys. Their bytes change under one name. */
export function keyFiles(names: readonly string[]): string[] {
  return names.filter((name) => !/\.(instance|note|manifest)$/.test(name) && !name.endsWith(PART));
}

const certificate = z.object({ studies: z.array(z.object({ studyId: z.string().regex(/^[0-9a-f]{32}$/) })) });

/** Studies that a certificate of the vault calls shredded. One that can't be read says nothing here. */
export async function shreddedStudies(dir: string): Promise<Set<string>> {
  const shredded = new Set<string>();
  const folder = join(dir, 'certificates');
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    const read = await readFile(join(folder, name), 'utf8').catch(() => '');
    const parsed = certificate.safeParse(parseJson(read));
    if (!parsed.success) continue;
    for (const { studyId } of parsed.data.studies) shredded.add(studyId);
  }
  return shredded;
}
