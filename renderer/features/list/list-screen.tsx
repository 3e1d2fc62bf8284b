import './list.css';
import { FolderOpen, Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { runCommand } from '../../commands/registry.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { useSession } from '../../state/session.ts';
import {
  answerOfStudies,
  clearFilter,
  filterStudies,
  isFiltered,
  refreshStudies,
  useStudies,
} from '../../state/studies.ts';
import { useTabs } from '../../state/tabs.ts';
import { errorText } from '../../text/errors.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/note.tsx';
import { DAYS, DAYS_OF_A_YEAR, MODALITIES } from './columns.ts';
import { SearchTyping } from './search-typing.ts';
import { type Rows, StudyGrid } from './study-grid.tsx';

function dayName(days: number, t: Text): string {
  if (days === 0) return t('list.anyDate');
  return days === DAYS_OF_A_YEAR ? t('list.year') : t('list.days', { count: days });
}

/** Settles when the answer's rows are drawn: that is over before the next task begins. */
function drawnAnswer(): Promise<void> | null {
  return answerOfStudies()?.then(() => new Promise((resolve) => setTimeout(resolve))) ?? null;
}

function SearchBox({ search, rows }: { readonly search: RefObject<HTMLInputElement | null>; readonly rows: Rows }) {
  const t = useText();
  const text = useStudies((state) => state.filter.text);
  const latest = useRef(rows);
  latest.current = rows;
  const [typing] = useState(
    () =>
      new SearchTyping({
        ask: (value) => filterStudies({ text: value.slice(0, 256) }),
        answer: drawnAnswer,
        enter: (line) => latest.current.enter(line),
        open: (line) => latest.current.open(line),
      }),
  );
  useEffect(() => () => typing.stop(), [typing]);
  // Set from outside ([Clear]): the field follows, unless somebody is typing in it.
  useEffect(() => {
    const field = search.current;
    if (field !== null && text === '' && field.value !== '' && typing.isResting) field.value = '';
  }, [text, search, typing]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      typing.key(event.key);
    }
    if (event.key === 'Escape' && event.currentTarget.value !== '') {
      event.currentTarget.value = '';
      typing.type('');
    }
  };
  return (
    <div className="list-search">
      <Search size={16} aria-hidden="true" />
      <input
        ref={search}
        className="input"
        type="search"
        data-testid="search"
        aria-label={t('list.search')}
        placeholder={t('list.search')}
        defaultValue={text}
        maxLength={256}
        autoComplete="off"
        spellCheck={false}
        onInput={(event) => typing.type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function Toolbar({ search, rows }: { readonly search: RefObject<HTMLInputElement | null>; readonly rows: Rows }) {
  const t = useText();
  const { modality, days } = useStudies((state) => state.filter);
  return (
    <div className="list-toolbar" data-region="search">
      <SearchBox search={search} rows={rows} />
      <Choice
        label={t('list.modality')}
        hideLabel
        value={modality}
        options={[['', t('list.anyModality')], ...MODALITIES.map((name) => [name, name] as const)]}
        onChoose={(chosen) => filterStudies({ modality: chosen })}
      />
      <Choice
        label={t('list.since')}
        hideLabel
        value={String(days)}
        options={DAYS.map((count) => [String(count), dayName(count, t)] as const)}
        onChoose={(chosen) => filterStudies({ days: Number(chosen) })}
      />
      <span className="list-space" />
      <Button onClick={() => runCommand('import.open', 'button')}>
        <FolderOpen size={16} aria-hidden="true" />
        {t('list.import')}
      </Button>
    </div>
  );
}

function Empty() {
  const t = useText();
  return (
    <div className="list-empty">
      <h2>{t('list.empty')}</h2>
      <p className="quiet">{t('list.emptyHint')}</p>
      <div className="list-empty-actions">
        <Button look="filled" onClick={() => runCommand('import.open', 'button')}>
          {t('list.import')}
        </Button>
        <Button onClick={() => runCommand('import.sample', 'button')}>{t('list.loadSample')}</Button>
      </div>
    </div>
  );
}

function NoMatch() {
  const t = useText();
  const { text, modality, days } = useStudies((state) => state.filter);
  const parts = [
    ...(text.trim() === '' ? [] : [t('list.filterText', { text: text.trim() })]),
    ...(modality === '' ? [] : [modality]),
    ...(days === 0 ? [] : [dayName(days, t)]),
  ];
  return (
    <div className="list-empty">
      <h2>{t('list.noMatch', { filter: parts.join(' · ') })}</h2>
      <div className="list-empty-actions">
        <Button onClick={clearFilter}>
          <X size={16} aria-hidden="true" />
          {t('list.clear')}
        </Button>
      </div>
    </div>
  );
}

function Body({
  search,
  grid,
  entry,
}: {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly grid: RefObject<HTMLTableElement | null>;
  readonly entry: RefObject<Rows | null>;
}) {
  const t = useText();
  const total = useStudies((state) => state.total);
  const filter = useStudies((state) => state.filter);
  const problem = useStudies((state) => state.problem);
  if (problem !== null) {
    return (
      <div className="list-empty">
        <ErrorNote
          error={errorText(problem)}
          code={problem}
          actions={<Button onClick={refreshStudies}>{t('app.tryAgain')}</Button>}
        />
      </div>
    );
  }
  if (total === null) return <p className="list-empty quiet">{t('list.loading')}</p>;
  if (total === 0) return isFiltered(filter) ? <NoMatch /> : <Empty />;
  return <StudyGrid search={search} grid={grid} entry={entry} />;
}

/** The study list: search, filters, rows. */
export function ListScreen() {
  const t = useText();
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const entry = useRef<Rows | null>(null);
  const isOpen = useSession((state) => state.session?.state === 'unlocked');
  useEffect(() => {
    if (!isOpen) return;
    if (!useTabs.getState().isReturning || entry.current === null) {
      search.current?.focus();
      return;
    }
    entry.current.enter(useStudies.getState().chosen);
    grid.current?.focus();
  }, [isOpen]);
  useCommands({
    'list.search': () => {
      search.current?.focus();
      search.current?.select();
    },
  });
  const rows: Rows = {
    enter: (line) => {
      entry.current?.enter(line);
      grid.current?.focus();
    },
    open: (line) => entry.current?.open(line),
  };
  return (
    <main className="list" aria-label={t('list.title')}>
      <Toolbar search={search} rows={rows} />
      <Body search={search} grid={grid} entry={entry} />
    </main>
  );
}
