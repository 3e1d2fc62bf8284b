import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo } from 'react';
import type { StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';
import { chooseLine, PAGE, rowAt, useStudies, wantRows } from '../../state/studies.ts';
import { type Below, belowAt, type Line, lineAt, lineCount, linesBelow, type Unfolded } from './flat-rows.ts';

/** Height of every line (ui.md section 3). Fixed, so that ten thousand rows scroll as ten do. */
export const LINE_HEIGHT = 32;
/** The header stays at the top of the scroller and covers what is under it. */
const HEADER_HEIGHT = 28;

/** What is unfolded, in order of place; places are known only for rows that were fetched. */
function useUnfolded(): readonly Unfolded[] {
  const pages = useStudies((state) => state.pages);
  const unfolded = useStudies((state) => state.unfolded);
  return useMemo(() => {
    if (unfolded.size === 0) return [];
    const found: Unfolded[] = [];
    for (const [page, rows] of pages) {
      rows.forEach((row, place) => {
        const details = unfolded.get(row.studyId);
        if (details !== undefined) found.push({ index: page * PAGE + place, lines: linesBelow(details) });
      });
    }
    return found.sort((a, b) => a.index - b.index);
  }, [pages, unfolded]);
}

/** One line of the list as it is drawn. */
export interface GridLine extends Line {
  readonly line: number;
  /** Pixels from the top. */
  readonly start: number;
  /** The study that the line belongs to; null while it is on its way. */
  readonly row: StudyRow | null;
  readonly isUnfolded: boolean;
  /** Null while they are on their way, or while the study is folded. */
  readonly details: StudyDetails | null;
}

/** What a line below a study is; null for a study's own line. */
function whatIs({ below, details }: GridLine): Below['kind'] | null {
  return below === null ? null : belowAt(details, below).kind;
}

/** Steps over the thumbnails, which can't be chosen: down to the first series, up to the study. */
function overStrip(target: number, from: number, lineAt: (line: number) => GridLine): number {
  const step = target >= from ? 1 : -1;
  let line = target;
  for (let kind = whatIs(lineAt(line)); kind === 'strip' || kind === 'covered'; kind = whatIs(lineAt(line)))
    line += step;
  return line;
}

export interface Grid {
  readonly count: number;
  readonly active: number;
  readonly unfolded: readonly Unfolded[];
  /** Height of all lines, in pixels. */
  readonly height: number;
  /** The lines in sight, and some above and below. */
  readonly lines: readonly GridLine[];
  readonly lineAt: (line: number) => GridLine;
  readonly choose: (line: number) => void;
}

/** The state of the list's lines: which there are, which are in sight, which one is chosen. */
export function useGrid(scroller: RefObject<HTMLDivElement | null>): Grid {
  const total = useStudies((state) => state.total) ?? 0;
  const pages = useStudies((state) => state.pages);
  const known = useStudies((state) => state.unfolded);
  const unfolded = useUnfolded();
  const count = lineCount(total, unfolded);
  const chosen = useStudies((state) => state.chosen);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    paddingStart: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
  });
  const items = virtualizer.getVirtualItems();
  const first = lineAt(items[0]?.index ?? 0, unfolded).index;
  const last = lineAt(items.at(-1)?.index ?? 0, unfolded).index;
  useEffect(() => {
    if (total > 0) wantRows(first, last);
  }, [first, last, total]);

  const drawn = (line: number): GridLine => {
    const place = lineAt(line, unfolded);
    const row = rowAt(pages, place.index);
    const details = row === null ? undefined : known.get(row.studyId);
    return {
      ...place,
      line,
      start: line * LINE_HEIGHT,
      row,
      isUnfolded: details !== undefined,
      details: details ?? null,
    };
  };
  return {
    count,
    active: Math.min(chosen, Math.max(0, count - 1)),
    unfolded,
    height: count * LINE_HEIGHT,
    lines: items.map(({ index }) => drawn(index)).filter((line) => whatIs(line) !== 'covered'),
    lineAt: drawn,
    choose: (line) => {
      const target = overStrip(Math.max(0, Math.min(count - 1, line)), chosen, drawn);
      chooseLine(target);
      virtualizer.scrollToIndex(target);
    },
  };
}
