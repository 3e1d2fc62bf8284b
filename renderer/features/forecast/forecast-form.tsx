import { FileSpreadsheet, FlaskConical } from 'lucide-react';
import type { FormEvent } from 'react';
import { number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { chooseSeries, daysOf, startForecast, takeSample, useForecast } from './forecast-store.ts';

function SeriesFacts() {
  const t = useText();
  const { series, isReading } = useForecast();
  if (isReading) return <p className="quiet">{t('forecast.reading')}</p>;
  if (series === null) return <p className="quiet">{t('forecast.csvHint')}</p>;
  const { rows, first, last, from } = series;
  return (
    <div className="forecast-facts" data-series={from}>
      <p>{t(from === 'sample' ? 'forecast.fromSample' : 'forecast.fromFile')}</p>
      <p className="quiet">{t('forecast.rows', { count: rows, formatted: number(rows), first, last })}</p>
    </div>
  );
}

/** What is to be forecast, and with which network. */
export function ForecastForm() {
  const t = useText();
  const { series, topology, days, isReading, job } = useForecast();
  const isBusy = isReading || job !== null;
  const count = daysOf({ series, days });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isBusy && count !== null) void startForecast();
  };
  const daysHint = series === null ? undefined : t('forecast.daysHint', { most: number(series.days.most) });
  return (
    <form className="forecast-form" data-region="forecast-form" aria-label={t('forecast.series')} onSubmit={submit}>
      <h2>{t('forecast.series')}</h2>
      <div className="forecast-sources">
        <Button onClick={() => void chooseSeries()} disabled={isBusy}>
          <FileSpreadsheet size={16} aria-hidden="true" />
          {t('forecast.openFile')}
        </Button>
        <Button onClick={() => void takeSample()} disabled={isBusy}>
          <FlaskConical size={16} aria-hidden="true" />
          {t('forecast.useSample')}
        </Button>
      </div>
      <SeriesFacts />
      <Choice
        label={t('forecast.network')}
        value={topology}
        options={[
          ['1conv', t('forecast.1conv')],
          ['2conv', t('forecast.2conv')],
        ]}
        onChoose={(chosen) => useForecast.setState({ topology: chosen })}
      />
      <Field
        label={t('forecast.days')}
        inputMode="numeric"
        value={days}
        disabled={series === null}
        onChange={(event) => useForecast.setState({ days: event.currentTarget.value.trim() })}
        hint={daysHint ?? ''}
        error={series !== null && count === null ? daysHint : ''}
      />
      <Button type="submit" look="filled" disabled={isBusy || count === null}>
        {job === null ? t('forecast.start') : t('forecast.running')}
      </Button>
    </form>
  );
}
