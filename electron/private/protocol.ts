import type { EvaluationKeys } from '../../core/private/he/engine.ts';
import type { IntegerNetwork } from '../../core/private/he/pinpoint.ts';
import type { Plan } from '../../core/private/he/plan.ts';

/**
 * What an evaluating process is told. The network is its operator's own; keys and ciphertexts come from the data's owner.
 * `prepare` comes first, so that the process makes ready while the owner makes the keys.
 */
export type ToEvaluator =
  | {
      readonly kind: 'prepare';
      readonly network: IntegerNetwork;
      readonly plan: Plan;
      /** Which of the plan's plain primes this process computes with. */
      readonly residue: number;
    }
  | { readonly kind: 'keys'; readonly keys: EvaluationKeys }
  | { readonly kind: 'evaluate'; readonly ciphers: readonly Uint8Array[] };

/** What it answers, one answer a message. */
export type FromEvaluator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly cipher: Uint8Array }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };
