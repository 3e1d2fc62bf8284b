/** Break-glass on the command line: the reason is in the audit log, durably, before the study's key is had. */
import { argon2idDirect } from '../crypto/argon2.ts';
import { chooseArgon2 } from '../crypto/choose-engine.ts';
import { breakGlass } from '../users/break-glass.ts';
import type { FileVault } from '../vault/file-vault.ts';
import type { VaultUse } from './vault.ts';

/**
 * Runs `run` with one study. Where the account's own keys don't open it and a reason is given, the glass is broken for as long
 * as `run` takes.
 * @throws policy/no-reason, policy/no-break-glass; what writing the audit log rejects with: nothing was opened then
 */
export async function withStudy<T>(
  vault: FileVault,
  { holder, signedIn, audit }: VaultUse,
  { studyId, reason }: { readonly studyId: string; readonly reason: string | null },
  run: () => Promise<T>,
): Promise<T> {
  if (reason === null || !(await vault.details(studyId)).study.restricted) return run();
  const { header } = holder.openHeader();
  const argon2id = chooseArgon2(() => argon2idDirect);
  const lent = { folder: holder.folder, header, key: holder.key, signedIn, vault, argon2id };
  const { handle } = await breakGlass(lent, audit, { studyId, reason });
  try {
    return await run();
  } finally {
    await vault.close(handle);
  }
}
