import { Circuit } from '../../core/private/he/circuit.ts';
import { inputSlots } from '../../core/private/he/client.ts';
import type { Cipher, Evaluator, Factor } from '../../core/private/he/engine.ts';
import { rotationSteps } from '../../core/private/he/layout.ts';
import type { IntegerNetwork } from '../../core/private/he/pinpoint.ts';
import type { Plan } from '../../core/private/he/plan.ts';
import { randomFill } from '../../electron/random.ts';

/** One operation of the circuit on numbered ciphertexts; JSON for another program. */
type Operation =
  | {
      readonly kind: 'products';
      readonly ciphers: readonly number[];
      readonly rows: readonly (readonly (number | null)[])[];
      readonly made: readonly number[];
    }
  | { readonly kind: 'add'; readonly a: number; readonly b: number; readonly made: number }
  | { readonly kind: 'addPlain'; readonly a: number; readonly slots: readonly number[]; readonly made: number }
  | { readonly kind: 'square'; readonly a: number; readonly made: number }
  | { readonly kind: 'rotate'; readonly a: number; readonly steps: number; readonly made: number }
  | { readonly kind: 'finish'; readonly a: number; readonly switches: number; readonly made: number };

/** Everything that a residue's circuit does to one batch of windows. */
export interface CircuitTrace {
  readonly degree: number;
  readonly coefficientBits: readonly number[];
  readonly plainModulus: number;
  /** Of the rotations that have keys. */
  readonly galoisElements: readonly number[];
  readonly inputs: Readonly<Record<number, readonly number[]>>;
  readonly factors: Readonly<Record<number, readonly number[]>>;
  readonly operations: readonly Operation[];
}

const numbers = (slots: BigUint64Array): number[] => Array.from(slots, Number);

/** An evaluator that computes nothing and writes down what it is told. */
class Recorder implements Evaluator {
  readonly factors: Record<number, number[]> = {};
  readonly operations: Operation[] = [];
  readonly #dataBits: readonly number[];
  readonly #plainBits: number;
  readonly live = 0;
  #next = 0;
  #read = 0;

  constructor(plan: Plan, modulus: bigint) {
    this.#dataBits = plan.coefficientBits.slice(0, -1);
    this.#plainBits = modulus.toString(2).length;
  }

  takeKeys(): void {}
  release(): void {}
  dispose(): void {}

  /** Inputs are numbered in the order in which they are read. */
  read(): Cipher {
    return { cipher: -1 - this.#read++ };
  }

  factor(slots: BigUint64Array): Factor {
    const factor = this.#next++;
    this.factors[factor] = numbers(slots);
    return { factor };
  }

  products(ciphers: readonly Cipher[], rows: readonly (readonly (Factor | null)[])[]): Cipher[] {
    const made = rows.map(() => this.#next++);
    this.operations.push({
      kind: 'products',
      ciphers: ciphers.map(({ cipher }) => cipher),
      rows: rows.map((row) => row.map((one) => one?.factor ?? null)),
      made,
    });
    return made.map((cipher) => ({ cipher }));
  }

  add(a: Cipher, b: Cipher): Cipher {
    return this.#made((made) => ({ kind: 'add', a: a.cipher, b: b.cipher, made }));
  }

  addPlain(a: Cipher, slots: BigUint64Array): Cipher {
    return this.#made((made) => ({ kind: 'addPlain', a: a.cipher, slots: numbers(slots), made }));
  }

  square(a: Cipher): Cipher {
    return this.#made((made) => ({ kind: 'square', a: a.cipher, made }));
  }

  rotate(a: Cipher, steps: number): Cipher {
    return this.#made((made) => ({ kind: 'rotate', a: a.cipher, steps, made }));
  }

  finish(a: Cipher, spareBits: number): Uint8Array {
    let switches = 0;
    const kept = (count: number): number => this.#dataBits.slice(0, count).reduce((sum, bits) => sum + bits, 0);
    while (
      this.#dataBits.length - switches > 1 &&
      kept(this.#dataBits.length - switches - 1) >= this.#plainBits + spareBits
    )
      switches++;
    this.#made((made) => ({ kind: 'finish', a: a.cipher, switches, made }));
    return new Uint8Array(0);
  }

  #made(operation: (made: number) => Operation): Cipher {
    const cipher = this.#next++;
    this.operations.push(operation(cipher));
    return { cipher };
  }
}

/** A rotation's Galois element: 3^steps modulo twice the degree, as SEAL numbers them. */
function galoisElement(steps: number, degree: number): number {
  let element = 1;
  for (let i = 0; i < steps; i++) element = (element * 3) % (2 * degree);
  return element;
}

/** The circuit of `network` for one of the plan's primes, on a batch of windows. */
export function traceCircuit(
  network: IntegerNetwork,
  plan: Plan,
  modulus: bigint,
  windows: readonly (readonly bigint[])[],
): CircuitTrace {
  const recorder = new Recorder(plan, modulus);
  const circuit = new Circuit(network, plan, { evaluator: recorder, modulus, randomFill });
  const slots = inputSlots(windows, plan, modulus);
  circuit.evaluate(slots.map(() => new Uint8Array(0)));
  return {
    degree: plan.degree,
    coefficientBits: plan.coefficientBits,
    plainModulus: Number(modulus),
    galoisElements: rotationSteps(plan.layout).map((steps) => galoisElement(steps, plan.degree)),
    inputs: Object.fromEntries(slots.map((one, i) => [-1 - i, numbers(one)])),
    factors: recorder.factors,
    operations: recorder.operations,
  };
}
