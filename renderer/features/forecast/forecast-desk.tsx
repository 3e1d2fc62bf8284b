import './forecast.css';
import { type DragEvent, useEffect, useState } from 'react';
import { useJobs } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { ForecastForm } from './forecast-form.tsx';
import { ForecastResult } from './forecast-result.tsx';
import { dropSeries, resumeForecast, useForecast } from './forecast-store.ts';

/** How far the forecast is, in words; the line at the foot of the window has its bar, its time left and [Cancel]. */
function Running({ job }: { readonly job: string }) {
  const t = useText();
  const progress = useJobs((state) => state.running.find((one) => one.job === job));
  const total = progress?.total ?? null;
  return (
    <p className="forecast-running quiet" role="status">
      {progress === undefined || total === null
        ? t('forecast.queued')
        : t('forecast.step', { done: Math.min(progress.done + 1, total), total })}
    </p>
  );
}

function Empty() {
  const t = useText();
  const hasSeries = useForecast((state) => state.series !== null);
  return <p className="forecast-empty quiet">{t(hasSeries ? 'forecast.ready' : 'forecast.empty')}</p>;
}

const takesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** What a part of the window does that takes a dropped file, and whether one hangs over it. */
function useDrop(take: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    if (!takesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false);
  };
  const drop = (event: DragEvent): void => {
    if (!takesFiles(event)) return;
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return { isOver, on: { onDragOver: over, onDragLeave: leave, onDrop: drop } };
}

/** Series and network at the left, what came of it at the right. */
export function ForecastDesk() {
  const t = useText();
  const { job, result, problem, wasCancelled } = useForecast();
  const { isOver, on } = useDrop((files) => void dropSeries(files));
  useEffect(() => {
    void resumeForecast();
    // After a reload the jobs come a moment later.
    return useJobs.subscribe(() => void resumeForecast());
  }, []);
  return (
    <section className="forecast" aria-label={t('forecast.title')} data-takes-files data-over={isOver} {...on}>
      <ForecastForm />
      <main className="forecast-main" data-region="forecast">
        <h1>{t('forecast.title')}</h1>
        <p className="quiet forecast-lead">{t('forecast.lead')}</p>
        {problem !== null && <ErrorNote error={errorText(problem.code, problem.details)} code={problem.code} />}
        {wasCancelled && <Note tone="neutral">{t('forecast.cancelled')}</Note>}
        {job !== null && <Running job={job} />}
        {result !== null ? <ForecastResult result={result} /> : job === null && <Empty />}
      </main>
    </section>
  );
}
