/**
 * What sealing needs from the machine. Engines differ in speed, never in bytes: given the same IVs, each one writes the
 * same ciphertext. `native/engine` is the fast one (its bulk part), `electron/crypto/platform-engine.ts`
 * what every machine has, `noble-engine.ts` the oracle.
 *
 * An engine answers with memory of its own choice instead of filling the caller's buffer: `node:crypto` always makes a new
 * buffer, and copying that into another one cost 12 to 15 % of the whole at every segment length (measured in Electron 33).
 */
export interface AeadEngine {
  /** Names the engine in benchmarks and logs, e.g. `platform` or `noble`. */
  readonly id: string;

  /**
   * AES-256-GCM of one segment.
   * @param key 32 bytes
   * @param iv 12 bytes, never used twice with the same key
   * @returns parts that make `ciphertext || tag` (16 bytes of tag) when written one after the other
   */
  sealSegment(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): readonly Uint8Array[];

  /**
   * Opens what `sealSegment` wrote.
   * @returns the plaintext in memory that nobody else uses, or null when the tag doesn't fit
   */
  openSegment(
    key: Uint8Array,
    iv: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
    tag: Uint8Array,
  ): Uint8Array | null;

  /** Fills `out` with bytes of the machine's cryptographic random source. */
  randomFill(out: Uint8Array): void;

  /** HKDF-Expand with SHA-384 (RFC 5869, 2.3). `length` is at most 255 × 48 bytes. */
  hkdfExpandSha384(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array;

  /** Where present, it takes the place of everything above but `randomFill`: one call for many segments, keys by handle. */
  readonly bulk?: BulkEngine;
}

/** A 32-byte key that an engine keeps outside of JavaScript's heap. Its bytes never come back, except wrapped. */
export interface HeldKey {
  /** Wipes it. Using it afterwards throws; what was made with it before goes on. */
  close(): void;
}

/** The parameters of FLOE that may vary; AEAD (0), KDF (0) and the FLOE IV of 32 bytes are fixed by the specification. */
export interface FloeParameters {
  /** ENC_SEG_LEN: bytes of an encrypted segment, its 32 bytes of overhead included. */
  readonly segmentLength: number;
  /** AEAD_ROTATION_MASK: a new AES key every 2^rotationMask segments. */
  readonly rotationMask: number;
}

/**
 * What an engine offers that knows FLOE itself (`native/engine`): it seals runs of segments from one buffer of the caller
 * into another, which must not overlap, and keeps the keys.
 */
export interface BulkEngine {
  /** Takes a copy of 32 bytes; wiping the given ones is the caller's. */
  holdKey(bytes: Uint8Array): HeldKey;
  /** A new random key. */
  generateKey(): HeldKey;
  /** HKDF-Expand-SHA-384 of a held key, 32 bytes. */
  deriveKey(key: HeldKey, info: Uint8Array): HeldKey;
  /** XChaCha20-Poly1305 of `key` under `wrapping`: 48 bytes of ciphertext and tag. */
  wrapKey(wrapping: HeldKey, nonce: Uint8Array, aad: Uint8Array, key: HeldKey): Uint8Array;
  /** Null when the tag doesn't fit. */
  unwrapKey(wrapping: HeldKey, nonce: Uint8Array, aad: Uint8Array, wrapped: Uint8Array): HeldKey | null;
  createSealer(key: HeldKey, aad: Uint8Array, parameters: FloeParameters): BulkSealer;
  /** Null when the header tag doesn't fit key and associated data. */
  createOpener(key: HeldKey, aad: Uint8Array, header: Uint8Array, parameters: FloeParameters): BulkOpener | null;
}

/** Seals the runs of one object in their order. */
export interface BulkSealer {
  /** The 74 bytes before the first segment. */
  readonly header: Uint8Array;
  /** Fills `out`, which has exactly the length of the sealed run; its IVs are drawn inside. */
  seal(plaintext: Uint8Array, isFinal: boolean, out: Uint8Array): void;
  close(): void;
}

/** Which part of which segments is opened. */
export interface Run {
  /** Position of the first segment in the object. */
  readonly position: number;
  /** The last segment is the object's final one. */
  readonly isFinal: boolean;
  /** Bytes of plaintext, from the first segment on, that are left out; the output's length says where to stop. */
  readonly skip: number;
}

/** Opens runs of one object in any order. */
export interface BulkOpener {
  /**
   * Opens and verifies whole segments and fills `out` with the part of their plaintext that `run` names.
   * @returns null, or the position of the first segment that isn't what was sealed there; `out` is wiped then
   */
  open(run: Run, sealed: Uint8Array, out: Uint8Array): number | null;
  close(): void;
}

/** The cryptographic random source alone, for code that only makes keys and nonces. */
export type RandomFill = (out: Uint8Array) => void;
