import { median } from '../command.ts';

/** One figure of the report, beside a peer that was measured in the same run. */
export interface Row {
  readonly id: string;
  readonly what: string;
  /** Median of the samples, in `unit`. */
  readonly ours: number;
  /** Null where the goal is a limit and no other program. */
  readonly peer: number | null;
  readonly unit: string;
  /** `ours` over `peer`, or over the limit: median of the ratios of samples taken one after the other. */
  readonly ratio: number;
  readonly better: 'higher' | 'lower';
  /** What the ratio must reach (`higher`) or must not exceed (`lower`); null: stated for comparison only. */
  readonly goal: number | null;
  /** Null where there is no goal. */
  readonly met: boolean | null;
  /** Lowest and highest ratio seen. */
  readonly spread: readonly [number, number];
  /** Samples. */
  readonly n: number;
  /** Further figures that belong to the row. */
  readonly details?: Readonly<Record<string, number | string>>;
}

/** What a row is made from: samples of ours and of the peer, taken in turns. */
export interface Samples {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly better: Row['better'];
  readonly goal: number | null;
  readonly ours: readonly number[];
  readonly peer: readonly number[];
  readonly details?: Readonly<Record<string, number | string>>;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** A row over a peer. Sample i of ours is held against sample i of the peer, because a machine's speed drifts. */
export function row({ ours, peer, details, ...rest }: Samples): Row {
  const ratios = ours.map((value, i) => value / (peer[i % peer.length] ?? Number.NaN));
  const ratio = median(ratios);
  const { goal, better } = rest;
  return {
    ...rest,
    ours: rounded(median(ours)),
    peer: rounded(median(peer)),
    ratio: rounded(ratio),
    met: goal === null ? null : better === 'higher' ? ratio >= goal : ratio <= goal,
    spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
    n: ours.length,
    ...(details === undefined ? {} : { details }),
  };
}

/** A row over a fixed limit: the ratio is the share of the limit that is used, and the goal is 1. */
export function limitRow(samples: Omit<Samples, 'peer' | 'goal' | 'better'> & { limit: number }): Row {
  const { limit, ...rest } = samples;
  return { ...row({ ...rest, peer: [limit], better: 'lower', goal: 1 }), peer: null };
}

/** The value below which `share` of the samples lie (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}
