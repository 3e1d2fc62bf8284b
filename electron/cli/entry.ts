/** Through which door a command comes in: the vault's own slots, or an account of this workstation (`--user`). */
import { wipe } from '../../core/bytes.ts';
import { VitrineError } from '../../core/errors.ts';
import { wipeMember } from '../../core/keys/study-access.ts';
import type { VaultHeader } from '../../core/keys/types.ts';
import { actor, recordFailedUnlock } from '../audit/recorder.ts';
import { argon2idDirect } from '../crypto/argon2.ts';
import { chooseArgon2 } from '../crypto/choose-engine.ts';
import { holdMasterKey } from '../master-key.ts';
import { unlockAccount, type VaultEntry, withEntry } from '../users/account-unlock.ts';
import { assertPermitted, COMMANDS } from '../users/permissions.ts';
import type { OpenVault } from '../vault/protocol.ts';

/** Copies of the keys that a command opens the vault with, for as long as it runs. */
export interface EntryKeys {
  readonly open: OpenVault;
  readonly auditSeed: Uint8Array;
  wipe(): void;
}

/** @param damaged told when the accounts' file doesn't open to the owner, who comes in all the same */
export function keysOf(
  entry: VaultEntry,
  place: { readonly dir: string; readonly header: VaultHeader },
  damaged: (error: unknown) => void,
): Promise<EntryKeys> {
  const { dir: folder, header } = place;
  const use = async (lent: OpenVault, seed: Uint8Array): Promise<EntryKeys> => {
    const [open, auditSeed] = [structuredClone(lent), seed.slice()];
    const end = (): void => {
      wipe(open.catalogueKey, open.wrappingKey, auditSeed);
      if (open.previous) wipe(open.previous.catalogueKey, open.previous.wrappingKey);
      if (open.member) wipeMember(open.member);
    };
    return { open, auditSeed, wipe: end };
  };
  return withEntry(entry, { folder, header }, use, damaged);
}

/**
 * Opens an account; a failed try lands in the audit log of the next unlock.
 * @throws users/not-permitted when none of its roles may run `command`; as `unlockAccount`
 */
export async function enterByAccount(
  place: { readonly dir: string; readonly header: VaultHeader },
  who: { readonly user: string; readonly passphrase: string },
  command: string,
  application: string,
): Promise<VaultEntry> {
  const { dir: folder, header } = place;
  const argon2id = chooseArgon2(() => argon2idDirect);
  const { signedIn, masterKey } = await unlockAccount({ folder, header }, who, argon2id).catch(
    async (error: unknown) => {
      const by = { ...actor(application), user: who.user };
      if (error instanceof VitrineError) await recordFailedUnlock(folder, error.code, by).catch(() => undefined);
      throw error;
    },
  );
  assertPermitted(COMMANDS[command], signedIn.roles);
  return { key: masterKey && holdMasterKey(masterKey), signedIn };
}
