import { z } from 'zod';
import type { BackupReport, CareRecords } from '../../core/vault/care.ts';
import type { VaultRecords } from '../vault/vault-records.ts';

const count = z.int().nonnegative();

/** When the vault was backed up, verified and restored for trial. Sealed, beside the catalogue: that can be made anew, this can't. */
const careRecord = z.strictObject({
  backup: z
    .strictObject({
      at: z.string(),
      target: z.string(),
      counter: count,
      studies: count,
      files: count,
      bytes: count,
      copied: count,
      problems: count,
    })
    .nullable(),
  verify: z.strictObject({ at: z.string(), full: z.boolean(), objects: count, problems: count }).nullable(),
  drill: z.strictObject({ at: z.string(), ok: z.boolean(), objects: count }).nullable(),
});
type CareRecord = z.infer<typeof careRecord>;

const NOTHING: CareRecord = { backup: null, verify: null, drill: null };

/** What is known; nothing where the record was never written or doesn't open: a later run writes it anew. */
export async function readCare(records: VaultRecords): Promise<CareRecord> {
  return (await records.read('care', careRecord).catch(() => null)) ?? NOTHING;
}

export async function keepCare(records: VaultRecords, change: Partial<CareRecord>): Promise<void> {
  await records.write('care', { ...(await readCare(records)), ...change });
}

/** A backup as it is remembered. */
export function backupRecord(target: string, report: BackupReport): NonNullable<CareRecords['backup']> {
  const { at, counter, studies, files, bytes, copied, problems } = report;
  return { at, target, counter, studies, files, bytes, copied, problems: problems.length };
}
