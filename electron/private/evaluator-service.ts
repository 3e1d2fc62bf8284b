import { VitrineError } from '../../core/errors.ts';
import { privateError } from '../../core/private/errors.ts';
import { Circuit } from '../../core/private/he/circuit.ts';
import type { BfvEngine, Evaluator } from '../../core/private/he/engine.ts';
import { randomFill } from '../random.ts';
import type { FromEvaluator, ToEvaluator } from './protocol.ts';

interface Prepared {
  readonly evaluator: Evaluator;
  readonly circuit: Circuit;
}

/** The work of an evaluating process, whatever its messages come through. */
export class EvaluatorService {
  readonly #loadEngine: () => Promise<BfvEngine>;
  #prepared: Prepared | null = null;

  constructor(loadEngine: () => Promise<BfvEngine>) {
    this.#loadEngine = loadEngine;
  }

  /** One answer for one message; never throws. */
  async answer(message: ToEvaluator): Promise<FromEvaluator> {
    try {
      if (message.kind === 'prepare') return await this.#prepare(message);
      if (this.#prepared === null) throw privateError('private/evaluator', 'the evaluator was given no network yet');
      const { evaluator, circuit } = this.#prepared;
      if (message.kind === 'evaluate') return { kind: 'answer', cipher: circuit.evaluate(message.ciphers) };
      evaluator.takeKeys(message.keys);
      return { kind: 'ready' };
    } catch (error) {
      const known = error instanceof VitrineError;
      return {
        kind: 'refused',
        code: known ? error.code : 'private/evaluator',
        reason: known ? error.message : 'the evaluator failed; try again',
      };
    }
  }

  async #prepare({ network, plan, residue }: Extract<ToEvaluator, { kind: 'prepare' }>): Promise<FromEvaluator> {
    const modulus = plan.moduli[residue];
    if (modulus === undefined) throw privateError('private/evaluator', 'the plan has no such residue; plan again');
    const engine = await this.#loadEngine();
    this.#prepared?.evaluator.dispose();
    this.#prepared = null;
    const { degree, coefficientBits } = plan;
    const evaluator = engine.evaluator({ degree, coefficientBits, plainModulus: modulus });
    this.#prepared = { evaluator, circuit: new Circuit(network, plan, { evaluator, modulus, randomFill }) };
    return { kind: 'ready' };
  }
}
