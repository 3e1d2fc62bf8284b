/**
 * The server's half of PINPOINT: its own weights, evaluation keys and ciphertexts go in, ciphertexts come out. No secret
 * key, no value of the series and no forecast is ever here.
 */
import type { Cipher, Evaluator, Factor } from './engine.ts';
import { type Layout, MARGIN, slotsOf } from './layout.ts';
import type { IntegerNetwork } from './pinpoint.ts';
import type { Plan } from './plan.ts';

/** Bits of budget that an answer keeps above what it needs. */
const SPARE_BITS = 24;

type Fill = (set: (slot: number, value: bigint) => void) => void;

/** Weights as factors and biases as slots, made once for all batches. */
interface Prepared {
  readonly first: readonly (Factor | null)[];
  readonly firstBias: BigUint64Array;
  /** Rows by tap, each with a factor a lane shift; empty with one convolution. */
  readonly second: readonly (readonly (Factor | null)[])[];
  readonly secondBias: BigUint64Array | null;
  readonly dense: readonly (Factor | null)[];
}

/** @param randomFill cryptographic; hides the sums that the answer's other slots hold */
export interface CircuitTools {
  readonly evaluator: Evaluator;
  readonly modulus: bigint;
  readonly randomFill: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** The encrypted network for one plain prime. */
export class Circuit {
  readonly #network: IntegerNetwork;
  readonly #plan: Plan;
  readonly #tools: CircuitTools;
  readonly #prepared: Prepared;

  constructor(network: IntegerNetwork, plan: Plan, tools: CircuitTools) {
    this.#network = network;
    this.#plan = plan;
    this.#tools = tools;
    this.#prepared = {
      first: this.#firstFactors(),
      firstBias: this.#slots(biasFill(network, plan.layout, 0)),
      second: this.#secondFactors(),
      secondBias: network.convolutions.length > 1 ? this.#slots(biasFill(network, plan.layout, 1)) : null,
      dense: this.#denseFactors(),
    };
  }

  /**
   * @param ciphers one a tap of the first convolution (client.ts)
   * @returns the forecasts of all windows, still encrypted
   * @throws VitrineError private/payload
   */
  evaluate(ciphers: readonly Uint8Array[]): Uint8Array {
    const { evaluator } = this.#tools;
    const inputs = ciphers.map((bytes) => evaluator.read(bytes));
    const { first, firstBias, second, secondBias } = this.#prepared;
    let signal = this.#activate(this.#sumOne(inputs, first), firstBias);
    if (secondBias !== null) signal = this.#activate(this.#second(signal, second), secondBias);
    const answer = this.#dense(signal);
    const bytes = evaluator.finish(answer, SPARE_BITS);
    evaluator.release(answer);
    return bytes;
  }

  #slots(fill: Fill): BigUint64Array {
    return slotsOf(this.#plan.layout, this.#plan.degree, this.#tools.modulus, fill);
  }

  #factor(fill: Fill): Factor | null {
    const slots = this.#slots(fill);
    return slots.some((value) => value !== 0n) ? this.#tools.evaluator.factor(slots) : null;
  }

  #firstFactors(): (Factor | null)[] {
    const { layout } = this.#plan;
    const weight = this.#network.convolutions[0]?.weight ?? [];
    return Array.from({ length: layout.taps }, (_, tap) =>
      this.#factor((set) => {
        for (let p = 0; p < layout.positions; p++)
          for (let lane = 0; lane < layout.stride; lane++)
            set(MARGIN + p * layout.stride + lane, weight[lane % layout.filters]?.[0]?.[tap] ?? 0n);
      }),
    );
  }

  /** Factor [tap][shift] stands where the product is before it is turned by tap · stride to its output position. */
  #secondFactors(): (Factor | null)[][] {
    const { layout } = this.#plan;
    const weight = this.#network.convolutions[1]?.weight;
    if (weight === undefined) return [];
    const row = (tap: number): (Factor | null)[] =>
      Array.from({ length: layout.filters }, (_, shift) =>
        this.#factor((set) => {
          for (let q = 0; q < layout.positions2; q++)
            weight.forEach((filter, f) => {
              set(MARGIN + (q + tap) * layout.stride + f, filter[(f + shift) % layout.filters]?.[tap] ?? 0n);
            });
        }),
      );
    return Array.from({ length: layout.taps2 }, (_, tap) => row(tap));
  }

  /** Factor [shift]: at slot j the weight from source j + shift to output j mod lanes. */
  #denseFactors(): (Factor | null)[] {
    const { layout } = this.#plan;
    const { dense, horizon } = this.#network;
    return Array.from({ length: layout.lanes }, (_, shift) =>
      this.#factor((set) => {
        for (let q = 0; q < layout.positions2; q++)
          for (let f = 0; f < layout.filters2; f++) {
            const slot = MARGIN + q * layout.stride + f - shift;
            const output = slot % layout.lanes;
            if (output < horizon) set(slot, dense[output]?.[f * layout.positions2 + q] ?? 0n);
          }
      }),
    );
  }

  /** The sum of products; the operands are released. */
  #sumOne(ciphers: readonly Cipher[], factors: readonly (Factor | null)[]): Cipher {
    const { evaluator } = this.#tools;
    const [sum] = evaluator.products(ciphers, [factors]);
    evaluator.release(...ciphers);
    if (sum === undefined) throw new RangeError('products without an answer');
    return sum;
  }

  #activate(sum: Cipher, bias: BigUint64Array): Cipher {
    const { evaluator } = this.#tools;
    const biased = evaluator.addPlain(sum, bias);
    const squared = evaluator.square(biased);
    evaluator.release(sum, biased);
    return squared;
  }

  /** `a` and its rotations by 1, 2 … `count` − 1. */
  #shifts(a: Cipher, count: number): Cipher[] {
    const shifts = [a];
    for (let last = a; shifts.length < count; shifts.push(last)) last = this.#tools.evaluator.rotate(last, 1);
    return shifts;
  }

  /** Turned by any multiple of the lanes, a power of two at a time; the operand is released. */
  #turn(a: Cipher, steps: number): Cipher {
    let turned = a;
    for (let step = this.#plan.layout.lanes; step <= steps; step *= 2) {
      if ((steps & step) === 0) continue;
      const next = this.#tools.evaluator.rotate(turned, step);
      this.#tools.evaluator.release(turned);
      turned = next;
    }
    return turned;
  }

  #plus(a: Cipher, b: Cipher): Cipher {
    const { evaluator } = this.#tools;
    const sum = evaluator.add(a, b);
    evaluator.release(a, b);
    return sum;
  }

  #second(signal: Cipher, rows: Prepared['second']): Cipher {
    const { evaluator } = this.#tools;
    const shifts = this.#shifts(signal, this.#plan.layout.filters);
    const sums = evaluator.products(shifts, rows);
    evaluator.release(...shifts);
    // Horner's rule over the taps: the last is turned once a tap.
    return sums.reduceRight((below, sum) => this.#plus(this.#turn(below, this.#plan.layout.stride), sum));
  }

  #dense(signal: Cipher): Cipher {
    const { layout } = this.#plan;
    const { evaluator } = this.#tools;
    let sum = this.#sumOne(this.#shifts(signal, layout.lanes), this.#prepared.dense);
    for (let step = layout.lanes; step < layout.block; step *= 2) sum = this.#plus(sum, evaluator.rotate(sum, step));
    const answer = evaluator.addPlain(sum, this.#lastBias());
    evaluator.release(sum);
    return answer;
  }

  /** The outputs' biases; random everywhere else, so that partial sums don't tell of the weights. */
  #lastBias(): BigUint64Array {
    const { layout, degree } = this.#plan;
    const { bias } = this.#network;
    const noise = new BigUint64Array(degree);
    this.#tools.randomFill(new Uint8Array(noise.buffer));
    return slotsOf(layout, degree, this.#tools.modulus, (set, window) => {
      for (let slot = 0; slot < layout.block; slot++)
        set(slot, bias[slot] ?? noise[window * layout.block + slot] ?? 0n);
    });
  }
}

function biasFill(network: IntegerNetwork, layout: Layout, which: 0 | 1): Fill {
  const bias = network.convolutions[which]?.bias ?? [];
  // After the last convolution each filter has one lane; before a second one, the filters fill the stride.
  const lanes = network.convolutions.length === which + 1 ? bias.length : layout.stride;
  const positions = which === 0 ? layout.positions : layout.positions2;
  return (set) => {
    for (let p = 0; p < positions; p++)
      for (let lane = 0; lane < lanes; lane++) set(MARGIN + p * layout.stride + lane, bias[lane % bias.length] ?? 0n);
  };
}
