import type { SeriesRow, StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';

/** An unfolded study: where it stands among the studies, and how many lines hang below it. */
export interface Unfolded {
  readonly index: number;
  readonly lines: number;
}

/** A line of the list: a study, or the n-th line below it. */
export interface Line {
  /** Place of the study among the studies. */
  readonly index: number;
  /** Null for the study's own line. */
  readonly below: number | null;
}

/** Lines that the strip of thumbnails takes: 96 pixels of picture and a line of text. */
export const STRIP = 4;

/** What stands on a line below a study. `strip` is the first of the strip's lines, `covered` one of the others. */
export type Below =
  | { readonly kind: 'waiting' | 'strip' | 'covered' | 'no-priors' }
  | { readonly kind: 'series'; readonly series: SeriesRow }
  | { readonly kind: 'prior'; readonly prior: StudyRow };

/** Lines of thumbnails: none for a study without a single image. */
function stripLines(details: StudyDetails): number {
  return details.series.some(({ instances }) => instances.some(({ frames }) => frames > 0)) ? STRIP : 0;
}

/**
 * Lines below a study: thumbnails, its series, then its patient's other studies, or one line that says there are none.
 * One line while the details are on their way.
 */
export function linesBelow(details: StudyDetails | null): number {
  return details === null ? 1 : stripLines(details) + details.series.length + Math.max(1, details.priors.length);
}

/** What stands on the n-th line below a study. */
export function belowAt(details: StudyDetails | null, n: number): Below {
  if (details === null) return { kind: 'waiting' };
  const strip = stripLines(details);
  if (n < strip) return { kind: n === 0 ? 'strip' : 'covered' };
  const series = details.series[n - strip];
  if (series !== undefined) return { kind: 'series', series };
  const prior = details.priors[n - strip - details.series.length];
  return prior === undefined ? { kind: 'no-priors' } : { kind: 'prior', prior };
}

/** Lines of the whole list. */
export function lineCount(studies: number, unfolded: readonly Unfolded[]): number {
  return unfolded.reduce((sum, { lines }) => sum + lines, studies);
}

/** What stands on a line. `unfolded` is in order of `index`. */
export function lineAt(line: number, unfolded: readonly Unfolded[]): Line {
  let extra = 0;
  for (const { index, lines } of unfolded) {
    const own = index + extra;
    if (line <= own) break;
    if (line <= own + lines) return { index, below: line - own - 1 };
    extra += lines;
  }
  return { index: line - extra, below: null };
}

/** The line on which a study stands. */
export function lineOf(index: number, unfolded: readonly Unfolded[]): number {
  return unfolded.reduce((sum, other) => (other.index < index ? sum + other.lines : sum), index);
}
