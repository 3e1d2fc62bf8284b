import type { ImportProgress } from '../../core/contract/import.ts';

/** At most ten reports a second. */
const INTERVAL = 100;
/** The rate is over this many milliseconds. */
const WINDOW = 5000;
/** No guess at the time left before this. */
const QUIET = 3000;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/** Counts what an import has done and tells an observer, not too often. */
export class ProgressMeter {
  readonly counts = { imported: 0, known: 0, conflicts: 0, refused: 0 };
  phase: ImportProgress['phase'] = 'counting';
  filesTotal: number | null = null;
  bytesTotal: number | null = null;
  filesDone = 0;
  bytesDone = 0;
  readonly #job: string;
  readonly #emit: (progress: ImportProgress) => void;
  readonly #started = performance.now();
  #reported = Number.NEGATIVE_INFINITY;
  #samples: Sample[] = [];

  constructor(job: string, emit: (progress: ImportProgress) => void) {
    this.#job = job;
    this.#emit = emit;
  }

  /** Seconds since the import began. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Takes `bytes` more as done. */
  advance(bytes: number): void {
    this.bytesDone += bytes;
    this.report(false);
  }

  /** Tells the observer where things are, if it was not told just now or `always`. */
  report(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#reported < INTERVAL) return;
    this.#reported = now;
    this.#samples.push({ at: now, bytes: this.bytesDone });
    while (this.#samples.length > 2 && now - (this.#samples[0] as Sample).at > WINDOW) this.#samples.shift();
    const rate = this.#rate();
    const left = this.bytesTotal === null ? null : Math.max(0, this.bytesTotal - this.bytesDone);
    const quiet = now - this.#started < QUIET || rate === 0 || left === null;
    this.#emit({
      job: this.#job,
      phase: this.phase,
      filesDone: this.filesDone,
      filesTotal: this.filesTotal,
      bytesDone: this.bytesDone,
      bytesTotal: this.bytesTotal,
      rate,
      secondsLeft: quiet ? null : left / rate,
      counts: { ...this.counts },
    });
  }

  #rate(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.at - first.at));
  }
}
