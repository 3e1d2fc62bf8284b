import type { EvaluationKeys } from '../../core/private/he/engine.ts';
import type { IntegerNetwork } from '../../core/private/he/pinpoint.ts';
import type { Plan } from '../../core/private/he/plan.ts';

/** What an evaluating process is told. The network is its operator's own; the rest comes from the data's owner. */
export type ToEvaluator =
  | {
      readonly kind: 'open';
      readonly network: IntegerNetwork;
      readonly plan: Plan;
      /** Which of the plan's plain primes this process computes with. */
      readonly residue: number;
      readonly keys: EvaluationKeys;
    }
  | { readonly kind: 'evaluate'; readonly ciphers: readonly Uint8Array[] };

/** What it answers, one answer a message. */
export type FromEvaluator =
  | { readonly kind: 'opened' }
  | { readonly kind: 'answer'; readonly cipher: Uint8Array }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };
