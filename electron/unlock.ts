import { randomBytes } from 'node:crypto';
import { wipe } from '../core/bytes.ts';
import type { Request } from '../core/contract/operations.ts';
import type { KeychainStatus } from '../core/contract/session.ts';
import { hasCode, VitrineError } from '../core/errors.ts';
import { idFrom, type VaultId } from '../core/ids.ts';
import { createHeader, openWithPassphrase, openWithRecoveryCode } from '../core/keys/header.ts';
import { passphraseBytes } from '../core/keys/passphrase.ts';
import type { Argon2id, MasterKey, SecretStore, UnlockedHeader, VaultHeader } from '../core/keys/types.ts';
import type { AttemptsFile } from './attempts.ts';
import { openWithKeychain, statusOf, storeNewSecret } from './keychain.ts';
import { randomFill } from './random.ts';

type Asked = Request<'session.unlock'>;

/** How a person opens the vault: the window's request, with the text of a chosen file in the place of its handle. */
export type UnlockMethod =
  | Exclude<Asked, { with: 'escrow' }>
  | { readonly with: 'escrow'; readonly escrowFile: string; readonly passphrase: string };

export interface UnlockParts {
  readonly attempts: AttemptsFile;
  readonly argon2id: Argon2id;
  readonly secrets: SecretStore;
}

/**
 * Opens one slot of the header. Failed passphrases and recovery codes are counted and delay the next one; the keychain, key
 * shares and escrow keys are neither counted nor delayed: nobody guesses 256 random bits.
 * @throws keys/passphrase-needed when a lock that was asked for is in force and the keychain is to lift it;
 *   keys/too-soon with `retryAfterMs`, keys/wrong-passphrase, keys/wrong-recovery-code,
 *   keys/recovery-code-mistyped (not counted: its checksum says so without a try), keychain/….
 */
export async function unlockHeader(
  header: VaultHeader,
  method: UnlockMethod,
  parts: UnlockParts,
): Promise<UnlockedHeader> {
  if (method.with === 'keychain') {
    if ((await parts.attempts.lockedAt()) !== null)
      throw new VitrineError('keys/passphrase-needed', 'the keychain does not lift a lock that was asked for');
    return openWithKeychain(header, parts.secrets);
  }
  const isGuessable = method.with === 'passphrase' || method.with === 'recovery';
  const retryAfterMs = isGuessable ? await parts.attempts.wait() : 0;
  if (retryAfterMs > 0)
    throw new VitrineError('keys/too-soon', 'the delay has not passed', { details: { retryAfterMs } });
  try {
    const unlocked = await openSlot(header, method, parts.argon2id);
    await parts.attempts.succeeded();
    return unlocked;
  } catch (error) {
    if (isGuessable && hasCode(error, 'keys/wrong-passphrase', 'keys/wrong-recovery-code'))
      await parts.attempts.failed();
    throw error;
  }
}

/** Runs `use` with the bytes of a passphrase, and wipes them. */
export async function withPassphrase<T>(text: string, use: (passphrase: Uint8Array) => Promise<T>): Promise<T> {
  const passphrase = passphraseBytes(text);
  try {
    return await use(passphrase);
  } finally {
    wipe(passphrase);
  }
}

/** Shares and escrow keys bring libraries that hardly any start needs: they come when they are asked for. */
async function openSlot(
  header: VaultHeader,
  method: Exclude<UnlockMethod, { with: 'keychain' }>,
  argon2id: Argon2id,
): Promise<UnlockedHeader> {
  switch (method.with) {
    case 'account':
      // Accounts are no slots of the header: electron/users/account-unlock.ts opens them.
      throw new VitrineError('keys/no-such-slot', 'an account is no slot');
    case 'recovery':
      return openWithRecoveryCode(header, method.recoveryCode);
    case 'shares':
      return (await import('../core/keys/more-slots.ts')).openWithShares(header, method.shares);
    case 'passphrase':
      return withPassphrase(method.passphrase, (passphrase) => openWithPassphrase(header, passphrase, argon2id));
    case 'escrow':
      return withPassphrase(method.passphrase, async (passphrase) => {
        const [{ openEscrowSecret }, { openWithEscrowKey }] = await Promise.all([
          import('../core/keys/escrow.ts'),
          import('../core/keys/more-slots.ts'),
        ]);
        const key = await openEscrowSecret(method.escrowFile, passphrase, argon2id);
        try {
          return openWithEscrowKey(header, key);
        } finally {
          wipe(key.secretKey);
        }
      });
  }
}

/** Characters; NIST SP 800-63B section 5.1.1.1 has eight as the least for a secret that a person chooses. */
const MIN_PASSPHRASE = 8;

/** @throws keys/weak-passphrase with `minimum` */
export function checkPassphrase(text: string): void {
  if ([...text].length >= MIN_PASSPHRASE) return;
  throw new VitrineError('keys/weak-passphrase', 'the passphrase is too short', {
    details: { minimum: MIN_PASSPHRASE },
  });
}

export interface NewVault {
  readonly header: VaultHeader;
  readonly masterKey: MasterKey;
  readonly recoveryCode: string;
  /** `ok` when the keychain has the entry, `not-used` when none was asked for, else why there is none. */
  readonly keychain: KeychainStatus;
}

/**
 * Makes the keys of a new vault. The keychain's entry is stored first; where that fails, the vault is made without a
 * keychain slot and the state says why: the passphrase and the recovery code open it all the same.
 */
export async function newVault(
  wanted: { name: string; passphrase: string; useKeychain: boolean },
  parts: Pick<UnlockParts, 'argon2id' | 'secrets'>,
): Promise<NewVault> {
  checkPassphrase(wanted.passphrase);
  const vaultId = idFrom<VaultId>(randomBytes(16));
  const passphrase = passphraseBytes(wanted.passphrase);
  let keychain: KeychainStatus = 'not-used';
  let secret: Uint8Array | null = null;
  try {
    if (wanted.useKeychain) {
      secret = await storeNewSecret(parts.secrets, vaultId).catch((error: unknown) => {
        keychain = statusOf(error);
        return null;
      });
    }
    const made = await createHeader({
      vaultId,
      name: wanted.name,
      createdAt: new Date().toISOString(),
      passphrase,
      argon2id: parts.argon2id,
      randomFill,
      ...(secret === null ? {} : { keychainSecret: secret }),
    });
    return { ...made, keychain: secret === null ? keychain : 'ok' };
  } finally {
    wipe(passphrase);
    if (secret !== null) wipe(secret);
  }
}
