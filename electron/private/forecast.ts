import { availableParallelism } from 'node:os';
import { privateError } from '../../core/private/errors.ts';
import { batchesOf, fromResidues, inputSlots, outputResidues } from '../../core/private/he/client.ts';
import type { BfvEngine, KeyHolder } from '../../core/private/he/engine.ts';
import { rotationSteps } from '../../core/private/he/layout.ts';
import type { IntegerNetwork } from '../../core/private/he/pinpoint.ts';
import { type Plan, planFor } from '../../core/private/he/plan.ts';
import type { EvaluatorLink } from './evaluator-link.ts';

/** What a forecast on encrypted data needs. */
export interface PrivateJob {
  readonly network: IntegerNetwork;
  /** Windows of quantised inputs. */
  readonly windows: readonly (readonly bigint[])[];
  readonly engine: BfvEngine;
  readonly startEvaluator: () => EvaluatorLink;
  readonly signal: AbortSignal;
  /** Steps done, of how many: for each plain prime its keys, an evaluator that has them, and each batch of windows. */
  readonly progress: (done: number, total: number) => void;
}

/** Exact outputs, `horizon` a window, and what it cost. */
export interface PrivateOutputs {
  readonly outputs: readonly (readonly bigint[])[];
  readonly plan: Plan;
  readonly seconds: number;
  readonly bytesSent: number;
  readonly bytesBack: number;
  /** Smallest budget of an answer. */
  readonly noiseBits: number;
}

interface Tally {
  sent: number;
  back: number;
  noiseBits: number;
  done: number;
}

const size = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** The work with one plain prime, with keys and an evaluator of its own. */
class Residue {
  readonly #job: PrivateJob;
  readonly #plan: Plan;
  readonly #residue: number;
  readonly #tally: Tally;

  constructor(job: PrivateJob, plan: Plan, residue: number, tally: Tally) {
    this.#job = job;
    this.#plan = plan;
    this.#residue = residue;
    this.#tally = tally;
  }

  get #modulus(): bigint {
    return this.#plan.moduli[this.#residue] ?? 1n;
  }

  /** Residues of the outputs, by window. @param link to an evaluator that does nothing else meanwhile */
  async run(link: EvaluatorLink): Promise<bigint[][]> {
    const { degree, coefficientBits } = this.#plan;
    const { network, engine } = this.#job;
    const prepared = link.ask({ kind: 'prepare', network, plan: this.#plan, residue: this.#residue });
    // It is awaited below; should making the keys fail, nobody awaits it.
    prepared.catch(() => undefined);
    await taken();
    checkOn(this.#job.signal);
    const keys = engine.keyHolder({ degree, coefficientBits, plainModulus: this.#modulus });
    try {
      const evaluation = keys.evaluationKeys(rotationSteps(this.#plan.layout));
      this.#step();
      this.#tally.sent += size(Object.values(evaluation));
      await prepared;
      await link.ask({ kind: 'keys', keys: evaluation });
      this.#step();
      return await this.#batches(keys, link);
    } finally {
      keys.dispose();
    }
  }

  #step(): void {
    const batches = batchesOf(this.#job.windows, this.#plan).length;
    this.#job.progress(++this.#tally.done, (2 + batches) * this.#plan.moduli.length);
  }

  async #batches(keys: KeyHolder, link: EvaluatorLink): Promise<bigint[][]> {
    const { network, windows, signal } = this.#job;
    const residues: bigint[][] = [];
    for (const batch of batchesOf(windows, this.#plan)) {
      checkOn(signal);
      residues.push(...(await this.#batch(batch, keys, link, network.horizon)));
      this.#step();
    }
    return residues;
  }

  async #batch(
    batch: readonly (readonly bigint[])[],
    keys: KeyHolder,
    link: EvaluatorLink,
    horizon: number,
  ): Promise<bigint[][]> {
    const ciphers = inputSlots(batch, this.#plan, this.#modulus).map((slots) => keys.encrypt(slots));
    this.#tally.sent += size(ciphers);
    const answer = await link.ask({ kind: 'evaluate', ciphers });
    if (answer.kind !== 'answer') throw privateError('private/evaluator', 'the evaluator gave no answer; try again');
    this.#tally.back += answer.cipher.length;
    const { slots, noiseBits } = keys.decrypt(answer.cipher);
    this.#tally.noiseBits = Math.min(this.#tally.noiseBits, noiseBits);
    return outputResidues(slots, this.#plan.layout, batch.length, horizon);
  }
}

function checkOn(signal: AbortSignal): void {
  if (signal.aborted) throw privateError('private/cancelled', 'cancelled; nothing of the forecast was kept');
}

/** Gives what was written a moment to leave: making keys blocks this thread for a second. */
function taken(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Forecasts windows without showing them to whoever computes: the plain primes are shared out among as many evaluators
 * as there are processors.
 * @throws VitrineError private/noise before any key is made, private/evaluator, private/cancelled
 */
export async function forecastPrivately(job: PrivateJob): Promise<PrivateOutputs> {
  const plan = planFor(job.network);
  const started = performance.now();
  const tally: Tally = { sent: 0, back: 0, noiseBits: Number.POSITIVE_INFINITY, done: 0 };
  const byResidue: bigint[][][] = [];
  const waiting = [...plan.moduli.keys()];
  const links: EvaluatorLink[] = [];
  const close = (): void => {
    for (const link of links) link.close();
  };
  job.signal.addEventListener('abort', close, { once: true });
  const lane = async (): Promise<void> => {
    checkOn(job.signal);
    const link = job.startEvaluator();
    links.push(link);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      byResidue[next] = await new Residue(job, plan, next, tally).run(link);
  };
  const lanes = Math.min(Math.max(2, availableParallelism()), plan.moduli.length);
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    checkOn(job.signal);
    throw error;
  } finally {
    job.signal.removeEventListener('abort', close);
    close();
  }
  const outputs = job.windows.map((_, window) =>
    Array.from({ length: job.network.horizon }, (_none, h) =>
      fromResidues(
        byResidue.map((windows) => windows[window]?.[h] ?? 0n),
        plan.moduli,
      ),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  return { outputs, plan, seconds, bytesSent: tally.sent, bytesBack: tally.back, noiseBits: tally.noiseBits };
}
