import { useMemo, useState } from 'react';
import type { PrivateForecastResult } from '../../../core/contract/private.ts';
import { byteSize, number } from '../../text/format.ts';
import { currentLanguage, useText } from '../../text/text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Plot, type PlotLine } from '../../ui/plot.tsx';
import { WhoSawWhat } from './who-saw-what.tsx';

const PLOT_HEIGHT = 260;

function decimals(value: number): string {
  return value.toLocaleString(currentLanguage(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Days, what was, and both forecasts, place by place. */
interface Table {
  readonly dates: readonly string[];
  readonly actual: readonly number[];
  /** Null before the days that were forecast. */
  readonly plain: readonly (number | null)[];
  readonly encrypted: readonly (number | null)[];
}

function tableOf({ before, actual, report: { forecasts } }: PrivateForecastResult): Table {
  const gap = before.map(() => null);
  return {
    dates: [...before, ...actual].map(({ date }) => date),
    actual: [...before, ...actual].map(({ value }) => value),
    plain: [...gap, ...forecasts.map(({ plain }) => plain)],
    encrypted: [...gap, ...forecasts.map(({ encrypted }) => encrypted)],
  };
}

function ForecastPlot({ table }: { readonly table: Table }) {
  const t = useText();
  const [place, setPlace] = useState<number | null>(null);
  // The plain line lies broad beneath the encrypted one: they are nearly the same, and both must be seen.
  const lines = useMemo<PlotLine[]>(
    () => [
      { label: t('forecast.actual'), values: table.actual, color: 'text-3', width: 1.5 },
      { label: t('forecast.plain'), values: table.plain, color: 'accent', width: 7 },
      { label: t('forecast.encrypted'), values: table.encrypted, color: 'mark-mine', width: 2.5, dash: [6, 6] },
    ],
    [table, t],
  );
  const said =
    place === null
      ? ''
      : lines
          .map(({ label, values }) => [label, values[place]] as const)
          .filter(([, value]) => value != null)
          .map(([label, value]) => `${label} ${decimals(value as number)}`)
          .join(', ');
  return (
    <figure className="forecast-plot">
      <Plot
        label={t('forecast.plot')}
        places={table.dates}
        lines={lines}
        height={PLOT_HEIGHT}
        format={number}
        onPlace={setPlace}
      />
      <figcaption>
        {lines.map(({ label, color, width, dash }) => (
          <span key={label} className="forecast-key">
            <svg width="28" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="28"
                y1="4"
                y2="4"
                stroke={`var(--${color})`}
                strokeWidth={width}
                strokeDasharray={dash?.join(' ')}
              />
            </svg>
            {label}
          </span>
        ))}
        <span className="forecast-at">
          {place !== null && said !== '' && t('forecast.atCursor', { date: table.dates[place] ?? '', values: said })}
        </span>
      </figcaption>
    </figure>
  );
}

function Facts({ result }: { readonly result: PrivateForecastResult }) {
  const t = useText();
  const { report, degree, primes, windows, engine, model } = result;
  const largest = Math.max(...report.forecasts.map(({ plain, encrypted }) => Math.abs(plain - encrypted)));
  const rows: readonly (readonly [name: string, value: string])[] = [
    [t('forecast.plainMae'), decimals(report.plainMae)],
    [t('forecast.encryptedMae'), decimals(report.encryptedMae)],
    [t('forecast.largest'), decimals(largest)],
    [t('forecast.seconds'), t('forecast.secondsValue', { seconds: decimals(report.seconds) })],
    [t('forecast.sent'), byteSize(report.bytesSent)],
    [t('forecast.back'), byteSize(report.bytesBack)],
    [t('forecast.noise'), t('forecast.noiseValue', { count: report.noiseBitsLeft })],
    [t('forecast.parameters'), t('forecast.parametersValue', { degree: number(degree), primes })],
    [t('forecast.batching'), number(windows)],
    [t('forecast.model'), `${model.id}, ${model.sha256.slice(0, 12)}`],
    [t('forecast.engine'), engine],
  ];
  return (
    <section className="forecast-section" aria-labelledby="forecast-cost">
      <h2 id="forecast-cost">{t('forecast.cost')}</h2>
      <table className="forecast-table forecast-cost selectable">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{t('forecast.unit')}</p>
    </section>
  );
}

/** The days for a spreadsheet or a notebook, as `vitrine private forecast --json` has them. */
function csvOf({ report, actual }: PrivateForecastResult): string {
  const rows = report.forecasts.map(({ date, plain, encrypted }, i) =>
    [date, actual[i]?.value ?? '', plain, encrypted].join(','),
  );
  return ['date,actual,plain,encrypted', ...rows].join('\n');
}

function DayByDay({ result }: { readonly result: PrivateForecastResult }) {
  const t = useText();
  const { report, actual } = result;
  return (
    <section className="forecast-section" aria-labelledby="forecast-days">
      <h2 id="forecast-days">{t('forecast.table')}</h2>
      <table className="forecast-table forecast-days selectable">
        <thead>
          <tr>
            {(['date', 'actual', 'plain', 'encrypted'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`forecast.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.forecasts.map(({ date, plain, encrypted }, i) => (
            <tr key={date}>
              <th scope="row">{date}</th>
              <td>{number(actual[i]?.value ?? Number.NaN)}</td>
              <td>{decimals(plain)}</td>
              <td>{decimals(encrypted)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CopyButton label={t('forecast.copy')} text={() => csvOf(result)} />
    </section>
  );
}

/** Plot, figures, who saw what, and the numbers day by day. */
export function ForecastResult({ result }: { readonly result: PrivateForecastResult }) {
  const table = useMemo(() => tableOf(result), [result]);
  return (
    <div className="forecast-result" data-topology={result.report.topology}>
      <ForecastPlot table={table} />
      <div className="forecast-columns">
        <Facts result={result} />
        <WhoSawWhat />
      </div>
      <DayByDay result={result} />
    </div>
  );
}
