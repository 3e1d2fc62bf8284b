import { randomBytes } from 'node:crypto';
import type { PrivateSeries } from '../../core/contract/private.ts';
import { PINPOINT_SHAPES } from '../../core/infer/pinpoint.ts';
import { privateError } from '../../core/private/errors.ts';
import { SAMPLE_TEST_DAYS } from '../../core/private/sample-series.ts';
import type { Sample } from '../../core/private/series.ts';

/** Series that are remembered, the oldest goes first. */
const REMEMBERED = 8;
/** The paper's test days. */
const PAPER_DAYS = 305;

interface Shelved {
  readonly facts: PrivateSeries;
  readonly samples: readonly Sample[];
}

/** Series that the window may forecast, by handles. They are in memory alone, and gone at a lock. */
export class SeriesShelf {
  readonly #held = new Map<string, Shelved>();

  /** @throws VitrineError private/series-short when nothing can be forecast of so few rows */
  add(samples: readonly Sample[], from: PrivateSeries['from']): PrivateSeries {
    const { input } = PINPOINT_SHAPES['1conv'];
    const most = Math.max(0, samples.length - input);
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || most === 0)
      throw privateError('private/series-short', 'the series has too few rows to forecast from; give more rows', {
        rows: samples.length,
        needed: input + 1,
        days: 1,
      });
    // What is held back for scaling should have seen a wave: two thirds of the rows, where they are few.
    const usual = from === 'sample' ? SAMPLE_TEST_DAYS : Math.min(PAPER_DAYS, Math.ceil(most / 3));
    const facts: PrivateSeries = {
      series: randomBytes(16).toString('hex'),
      from,
      rows: samples.length,
      first: first.date,
      last: last.date,
      days: { most, usual },
    };
    this.#held.set(facts.series, { facts, samples });
    const oldest = this.#held.keys().next().value;
    if (this.#held.size > REMEMBERED && oldest !== undefined) this.#held.delete(oldest);
    return facts;
  }

  /** @throws VitrineError private/no-such-series */
  at(series: string): Shelved {
    const found = this.#held.get(series);
    if (found === undefined) throw privateError('private/no-such-series', 'the series was forgotten; choose it again');
    return found;
  }

  /** The vault was locked. */
  clear(): void {
    this.#held.clear();
  }
}
