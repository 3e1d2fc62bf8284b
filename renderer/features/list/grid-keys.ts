import { foldStudy, unfoldStudy } from '../../state/studies.ts';
import { lineOf } from './flat-rows.ts';
import type { Grid, GridLine } from './use-grid.ts';

interface Doing {
  /** Rows that a page key moves by. */
  readonly page: number;
  readonly open: (line: GridLine) => void;
  readonly toSearch: () => void;
}

/**
 * What a key does in the list (ui.md section 3): arrows move, Right unfolds, Left folds, Enter opens, Up from the first row
 * and typing return to the search.
 * @returns null for a key that isn't the list's.
 */
export function gridAction(key: string, grid: Grid, doing: Doing): (() => void) | null {
  const { active, count, choose } = grid;
  const line = grid.lineAt(active);
  const studyId = line.row?.studyId;
  switch (key) {
    case 'ArrowDown':
      return () => choose(active + 1);
    case 'ArrowUp':
      return () => (active === 0 ? doing.toSearch() : choose(active - 1));
    case 'PageDown':
      return () => choose(active + doing.page);
    case 'PageUp':
      return () => choose(active - doing.page);
    case 'Home':
      return () => choose(0);
    case 'End':
      return () => choose(count - 1);
    case 'Enter':
      return () => doing.open(line);
    case 'ArrowRight':
      return () => void (studyId !== undefined && unfoldStudy(studyId));
    case 'ArrowLeft':
      return () => {
        if (studyId !== undefined) foldStudy(studyId);
        choose(lineOf(line.index, grid.unfolded));
      };
    default:
      return null;
  }
}
