import { VitrineError } from '../../core/errors.ts';
import { privateError } from '../../core/private/errors.ts';
import { Circuit } from '../../core/private/he/circuit.ts';
import type { BfvEngine } from '../../core/private/he/engine.ts';
import { randomFill } from '../random.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';

/** The work of an evaluating process, whatever its messages come through. */
export class EvaluatorService {
  readonly #loadEngine: () => Promise<BfvEngine>;
  #circuit: Circuit | null = null;

  constructor(loadEngine: () => Promise<BfvEngine>) {
    this.#loadEngine = loadEngine;
  }

  /** One answer for one message; never throws. */
  async answer(message: ToEvaluator): Promise<FromEvaluator> {
    try {
      if (message.kind === 'open') return await this.#open(message);
      if (this.#circuit === null) throw privateError('private/evaluator', 'the evaluator was given no keys yet');
      return { kind: 'answer', cipher: this.#circuit.evaluate(message.ciphers) };
    } catch (error) {
      const known = error instanceof VitrineError;
      return {
        kind: 'refused',
        code: known ? error.code : 'private/evaluator',
        reason: known ? error.message : 'the evaluator failed; try again',
      };
    }
  }

  async #open({ network, plan, residue, keys }: Extract<ToEvaluator, { kind: 'open' }>): Promise<FromEvaluator> {
    const modulus = plan.moduli[residue];
    if (modulus === undefined) throw privateError('private/evaluator', 'the plan has no such residue; plan again');
    const engine = await this.#loadEngine();
    const { degree, coefficientBits } = plan;
    const evaluator = engine.evaluator({ degree, coefficientBits, plainModulus: modulus }, keys);
    this.#circuit = new Circuit(network, plan, { evaluator, modulus, randomFill });
    return { kind: 'opened' };
  }
}
