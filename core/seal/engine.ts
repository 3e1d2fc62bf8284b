/**
 * What sealing needs from the machine. Engines differ in speed, never in bytes: given the same IVs, each one writes the
 * same ciphertext. `electron/crypto/platform-engine.ts` is the one that ships, `noble-engine.ts` the fallback and oracle.
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
}

/** The cryptographic random source alone, for code that only makes keys and nonces. */
export type RandomFill = (out: Uint8Array) => void;
