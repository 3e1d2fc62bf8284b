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
  /** Ciphertext batches done, of how many. */
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

  /** Residues of the outputs, by window. */
  async run(): Promise<bigint[][]> {
    const { degree, coefficientBits } = this.#plan;
    const { engine, startEvaluator, signal } = this.#job;
    checkOn(signal);
    const keys = engine.keyHolder({ degree, coefficientBits, plainModulus: this.#modulus });
    const link = startEvaluator();
    const close = (): void => link.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      return await this.#batches(keys, link);
    } catch (error) {
      checkOn(signal);
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
      link.close();
      keys.dispose();
    }
  }

  async #batches(keys: KeyHolder, link: EvaluatorLink): Promise<bigint[][]> {
    const { network, windows, signal, progress } = this.#job;
    const evaluation = keys.evaluationKeys(rotationSteps(this.#plan.layout));
    this.#tally.sent += size(Object.values(evaluation));
    await link.ask({ kind: 'open', network, plan: this.#plan, residue: this.#residue, keys: evaluation });
    const residues: bigint[][] = [];
    const batches = batchesOf(windows, this.#plan);
    for (const batch of batches) {
      checkOn(signal);
      residues.push(...(await this.#batch(batch, keys, link, network.horizon)));
      progress(++this.#tally.done, batches.length * this.#plan.moduli.length);
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

/**
 * Forecasts windows without showing them to whoever computes: one evaluator a plain prime, as many at a time as there
 * are processors.
 * @throws VitrineError private/noise before any key is made, private/evaluator, private/cancelled
 */
export async function forecastPrivately(job: PrivateJob): Promise<PrivateOutputs> {
  const plan = planFor(job.network);
  const started = performance.now();
  const tally: Tally = { sent: 0, back: 0, noiseBits: Number.POSITIVE_INFINITY, done: 0 };
  const byResidue: bigint[][][] = [];
  const waiting = [...plan.moduli.keys()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      byResidue[next] = await new Residue(job, plan, next, tally).run();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
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
