/**
 * The little of BFV that Vitrine uses, so that node-seal can give way to a native engine. Slots are two rows of
 * degree / 2; rotations turn each row to the left. Two sides that share nothing but bytes: the holder of the secret key,
 * and the evaluator, which never sees it.
 */

/** One residue's parameters. */
export interface BfvParameters {
  /** Polynomial degree, also the number of slots. */
  readonly degree: number;
  /** Bits of each prime of the coefficient modulus; the last one serves key switching only. */
  readonly coefficientBits: readonly number[];
  /** Prime, 1 modulo twice the degree, so that slots exist. */
  readonly plainModulus: bigint;
}

/** What an evaluator needs to compute and can't decrypt with. Serialised. */
export interface EvaluationKeys {
  readonly public: Uint8Array;
  readonly relinearisation: Uint8Array;
  readonly rotation: Uint8Array;
}

/** The side of the data's owner. */
export interface KeyHolder {
  /** @param steps rotations that the circuit makes, in slots to the left */
  evaluationKeys(steps: readonly number[]): EvaluationKeys;
  /** @param slots residues, `degree` of them */
  encrypt(slots: BigUint64Array): Uint8Array;
  /**
   * Slots and the noise budget that was left, in bits.
   * @throws VitrineError private/payload, private/noise when no budget is left and the slots mean nothing
   */
  decrypt(cipher: Uint8Array): { readonly slots: BigUint64Array; readonly noiseBits: number };
  /** Serialised without compression. The owner's to keep sealed; nothing that leaves the owner holds it. */
  secretKey(): Uint8Array;
  /** Frees the key and everything else; the holder is of no use afterwards. */
  dispose(): void;
}

/** A ciphertext inside an evaluator; `release` frees it. */
export interface Cipher {
  readonly cipher: number;
}

/** An encoded plaintext inside an evaluator, ready for products. */
export interface Factor {
  readonly factor: number;
}

/** The side that computes. Operations leave their operands as they were. */
export interface Evaluator {
  /**
   * The keys that it computes with; factors can be made before they are here.
   * @throws VitrineError private/payload
   */
  takeKeys(keys: EvaluationKeys): void;
  /** @throws VitrineError private/payload */
  read(bytes: Uint8Array): Cipher;
  factor(slots: BigUint64Array): Factor;
  /**
   * For each row of factors: the sum of ciphers[i] · factors[i], slot by slot. Null is a factor of nothing but zeros.
   * A row needs one factor at least.
   */
  products(ciphers: readonly Cipher[], rows: readonly (readonly (Factor | null)[])[]): Cipher[];
  add(a: Cipher, b: Cipher): Cipher;
  addPlain(a: Cipher, slots: BigUint64Array): Cipher;
  /** Squared slot by slot and relinearised. */
  square(a: Cipher): Cipher;
  rotate(a: Cipher, steps: number): Cipher;
  /**
   * The serialised answer: an encryption of zero is added, so that the noise says less about the factors, and the
   * modulus is cut to as few primes as hold `plainModulus` and `spareBits`.
   */
  finish(a: Cipher, spareBits: number): Uint8Array;
  release(...handles: readonly (Cipher | Factor)[]): void;
  /** Ciphertexts and factors that were not released yet. */
  readonly live: number;
  /** Frees the keys and everything that is left. */
  dispose(): void;
}

/** A library of BFV. */
export interface BfvEngine {
  readonly id: string;
  keyHolder(parameters: BfvParameters): KeyHolder;
  evaluator(parameters: BfvParameters): Evaluator;
}
