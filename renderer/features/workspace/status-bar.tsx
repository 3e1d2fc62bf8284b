import { useEffect } from 'react';
import { useImports } from '../../state/imports.ts';
import { useJobs } from '../../state/jobs.ts';
import { usePlace } from '../../state/places.ts';
import { refreshInfo, useSession } from '../../state/session.ts';
import { useStatus } from '../../state/status.ts';
import { isFiltered, useStudies } from '../../state/studies.ts';
import { useTabs } from '../../state/tabs.ts';
import { byteSize, number, timeOfDay } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Status } from '../../ui/status.tsx';
import { Saved } from './saved.tsx';

/** Milliseconds between two looks at the free space. */
const LOOK = 60_000;

/** How many studies there are, and that all of them are sealed: nothing is in the vault that isn't. */
function Count({ matches }: { readonly matches: boolean }) {
  const t = useText();
  const { all, total, filter } = useStudies();
  if (total === null || all === 0) return null;
  return (
    <>
      <Status kind="sealed">{t('list.count', { count: all, formatted: number(all) })}</Status>
      {matches && isFiltered(filter) && <span>{t('list.matches', { matches: number(total), all: number(all) })}</span>}
    </>
  );
}

/** The line at the foot of the window: sealed, saved, engine, jobs, space. */
export function StatusBar() {
  const t = useText();
  const isList = useTabs((state) => state.active === null);
  // Laboratory, Forecast and Vault lie over the open study: what is said of that study comes back with it.
  const isPlace = usePlace((state) => state.place !== null);
  const { items, announcement } = useStatus();
  const info = useSession((state) => state.info);
  const lockWaits = useSession((state) => state.lockWaits);
  const imports = useImports((state) => (state.running === null ? 0 : 1));
  const jobs = useJobs((state) => state.running.length);
  useEffect(() => {
    const timer = setInterval(() => void refreshInfo(), LOOK);
    return () => clearInterval(timer);
  }, []);
  return (
    <section className="status-bar" aria-label={t('status.bar')}>
      {isList || isPlace ? <Count matches={!isPlace} /> : <Status kind="sealed">{t('status.sealed')}</Status>}
      {(isPlace ? [] : Object.entries(items)).map(([name, item]) => (
        <span key={name} data-item={name}>
          {item}
        </span>
      ))}
      {imports > 0 && <Status kind="busy">{t('import.jobs', { count: imports })}</Status>}
      {jobs > 0 && <Status kind="busy">{t('jobs.count', { count: jobs })}</Status>}
      {lockWaits !== null && (
        <span role="status" data-testid="lock-waits">
          {t('status.lockWaits', { until: timeOfDay(lockWaits) })}
        </span>
      )}
      <span className="status-space" />
      {!isPlace && <Saved />}
      {info !== null && <span>{t('status.engine', { engine: info.sealEngine })}</span>}
      {info?.freeBytes != null && <span>{t('list.free', { size: byteSize(info.freeBytes) })}</span>}
      <span className="visually-hidden" aria-live="polite">
        {announcement}
      </span>
    </section>
  );
}
