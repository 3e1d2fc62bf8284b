import { wipe } from '../../core/bytes.ts';
import type { KeychainStatus } from '../../core/contract/session.ts';
import type { MasterKey, SecretStore, VaultHeader } from '../../core/keys/types.ts';
import type { AttemptsFile } from '../attempts.ts';
import { argon2idDirect } from '../crypto/argon2.ts';
import { chooseArgon2 } from '../crypto/choose-engine.ts';
import type { HeaderHolder } from '../keys/key-slots.ts';
import { type HeldKey, heldOf, holdMasterKey, withMasterKey, withOpenVault } from '../master-key.ts';
import type { HeaderChange } from '../session-parts.ts';
import { type UnlockMethod, unlockHeader } from '../unlock.ts';
import type { OpenVault } from '../vault/protocol.ts';
import { writeHeader } from '../vault-header.ts';

interface HolderParts {
  readonly dir: string;
  readonly header: VaultHeader;
  /** Null for an account without the master key. */
  readonly key: HeldKey | null;
  readonly attempts: AttemptsFile;
  readonly secrets: SecretStore;
}

/** Header and master key of the vault that one command has open. Whoever runs it gave a way in a moment ago. */
export class CommandHolder implements HeaderHolder {
  readonly #parts: HolderParts;
  #header: VaultHeader;
  #key: HeldKey | null;
  #keychain: KeychainStatus = 'not-used';

  constructor(parts: HolderParts) {
    this.#parts = parts;
    this.#header = parts.header;
    this.#key = parts.key;
  }

  get secrets(): SecretStore {
    return this.#parts.secrets;
  }

  get folder(): string {
    return this.#parts.dir;
  }

  /** The master key; null for an account without it. */
  get key(): HeldKey | null {
    return this.#key;
  }

  openHeader() {
    return { header: this.#header, keychain: this.#keychain, ownerShown: true };
  }

  async changeHeader<T>(
    change: (header: VaultHeader, masterKey: MasterKey) => HeaderChange<T> | Promise<HeaderChange<T>>,
  ): Promise<T> {
    const before = heldOf(this.#key);
    const made = await withMasterKey(before, (masterKey) => change(this.#header, masterKey));
    const key = made.masterKey === undefined ? before : holdMasterKey(made.masterKey);
    await writeHeader(this.#parts.dir, made.header);
    this.#header = made.header;
    this.#key = key;
    return made.value;
  }

  async drill(method: UnlockMethod): Promise<string> {
    const { attempts, secrets } = this.#parts;
    const parts = { attempts, secrets, argon2id: chooseArgon2(() => argon2idDirect) };
    const { masterKey, slotId } = await unlockHeader(this.#header, method, parts);
    wipe(masterKey);
    return slotId;
  }

  async keychainIs(status: KeychainStatus): Promise<void> {
    this.#keychain = status;
  }

  /** Lends the keys of the vault, as its process needs them. */
  withKeys<T>(use: (keys: OpenVault) => Promise<T>): Promise<T> {
    return withOpenVault(heldOf(this.#key), { folder: this.#parts.dir, header: this.#header }, (keys) => use(keys));
  }
}
