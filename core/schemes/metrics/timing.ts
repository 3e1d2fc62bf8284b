/** Times of repeated runs, in milliseconds. */
export interface Timing {
  readonly runs: number;
  readonly median: number;
  /** The time that 95 of 100 runs stay below. */
  readonly p95: number;
  /** Megabytes (10^6) of input a second, by the median. */
  readonly megabytesPerSecond: number;
}

/**
 * Median and 95th percentile of at least 30 runs after three that only warm up.
 * @param clock milliseconds of a monotonic clock
 */
export function timeRuns(run: () => unknown, bytes: number, clock: () => number, runs = 30): Timing {
  for (let i = 0; i < 3; i++) run();
  const times = Array.from({ length: runs }, () => {
    const start = clock();
    run();
    return clock() - start;
  }).sort((a, b) => a - b);
  const median = ((times[(runs - 1) >> 1] as number) + (times[runs >> 1] as number)) / 2;
  const p95 = times[Math.min(runs - 1, Math.ceil(0.95 * runs) - 1)] as number;
  return { runs, median, p95, megabytesPerSecond: bytes / 1000 / median };
}
