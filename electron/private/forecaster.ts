import type { PrivateForecastReport } from '../../core/contract/private.ts';
import type { Topology } from '../../core/private/he/pinpoint.ts';
import type { Sample } from '../../core/private/series.ts';

/** Where a series comes from. */
export type SeriesSource = { readonly from: 'file'; readonly path: string } | { readonly from: 'sample' };

/** A series and what is to be forecast of it. */
export interface ForecastOrder {
  readonly samples: readonly Sample[];
  readonly topology: Topology;
  /** How many of the last rows. */
  readonly testDays: number;
}

/** What came of an order, and with what it was computed. */
export interface ForecastOutcome {
  readonly report: PrivateForecastReport;
  readonly model: { readonly id: string; readonly sha256: string };
  readonly engine: string;
  readonly degree: number;
  readonly primes: number;
  /** Windows that one ciphertext carries. */
  readonly windows: number;
}

export interface ForecastControl {
  readonly signal: AbortSignal;
  /** Steps done, of how many. */
  readonly progress: (done: number, total: number) => void;
}

/** Reads series and forecasts them, outside of the process that asks. */
export interface Forecaster {
  /** @throws VitrineError of series (core/private/errors.ts) */
  read(source: SeriesSource): Promise<readonly Sample[]>;
  /** @throws VitrineError, private/cancelled at once when the signal says so */
  forecast(order: ForecastOrder, control: ForecastControl): Promise<ForecastOutcome>;
}
