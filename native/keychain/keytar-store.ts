/**
 * The OS keychain through keytar: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux. It has
 * the shape of `SecretStore` in `core/keys/types.ts` (this room imports no stage of core; a test holds the two together).
 *
 * keytar gives text for every failure, and on Linux null both for "never created" and for "the unlock dialog was
 * dismissed". This file turns the first into codes and tells the second apart.
 */
import { createRequire } from 'node:module';
import { VitrineError } from '../../core/errors.ts';
import { plaintextBackend } from './plaintext-backend.ts';

/** The part of keytar that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** What a test may set; the product takes the defaults. */
export interface KeytarOptions {
  /** Groups Vitrine's entries in the keychain. */
  readonly service?: string;
  /** How long a call may take before the keychain counts as unavailable, in ms. A dialog that waits for a person counts. */
  readonly timeoutMs?: number;
  /** How keytar is loaded; it is native, and loading it fails where it wasn't built. */
  readonly load?: () => Keytar;
  /** The platform as `process.platform` names it. */
  readonly platform?: string;
  /** Why the keychain would keep a secret unprotected, or null. Asked before each use: keyrings change. */
  readonly unprotected?: () => string | null;
}

/** `keychain/…` codes of core/keys/errors.ts. */
type Code = 'keychain/locked' | 'keychain/cancelled' | 'keychain/unavailable';

/** What the options default to on Linux; elsewhere the system's keychain has no such mode. */
const looksUnprotected = (platform: string) => (platform === 'linux' ? plaintextBackend() : null);

const CANCELLED = /cancel|dismiss/i;
const LOCKED = /locked|interaction is not allowed|auth\w* fail/i;
/** Written and removed to learn whether the keychain may be used at all. Not a secret. */
const PROBE_ACCOUNT = 'probe';

/** Which code the keychain's own words stand for. */
function codeOf(error: unknown): Code {
  const words = error instanceof Error ? error.message : '';
  if (CANCELLED.test(words)) return 'keychain/cancelled';
  return LOCKED.test(words) ? 'keychain/locked' : 'keychain/unavailable';
}

function loadKeytar(): Keytar {
  return createRequire(import.meta.url)('keytar') as Keytar;
}

/** Rejects after `ms`. The call goes on in keytar's thread, since libsecret can't be stopped; its result is dropped. */
async function within<T>(ms: number, call: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Vitrine's secrets in the OS keychain, one per account (a vault id). `get` answers null only for "never created"; see
 * `SecretStore` for what is thrown. Nothing is ever removed but by `delete`.
 */
export function createKeytarStore(options: KeytarOptions = {}) {
  const { service = 'Vitrine', timeoutMs = 5000, load = loadKeytar, platform = process.platform } = options;
  const { unprotected = () => looksUnprotected(platform) } = options;
  let loaded: Keytar | null = null;

  const use = async <T>(what: (keytar: Keytar) => Promise<T>): Promise<T> => {
    const why = unprotected();
    if (why !== null) throw new VitrineError('keychain/plaintext-backend', `the OS keychain is no protection: ${why}`);
    try {
      loaded ??= load();
      return await within(timeoutMs, what(loaded));
    } catch (cause) {
      throw new VitrineError(codeOf(cause), 'the OS keychain gave no answer', { cause });
    }
  };

  /** @throws unless the keychain takes and gives an entry: then null from it means that there is none. */
  const proveUnlocked = async (): Promise<void> => {
    await use((keytar) => keytar.setPassword(service, PROBE_ACCOUNT, PROBE_ACCOUNT));
    const answer = await use((keytar) => keytar.getPassword(service, PROBE_ACCOUNT));
    if (answer === null) throw new VitrineError('keychain/locked', 'the OS keychain does not give back what it took');
    await use((keytar) => keytar.deletePassword(service, PROBE_ACCOUNT));
  };

  return {
    async get(account: string): Promise<Uint8Array | null> {
      const text = await use((keytar) => keytar.getPassword(service, account));
      if (text !== null) return new Uint8Array(Buffer.from(text, 'base64'));
      if (platform === 'linux') await proveUnlocked();
      return null;
    },
    async set(account: string, secret: Uint8Array): Promise<void> {
      // keytar takes text only; this one copy can't be wiped.
      await use((keytar) => keytar.setPassword(service, account, Buffer.from(secret).toString('base64')));
    },
    async delete(account: string): Promise<boolean> {
      const removed = await use((keytar) => keytar.deletePassword(service, account));
      // A locked keyring says that it removed nothing, and keeps the entry.
      if (!removed && platform === 'linux') await proveUnlocked();
      return removed;
    },
  };
}
