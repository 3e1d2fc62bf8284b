/** How an account opens the vault, and what its session is held by while it is open. */
import type { KeyObject } from 'node:crypto';
import { createSecretKey } from 'node:crypto';
import { wipe } from '../../core/bytes.ts';
import type { SessionState } from '../../core/contract/session.ts';
import { hasCode, VitrineError } from '../../core/errors.ts';
import { masterKeyFrom } from '../../core/keys/derive.ts';
import { verifyHeaderMac } from '../../core/keys/header-file.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import type { Argon2id, MasterKey, VaultHeader } from '../../core/keys/types.ts';
import { usersError } from '../../core/keys/users/errors.ts';
import type { Ring } from '../../core/keys/users/ring.ts';
import type { Role } from '../../core/keys/users/types.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import { AttemptsFile } from '../attempts.ts';
import { type HeldKey, withMasterKey, withOpenVault } from '../master-key.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { attemptsName, readUsers } from './users-store.ts';

/** Who is signed in by an account, and the key that opens its ring: outside of the JavaScript heap. */
export interface SignedIn {
  readonly user: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly seed: KeyObject;
}

/** What holds an open vault: the owner's or an administrator's master key, or an account's own key. */
export interface VaultEntry {
  /** Null for an account without the master key. */
  readonly key: HeldKey | null;
  /** Null for the owner. */
  readonly signedIn: SignedIn | null;
}

/** An open session as changes of accounts get it. */
export interface LentSession extends VaultPlace, VaultEntry {
  readonly vault: MainVault;
  readonly argon2id: Argon2id;
}

/** Where the vault is. */
export interface VaultPlace {
  readonly folder: string;
  readonly header: VaultHeader;
}

/** What the unlock screen and the window know of accounts. A damaged file offers none: the owner comes in and sees why. */
export async function usersState(
  folder: string,
  header: VaultHeader | null,
  signedIn: SignedIn | null,
): Promise<Pick<SessionState, 'accounts' | 'user'>> {
  const file = header && (await readUsers(folder, header.vaultId).catch(() => null));
  const accounts = (file?.accounts ?? []).map(({ id, displayName }) => ({ user: id, displayName }));
  if (signedIn === null) return { accounts, user: null };
  const { user, displayName, roles } = signedIn;
  return { accounts, user: { user, displayName, roles: [...roles] } };
}

/**
 * Opens an account by its passphrase. Failed tries are counted and delayed for each account by itself.
 * @throws keys/too-soon with `retryAfterMs`, keys/wrong-passphrase, users/no-such-user, users/no-accounts,
 *   users/file-damaged, users/newer-version, keys/derivation-failed
 */
export async function unlockAccount(
  { folder, header }: VaultPlace,
  who: { readonly user: string; readonly passphrase: string },
  argon2id: Argon2id,
): Promise<{ signedIn: SignedIn; masterKey: MasterKey | null }> {
  const file = await readUsers(folder, header.vaultId);
  if (file === null) throw usersError('users/no-accounts', 'the vault has no accounts');
  const { accountOf, openAccount } = await import('../../core/keys/users/accounts.ts');
  accountOf(file, who.user);
  const attempts = new AttemptsFile(folder, Date.now, attemptsName(who.user));
  const retryAfterMs = await attempts.wait();
  if (retryAfterMs > 0)
    throw new VitrineError('keys/too-soon', 'the delay has not passed', { details: { retryAfterMs } });
  const passphrase = passphraseBytes(who.passphrase);
  try {
    const { account, seed, ring } = await openAccount(file, who.user, passphrase, argon2id);
    await attempts.succeeded();
    const { id: user, displayName, roles } = account;
    const signedIn = { user, displayName, roles, seed: createSecretKey(seed) };
    wipe(seed);
    return { signedIn, masterKey: masterOf(ring, header) };
  } catch (error) {
    if (hasCode(error, 'keys/wrong-passphrase')) await attempts.failed();
    throw error;
  } finally {
    wipe(passphrase);
  }
}

/** An administrator's master key. It must be the header's: a ring from before a change of the master key isn't. */
function masterOf(ring: Ring, header: VaultHeader): MasterKey | null {
  const bytes = ring.get('master');
  const master = bytes && masterKeyFrom(bytes.slice());
  for (const key of ring.values()) wipe(key);
  if (!master) return null;
  if (verifyHeaderMac(header, master)) return master;
  wipe(master);
  throw usersError('users/file-damaged', 'the account’s keys are older than the vault’s');
}

/** Runs `use` with the ring of who is signed in, and wipes it. @throws users/no-such-user when the account is gone */
export async function withRing<T>(
  { folder, header }: VaultPlace,
  { user, seed }: SignedIn,
  use: (ring: Ring, file: NonNullable<Awaited<ReturnType<typeof readUsers>>>) => Promise<T>,
): Promise<T> {
  const file = await readUsers(folder, header.vaultId);
  if (file === null) throw usersError('users/no-accounts', 'the vault has no accounts');
  const { openRing } = await import('../../core/keys/users/accounts.ts');
  const bytes = seed.export();
  try {
    const ring = openRing(file, user, bytes);
    try {
      return await use(ring, file);
    } finally {
      wipe(...ring.values());
    }
  } finally {
    wipe(bytes);
  }
}

/** What an owner's or administrator's session wraps study keys for; null in a vault without accounts. */
export async function masterMemberOf({ folder, header }: VaultPlace, key: HeldKey, wrappingKey: Uint8Array) {
  const file = await readUsers(folder, header.vaultId);
  if (file === null) return null;
  const { masterMember } = await import('../../core/keys/users/entitlements.ts');
  const { openKeyring } = await import('../../core/keys/users/keyring.ts');
  return withMasterKey(key, (master) => masterMember(file, openKeyring(file, master), wrappingKey));
}

/**
 * Runs `use` with what the vault process needs for this session, and with the seed of the audit log; wipes both afterwards.
 * An accounts' file that is damaged doesn't keep the owner out: it opens as a vault without accounts, which loses nothing.
 * @param damaged told when that happens
 */
export async function withEntry<T>(
  { key, signedIn }: VaultEntry,
  place: VaultPlace,
  use: (open: OpenVault, auditSeed: Uint8Array) => Promise<T>,
  damaged: (error: unknown) => void,
): Promise<T> {
  if (key !== null)
    return withOpenVault(key, place, async (open, auditSeed) => {
      const member = await masterMemberOf(place, key, open.wrappingKey).catch((error: unknown) => {
        damaged(error);
        return null;
      });
      try {
        return await use({ ...open, member }, auditSeed);
      } finally {
        // What a vault without accounts never has isn't loaded for it: this brings the whole of X-Wing along.
        if (member !== null) (await import('../../core/keys/study-access.ts')).wipeMember(member);
      }
    });
  if (signedIn === null) throw usersError('users/no-accounts', 'a session without any key');
  const { memberOf } = await import('../../core/keys/users/entitlements.ts');
  return withRing(place, signedIn, async (ring, file) => {
    const none = new Uint8Array(0);
    const audit = ring.get('audit');
    if (!audit) throw usersError('users/file-damaged', 'a ring without the audit log’s seed');
    const open: OpenVault = {
      dir: place.folder,
      vaultId: place.header.vaultId,
      catalogueKey: ring.get('catalogue') ?? none,
      wrappingKey: none,
      member: memberOf(file, ring),
    };
    return use(open, audit);
  });
}
