/** The vault as an auditor's session has it: held against other processes, and without a single key of a study or the list. */
import { join } from 'node:path';
import { usersError } from '../../core/keys/users/errors.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import type { OpenedVault } from '../session-parts.ts';

function refuse(): never {
  throw usersError('users/not-permitted', 'the account has no key of studies', {
    details: { needs: 'radiologist,technologist' },
  });
}

const SEALED: MainVault = {
  open: async () => refuse(),
  modalityOf: async () => refuse(),
  close: async () => undefined,
  import: async () => refuse(),
  pixelDoubts: async () => refuse(),
  verify: async () => refuse(),
  exportStudy: async () => refuse(),
  access: async () => refuse(),
  care: async () => refuse(),
  keys: async () => refuse(),
  results: async () => refuse(),
};

/** Opens it. @throws vault/in-use */
export async function openAuditOnly(folder: string): Promise<OpenedVault> {
  const { lockVault } = await import('../vault/lock.ts');
  const { VAULT_NAMES } = await import('../vault/recover.ts');
  const lock = lockVault(join(folder, VAULT_NAMES.lock));
  const recovered = { importsUndone: 0, objectsRemoved: 0, catalogueRebuilt: false, unreadable: 0 };
  return { vault: SEALED, recovered, close: async () => lock.release(), crashed: new Promise(() => undefined) };
}
