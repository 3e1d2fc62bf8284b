import './forecast.css';
import { useEffect } from 'react';
import { useJobs } from '../../state/jobs.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { ForecastForm } from './forecast-form.tsx';
import { ForecastResult } from './forecast-result.tsx';
import { resumeForecast, useForecast } from './forecast-store.ts';

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

/** Series and network at the left, what came of it at the right. */
export function ForecastDesk() {
  const t = useText();
  const { job, result, problem, wasCancelled } = useForecast();
  useEffect(() => {
    void resumeForecast();
    // After a reload the jobs come a moment later.
    return useJobs.subscribe(() => void resumeForecast());
  }, []);
  return (
    <div className="forecast">
      <ForecastForm />
      <main className="forecast-main" data-region="forecast">
        <h1>{t('forecast.title')}</h1>
        <p className="quiet forecast-lead">{t('forecast.lead')}</p>
        {problem !== null && <ErrorNote error={errorText(problem.code, problem.details)} code={problem.code} />}
        {wasCancelled && <Note tone="neutral">{t('forecast.cancelled')}</Note>}
        {job !== null && <Running job={job} />}
        {result !== null ? <ForecastResult result={result} /> : job === null && <Empty />}
      </main>
    </div>
  );
}
