/**
 * The Rust add-on of this folder: FLOE in bulk, keys in locked memory, Argon2id, and what a system offers against looking
 * into a process. Provisioning builds it where there is a Rust compiler (`build/provision/native-engine.ts`). Nothing
 * depends on it: without it the platform engine makes the same bytes, slower.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A 32-byte key in locked memory. */
export interface NativeKey {
  /** HKDF-Expand-SHA-384, 32 bytes. */
  derive(info: Uint8Array): NativeKey;
  /** XChaCha20-Poly1305 of another key under this one: 48 bytes into `out`. */
  wrap(key: NativeKey, nonce: Uint8Array, aad: Uint8Array, out: Uint8Array): void;
  /** Null when the tag doesn't fit. */
  unwrap(nonce: Uint8Array, aad: Uint8Array, wrapped: Uint8Array): NativeKey | null;
  /**
   * Seals `plaintext` as one object of this key into a new file, after `preamble`, and flushes the file, on a thread of
   * the pool. Nobody may change `plaintext` before the answer.
   * @returns SHA-256 of the plaintext, or the system's error number; the file may be there then
   */
  sealFile(
    aad: Uint8Array,
    segmentLength: number,
    rotationMask: number,
    preamble: Uint8Array,
    plaintext: Uint8Array,
    path: string,
  ): Promise<Uint8Array | number>;
  /**
   * Opens an object's file whole and fills `out` with its plaintext from `offset` on, on a thread of the pool; every segment
   * is verified. Nobody may touch `out` before the answer.
   * @returns false, and `out` is wiped, when it can't be given out, for whatever reason, or is larger than 4 MiB
   */
  openFile(
    aad: Uint8Array,
    segmentLength: number,
    rotationMask: number,
    preamble: Uint8Array,
    path: string,
    offset: number,
    out: Uint8Array,
  ): Promise<boolean>;
  close(): void;
}

/** Seals the runs of one object in their order. */
export interface NativeSealer {
  /** 74 bytes. */
  header(out: Uint8Array): void;
  /** `ivs`: those of a test vector, 12 bytes a segment; else they are drawn inside. */
  seal(plaintext: Uint8Array, isFinal: boolean, out: Uint8Array, ivs?: Uint8Array): void;
  close(): void;
}

/** Opens runs of one object in any order. */
export interface NativeOpener {
  /** @returns -1, or the position of the first segment that isn't what was sealed there; `out` is wiped then */
  open(position: number, isFinal: boolean, sealed: Uint8Array, skip: number, out: Uint8Array): number;
  close(): void;
}

/** What `hardenProcess` reached, as far as the system allows. */
export interface Hardened {
  /** A crash writes no core dump. */
  readonly coreDumpsOff: boolean;
  /** Other processes of the same user can't attach or read memory. */
  readonly debuggersRefused: boolean;
  /** Keys are never swapped out. */
  readonly keyMemoryLocked: boolean;
}

/**
 * The add-on. Buffers are plain `Uint8Array`s of the caller, never over shared memory; an output that overlaps an input is
 * refused. Wrong lengths and closed handles throw an `Error`: programming errors, no codes.
 */
export interface NativeEngine {
  /** `fromBytes` takes a copy; the given bytes are the caller's to wipe. */
  readonly NativeKey: { fromBytes(bytes: Uint8Array): NativeKey; generate(): NativeKey };
  readonly NativeSealer: {
    /** `iv`: the FLOE IV of a test vector; else it is drawn inside. */
    create(key: NativeKey, aad: Uint8Array, segmentLength: number, rotationMask: number, iv?: Uint8Array): NativeSealer;
  };
  readonly NativeOpener: {
    /** Null when the header tag doesn't fit key and associated data. */
    create(
      key: NativeKey,
      aad: Uint8Array,
      header: Uint8Array,
      segmentLength: number,
      rotationMask: number,
    ): NativeOpener | null;
  };
  randomFill(out: Uint8Array): void;
  hkdfExpand(prk: Uint8Array, info: Uint8Array, out: Uint8Array): void;
  /** AES-256-GCM of one message: `out` is 16 bytes longer than `plaintext`. */
  aesSeal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;
  /** False, and `out` is wiped, when the tag doesn't fit. */
  aesOpen(
    key: Uint8Array,
    iv: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): boolean;
  /** Argon2id (RFC 9106) on a thread of the pool. `secret` and `associatedData` may be empty. Rejects wrong parameters. */
  argon2id(
    password: Uint8Array,
    salt: Uint8Array,
    memoryKiB: number,
    iterations: number,
    parallelism: number,
    length: number,
    secret: Uint8Array,
    associatedData: Uint8Array,
  ): Promise<Uint8Array>;
  /**
   * Fills `out` with a file's bytes, on a thread of the pool. Nobody may touch `out` before the answer.
   * @returns 0; -1 when the file has another length than `out`; or the system's error number
   */
  readFile(path: string, out: Uint8Array): Promise<number>;
  /** Until the process ends: no core dumps, no debuggers. */
  hardenProcess(): Hardened;
  /** The benchmark's yardstick: bare AES-256-GCM over `buffer`, in place, in segments. */
  bareAes(buffer: Uint8Array, segmentLength: number): void;
}

/** What was found: the add-on, or why there is none, in a sentence for a log. */
export type LoadedEngine =
  | { readonly engine: NativeEngine; readonly reason: null }
  | { readonly engine: null; readonly reason: string };

/** Counts up with the add-on's interface (`INTERFACE` in src/addon.rs). */
const INTERFACE = 3;
/** As provisioning leaves it in this folder, and packaging in the application's. */
const FILE = 'vitrine-engine.node';

/** Beside this module (a checkout), or where the built application (`out/app/<part>/`) finds its checkout's. */
function places(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, FILE), join(here, '..', '..', '..', 'native', 'engine', FILE)];
}

function load(): LoadedEngine {
  const path = places().find((place) => existsSync(place));
  if (path === undefined) return { engine: null, reason: 'the native engine is not built' };
  try {
    const engine: NativeEngine & { readonly INTERFACE: number } = createRequire(import.meta.url)(path);
    if (engine.INTERFACE === INTERFACE) return { engine, reason: null };
    return { engine: null, reason: 'the native engine was built from other sources' };
  } catch {
    return { engine: null, reason: 'the native engine does not load on this system' };
  }
}

let loaded: LoadedEngine | null = null;

/** The add-on, loaded at the first call. Never throws. */
export function loadNativeEngine(): LoadedEngine {
  loaded ??= load();
  return loaded;
}
