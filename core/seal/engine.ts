/**
 * What sealing needs from the machine. Engines differ in speed, never in bytes: given the same IVs, each one writes the
 * same ciphertext. `electron/crypto/platform-engine.ts` is the one that ships, `noble-engine.ts` the fallback and oracle.
 */
export interface AeadEngine {
  /** Names the engine in benchmarks and logs, e.g. `platform` or `noble`. */
  readonly id: string;

  /**
   * AES-256-GCM of one segment.
   * @param key 32 bytes
   * @param iv 12 bytes, never used twice with the same key
   * @param out receives ciphertext and then the 16-byte tag, so it is `plaintext.length + 16` bytes long. It doesn't
   *   overlap `plaintext`.
   */
  sealSegment(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;

  /**
   * Opens what `sealSegment` wrote.
   * @param out receives the plaintext and is as long as `ciphertext`. After a throw it holds only zeros.
   * @throws VitrineError `seal/altered` when the tag doesn't fit.
   */
  openSegment(
    key: Uint8Array,
    iv: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
    tag: Uint8Array,
    out: Uint8Array,
  ): void;

  /** Fills `out` with bytes of the machine's cryptographic random source. */
  randomFill(out: Uint8Array): void;

  /** HKDF-Expand with SHA-384 (RFC 5869, 2.3). `length` is at most 255 × 48 bytes. */
  hkdfExpandSha384(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array;
}

/** The cryptographic random source alone, for code that only makes keys and nonces. */
export type RandomFill = (out: Uint8Array) => void;
