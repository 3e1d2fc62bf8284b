import { privateError } from '../../core/private/errors.ts';
import type { BfvParameters, Cipher, EvaluationKeys, Evaluator, Factor } from '../../core/private/he/engine.ts';
import type {
  CipherText,
  Context,
  Encryptor,
  GaloisKeys,
  PlainText,
  PublicKey,
  RelinKeys,
  Seal,
} from './seal-types.ts';

/** @throws VitrineError private/payload, with `reason`, where SEAL refuses bytes */
export function guarded(work: () => void, reason: string): void {
  try {
    work();
  } catch {
    throw privateError('private/payload', `the bytes are ${reason}; send them again`);
  }
}

/** What the owner of the data lets an evaluator have. */
interface SealKeys {
  readonly published: PublicKey;
  readonly relinearisation: RelinKeys;
  readonly rotation: GaloisKeys;
  readonly encryptor: Encryptor;
}

/** Handles by number, so that core sees no object of the library. */
class Handles<Kind extends { delete(): void }> {
  readonly #held = new Map<number, Kind>();
  #next = 1;

  keep(handle: Kind): number {
    this.#held.set(this.#next, handle);
    return this.#next++;
  }

  at(number: number): Kind {
    const found = this.#held.get(number);
    if (found === undefined) throw new RangeError('a released handle is used');
    return found;
  }

  free(number: number): void {
    this.at(number).delete();
    this.#held.delete(number);
  }

  freeAll(): void {
    for (const number of [...this.#held.keys()]) this.free(number);
  }

  get size(): number {
    return this.#held.size;
  }
}

class SealEvaluator implements Evaluator {
  readonly #seal: Seal;
  readonly #parameters: BfvParameters;
  readonly #context: Context;
  readonly #ciphers = new Handles<CipherText>();
  readonly #factors = new Handles<PlainText>();
  readonly #evaluator;
  readonly #encoder;
  #held: SealKeys | null = null;

  constructor(seal: Seal, parameters: BfvParameters, context: Context) {
    this.#seal = seal;
    this.#parameters = parameters;
    this.#context = context;
    this.#evaluator = seal.Evaluator(context);
    this.#encoder = seal.BatchEncoder(context);
  }

  takeKeys(keys: EvaluationKeys): void {
    const [published, relinearisation, rotation] = [
      this.#seal.PublicKey(),
      this.#seal.RelinKeys(),
      this.#seal.GaloisKeys(),
    ];
    try {
      guarded(() => {
        published.loadArray(this.#context, keys.public);
        relinearisation.loadArray(this.#context, keys.relinearisation);
        rotation.loadArray(this.#context, keys.rotation);
      }, 'no evaluation keys of these parameters');
      this.#freeKeys();
      this.#held = {
        published,
        relinearisation,
        rotation,
        encryptor: this.#seal.Encryptor(this.#context, published),
      };
    } catch (error) {
      for (const one of [published, relinearisation, rotation]) one.delete();
      throw error;
    }
  }

  get #keys(): SealKeys {
    if (this.#held === null) throw privateError('private/evaluator', 'the evaluator was given no keys yet');
    return this.#held;
  }

  #freeKeys(): void {
    const { encryptor, rotation, relinearisation, published } = this.#held ?? {};
    for (const one of [encryptor, rotation, relinearisation, published]) one?.delete();
    this.#held = null;
  }

  read(bytes: Uint8Array): Cipher {
    return this.#make((cipher) =>
      guarded(() => cipher.loadArray(this.#context, bytes), 'no ciphertext of these parameters'),
    );
  }

  factor(slots: BigUint64Array): Factor {
    const plain = this.#seal.PlainText();
    this.#encoder.encode(slots, plain);
    const parmsId = this.#context.firstParmsId;
    this.#evaluator.plainTransformToNtt(plain, parmsId, plain);
    parmsId.delete();
    return { factor: this.#factors.keep(plain) };
  }

  products(ciphers: readonly Cipher[], rows: readonly (readonly (Factor | null)[])[]): Cipher[] {
    // Slots multiply number by number in this form: transformed once, a product is a hundredth of the transform.
    const transformed = ciphers.map(({ cipher }) => {
      const made = this.#seal.CipherText();
      this.#evaluator.cipherTransformToNtt(this.#ciphers.at(cipher), made);
      return made;
    });
    const term = this.#seal.CipherText();
    try {
      return rows.map((row) => this.#make((sum) => this.#rowSum(transformed, row, sum, term)));
    } finally {
      for (const one of [...transformed, term]) one.delete();
    }
  }

  add(a: Cipher, b: Cipher): Cipher {
    return this.#make((sum) => this.#evaluator.add(this.#ciphers.at(a.cipher), this.#ciphers.at(b.cipher), sum));
  }

  addPlain(a: Cipher, slots: BigUint64Array): Cipher {
    const plain = this.#seal.PlainText();
    try {
      this.#encoder.encode(slots, plain);
      return this.#make((sum) => this.#evaluator.addPlain(this.#ciphers.at(a.cipher), plain, sum));
    } finally {
      plain.delete();
    }
  }

  square(a: Cipher): Cipher {
    return this.#make((squared) => {
      this.#evaluator.square(this.#ciphers.at(a.cipher), squared);
      this.#evaluator.relinearize(squared, this.#keys.relinearisation, squared);
    });
  }

  rotate(a: Cipher, steps: number): Cipher {
    return this.#make((turned) =>
      this.#evaluator.rotateRows(this.#ciphers.at(a.cipher), steps, this.#keys.rotation, turned),
    );
  }

  finish(a: Cipher, spareBits: number): Uint8Array {
    const answer = this.#seal.CipherText();
    try {
      this.#keys.encryptor.encryptZero(answer);
      this.#evaluator.add(answer, this.#ciphers.at(a.cipher), answer);
      const data = this.#parameters.coefficientBits.slice(0, -1);
      const needed = this.#parameters.plainModulus.toString(2).length + spareBits;
      for (let kept = data.length - 1; kept > 0; kept--) {
        if (data.slice(0, kept).reduce((sum, bits) => sum + bits, 0) < needed) break;
        this.#evaluator.cipherModSwitchToNext(answer, answer);
      }
      return answer.saveArray(this.#seal.ComprModeType.none).slice();
    } finally {
      answer.delete();
    }
  }

  release(...handles: readonly (Cipher | Factor)[]): void {
    for (const handle of handles)
      if ('cipher' in handle) this.#ciphers.free(handle.cipher);
      else this.#factors.free(handle.factor);
  }

  get live(): number {
    return this.#ciphers.size + this.#factors.size;
  }

  dispose(): void {
    this.#ciphers.freeAll();
    this.#factors.freeAll();
    this.#freeKeys();
    for (const one of [this.#encoder, this.#evaluator, this.#context]) one.delete();
  }

  #make(fill: (cipher: CipherText) => void): Cipher {
    const cipher = this.#seal.CipherText();
    try {
      fill(cipher);
    } catch (error) {
      cipher.delete();
      throw error;
    }
    return { cipher: this.#ciphers.keep(cipher) };
  }

  #rowSum(ciphers: readonly CipherText[], row: readonly (Factor | null)[], sum: CipherText, term: CipherText): void {
    let empty = true;
    ciphers.forEach((cipher, i) => {
      const factor = row[i];
      if (factor == null) return;
      this.#evaluator.multiplyPlain(cipher, this.#factors.at(factor.factor), empty ? sum : term);
      if (!empty) this.#evaluator.add(sum, term, sum);
      empty = false;
    });
    if (empty) throw privateError('private/weights', 'a layer of the network is all zeros; use trained weights');
    this.#evaluator.cipherTransformFromNtt(sum, sum);
  }
}

/** An evaluator that owns `context`. */
export function createSealEvaluator(seal: Seal, parameters: BfvParameters, context: Context): Evaluator {
  return new SealEvaluator(seal, parameters, context);
}
