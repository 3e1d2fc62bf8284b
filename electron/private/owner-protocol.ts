import type { Sample } from '../../core/private/series.ts';
import type { ForecastOrder, ForecastOutcome, SeriesSource } from './forecaster.ts';

/**
 * What the data owner's process is told by main: one order, then the ports of the evaluators that it asked for (each comes
 * along with its message). Main carries no key and no ciphertext: they go from process to process.
 */
export type ToOwner =
  | { readonly kind: 'read'; readonly source: SeriesSource }
  | { readonly kind: 'forecast'; readonly order: ForecastOrder }
  | { readonly kind: 'evaluator'; readonly evaluator: number }
  | { readonly kind: 'evaluator-ended'; readonly evaluator: number };

/** What it says: evaluators that it wants, how far it is, and in the end one answer. */
export type FromOwner =
  | { readonly kind: 'start-evaluator'; readonly evaluator: number }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | { readonly kind: 'outcome'; readonly outcome: ForecastOutcome }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly reason: string;
      readonly details: Readonly<Record<string, string | number | boolean>>;
    };
