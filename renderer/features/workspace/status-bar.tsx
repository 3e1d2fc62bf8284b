import { useEffect } from 'react';
import { useImports } from '../../state/imports.ts';
import { useJobs } from '../../state/jobs.ts';
import { refreshInfo, useSession } from '../../state/session.ts';
import { useStatus } from '../../state/status.ts';
import { isFiltered, useStudies } from '../../state/studies.ts';
import { useTabs } from '../../state/tabs.ts';
import { byteSize, number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Status } from '../../ui/status.tsx';
import { Saved } from './saved.tsx';

/** Milliseconds between two looks at the free space. */
const LOOK = 60_000;

/** How many studies there are, and that all of them are sealed: nothing is in the vault that isn't. */
function Count() {
  const t = useText();
  const { all, total, filter } = useStudies();
  if (total === null || all === 0) return null;
  return (
    <>
      <Status kind="sealed">{t('list.count', { count: all, formatted: number(all) })}</Status>
      {isFiltered(filter) && <span>{t('list.matches', { matches: number(total), all: number(all) })}</span>}
    </>
  );
}

/** The line at the foot of the window: sealed, saved, engine, jobs, space. */
export function StatusBar() {
  const t = useText();
  const isList = useTabs((state) => state.active === null);
  const { items, announcement } = useStatus();
  const info = useSession((state) => state.info);
  const imports = useImports((state) => (state.running === null ? 0 : 1));
  const jobs = useJobs((state) => state.running.length);
  useEffect(() => {
    const timer = setInterval(() => void refreshInfo(), LOOK);
    return () => clearInterval(timer);
  }, []);
  return (
    <section className="status-bar" aria-label={t('status.bar')}>
      {isList ? <Count /> : <Status kind="sealed">{t('status.sealed')}</Status>}
      {Object.entries(items).map(([name, item]) => (
        <span key={name} data-item={name}>
          {item}
        </span>
      ))}
      {imports > 0 && <Status kind="busy">{t('import.jobs', { count: imports })}</Status>}
      {jobs > 0 && <Status kind="busy">{t('jobs.count', { count: jobs })}</Status>}
      <span className="status-space" />
      <Saved />
      {info !== null && <span>{t('status.engine', { engine: info.sealEngine })}</span>}
      {info?.freeBytes != null && <span>{t('list.free', { size: byteSize(info.freeBytes) })}</span>}
      <span className="visually-hidden" aria-live="polite">
        {announcement}
      </span>
    </section>
  );
}
