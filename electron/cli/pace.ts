import { spanText } from './table.ts';
import type { Terminal } from './terminal.ts';

/** No guess at the time left before this many milliseconds. */
const QUIET_FOR = 3000;
/** The rate is over this many milliseconds. */
const RATE_OVER = 5000;

/** Tells count, rate and time left of long work on the terminal. */
export function paced(terminal: Terminal, what: string): (done: number, total: number) => void {
  const started = performance.now();
  const marks: { at: number; done: number }[] = [];
  return (done, total) => {
    const now = performance.now();
    marks.push({ at: now, done });
    while (marks.length > 2 && now - (marks[0]?.at ?? now) > RATE_OVER) marks.shift();
    const first = marks[0];
    const seconds = first === undefined ? 0 : (now - first.at) / 1000;
    const rate = first === undefined || seconds === 0 ? 0 : (done - first.done) / seconds;
    const isTold = rate > 0 && now - started >= QUIET_FOR;
    const left = isTold ? `, ${Math.round(rate)}/s, about ${spanText((total - done) / rate)} left` : '';
    terminal.progress(`${done} of ${total} ${what}${left}`);
  };
}
