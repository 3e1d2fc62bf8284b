/** Records of shredded studies, which become certificates when they are signed: `shredded/<study>.json` in the vault's folder. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ShredCertificate, shredCertificate } from '../../core/contract/shred.ts';
import { replaceFile } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';

/** Folder of records and certificates. */
export const SHREDDED = 'shredded';

function pathOf(dir: string, studyId: string): string {
  return join(dir, SHREDDED, `${studyId}.json`);
}

/** Durable when it resolves. */
export async function writeRecord(dir: string, record: ShredCertificate): Promise<void> {
  await replaceFile(pathOf(dir, record.studyId), `${JSON.stringify(record, null, 2)}\n`);
}

/** Every record of the vault; one that can't be read is passed over, the study’s key is gone all the same. */
export async function readRecords(dir: string): Promise<ShredCertificate[]> {
  const names = await readdir(join(dir, SHREDDED)).catch((error: unknown): string[] => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: ShredCertificate[] = [];
  for (const name of names.sort()) {
    if (!/^[0-9a-f]{32}\.json$/.test(name)) continue;
    const parsed = await readFile(join(dir, SHREDDED, name), 'utf8')
      .then((text) => shredCertificate.safeParse(JSON.parse(text)))
      .catch(() => null);
    if (parsed?.success) found.push(parsed.data);
  }
  return found;
}
