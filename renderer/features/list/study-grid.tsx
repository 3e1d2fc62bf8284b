import { ArrowDown, ArrowUp, Lock } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react';
import type { StudyRow } from '../../../core/contract/catalogue.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { askRule } from '../../state/rules.ts';
import { askShred } from '../../state/shredding.ts';
import { answerOfStudies, foldStudy, sortStudies, unfoldStudy, useStudies } from '../../state/studies.ts';
import { openStudy, studyTitle } from '../../state/tabs.ts';
import { dicomDate, personName } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { TreeTable } from '../../ui/tree-table.ts';
import { COLUMNS } from './columns.ts';
import { belowAt } from './flat-rows.ts';
import { gridAction } from './grid-keys.ts';
import { LineBelow } from './line-below.tsx';
import { StudyLine } from './study-line.tsx';
import { type GridLine, LINE_HEIGHT, useGrid } from './use-grid.ts';

const modalitiesOf = (row: StudyRow): string => row.modalities.replaceAll('\\', ' ');

function rowLabel(row: StudyRow, t: Text): string {
  if (row.restricted)
    return t('list.restrictedRow', {
      modality: modalitiesOf(row),
      date: dicomDate(row.studyDate) || t('list.noDate'),
    });
  return t('list.row', {
    name: personName(row.patientName) || t('list.noName'),
    modality: modalitiesOf(row),
    date: dicomDate(row.studyDate) || t('list.noDate'),
    description: row.studyDescription || t('list.noDescription'),
  });
}

/** Opens what stands on a line: the study, or the prior. A series opens its study. */
function openLine({ row, details, below }: GridLine, t: Text): void {
  const line = below === null ? null : belowAt(details, below);
  const study = line?.kind === 'prior' ? line.prior : row;
  if (study === null) return;
  openStudy({ studyId: study.studyId, title: studyTitle(study, t('tabs.study')) });
}

function Header() {
  const t = useText();
  const sort = useStudies((state) => state.sort);
  const descending = useStudies((state) => state.descending);
  const Arrow = descending ? ArrowDown : ArrowUp;
  return (
    <thead className="list-header">
      <tr className="list-grid" aria-rowindex={1}>
        {COLUMNS.map(({ key, label, align }) => (
          <th
            key={key}
            scope="col"
            aria-sort={sort === key ? (descending ? 'descending' : 'ascending') : 'none'}
            className={align === 'end' ? 'list-end' : ''}
          >
            <button type="button" className="list-sort" title={t(label)} onClick={() => sortStudies(key)}>
              {key === 'importedAt' ? (
                <Lock size={12} aria-label={t(label)} />
              ) : (
                <span className="list-clip">{t(label)}</span>
              )}
              {sort === key && <Arrow size={13} aria-hidden="true" />}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface LineProps {
  readonly line: GridLine;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}

function classOf({ below, details }: GridLine): string {
  if (below === null) return 'list-grid list-line';
  return belowAt(details, below).kind === 'strip' ? 'list-line list-below list-strip' : 'list-line list-below';
}

function LineOfGrid({ line, isActive, onChoose }: LineProps) {
  const t = useText();
  const { row, below, isUnfolded, details } = line;
  const isStudy = below === null;
  const toggle = (): void => {
    if (row === null) return;
    if (isUnfolded) foldStudy(row.studyId);
    else void unfoldStudy(row.studyId);
  };
  return (
    <tr
      id={`line-${line.line}`}
      className={classOf(line)}
      aria-rowindex={line.line + 2}
      aria-level={isStudy ? 1 : 2}
      aria-expanded={isStudy ? isUnfolded : undefined}
      aria-selected={isActive}
      aria-label={isStudy && row !== null ? rowLabel(row, t) : undefined}
      data-study={isStudy ? row?.studyId : undefined}
      style={{ transform: `translateY(${line.start}px)` }}
      onMouseDown={onChoose}
      onDoubleClick={() => openLine(line, t)}
    >
      {row !== null && isStudy && <StudyLine row={row} isUnfolded={isUnfolded} onToggle={toggle} />}
      {row !== null && below !== null && <LineBelow details={details} below={below} />}
    </tr>
  );
}

/** The rows, as the search field reaches them: into them, or open one, by line from 0. */
export interface Rows {
  readonly enter: (line: number) => void;
  readonly open: (line: number) => void;
}

interface StudyGridProps {
  /** Where focus goes back to when somebody types. */
  readonly search: RefObject<HTMLInputElement | null>;
  readonly grid: RefObject<HTMLTableElement | null>;
  readonly entry: RefObject<Rows | null>;
}

/** The list itself: one tab stop; rows are moved through by arrows and only those in sight exist. */
export function StudyGrid({ search, grid, entry }: StudyGridProps) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useGrid(scroller);
  const toSearch = (): void => search.current?.focus();
  const latest = useRef(lines);
  useLayoutEffect(() => {
    latest.current = lines;
    entry.current = { enter: lines.choose, open: (line) => openLine(lines.lineAt(line), t) };
    return () => {
      entry.current = null;
    };
  });
  useCommands({
    'study.rule': () => {
      const { row } = latest.current.lineAt(latest.current.active);
      if (row === null) return false;
      askRule({ studyId: row.studyId, title: studyTitle(row, t('tabs.study')) });
      return true;
    },
    'study.shred': () => {
      const { row } = latest.current.lineAt(latest.current.active);
      if (row === null) return false;
      askShred([{ studyId: row.studyId, title: studyTitle(row, t('tabs.study')) }]);
      return true;
    },
  });
  // While the catalogue is asked anew the rows on screen are old ones: the line opens if the answer has it there too.
  const open = (line: GridLine): void => {
    const answer = answerOfStudies();
    if (answer === null) openLine(line, t);
    else
      void answer.then(() => {
        const now = latest.current.lineAt(line.line);
        if (now.row?.studyId === line.row?.studyId && now.below === line.below) openLine(now, t);
      });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? LINE_HEIGHT) / LINE_HEIGHT) - 1);
    const action = gridAction(event.key, lines, { page, toSearch, open });
    if (action !== null) {
      event.preventDefault();
      action();
    } else if (event.key.length === 1 && event.key !== ' ' && event.key !== '?') {
      // The character itself goes to the field, because focus moves before it is typed.
      toSearch();
    }
  };

  return (
    <div className="list-scroller" ref={scroller} data-region="studies">
      <TreeTable
        ref={grid}
        className="list-table"
        aria-label={t('list.title')}
        aria-rowcount={lines.count + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={lines.count > 0 ? `line-${lines.active}` : undefined}
        tabIndex={0}
        data-command-scope="list"
        onKeyDown={onKeyDown}
      >
        <Header />
        <tbody className="list-body" style={{ height: lines.height }}>
          {lines.lines.map((line) => (
            <LineOfGrid
              key={line.line}
              line={line}
              isActive={line.line === lines.active}
              onChoose={() => lines.choose(line.line)}
            />
          ))}
        </tbody>
      </TreeTable>
    </div>
  );
}
