import { History, Layers } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { SeriesRow, StudyDetails, StudyRow } from '../../../core/contract/catalogue.ts';
import { dicomDate } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { belowAt } from './flat-rows.ts';

function SeriesCells({ series }: { readonly series: SeriesRow }) {
  const t = useText();
  const images = series.instances.reduce((sum, instance) => sum + instance.frames, 0);
  return (
    <>
      <td className="below-kind">
        <Layers size={13} aria-hidden="true" />
        {t('list.series', { number: series.seriesNumber ?? '–' })}
      </td>
      <td className="below-modality">{series.modality}</td>
      <td className={series.seriesDescription === '' ? 'list-clip quiet' : 'list-clip'}>
        {series.seriesDescription === '' ? t('list.noDescription') : series.seriesDescription}
      </td>
      <td>{[series.bodyPart, series.laterality].filter((part) => part !== '').join(' ')}</td>
      <td className="list-end">{images === 0 ? t('list.noImages') : t('list.images', { count: images })}</td>
    </>
  );
}

function PriorCells({ prior }: { readonly prior: StudyRow }) {
  const t = useText();
  return (
    <>
      <td className="below-kind">
        <History size={13} aria-hidden="true" />
        {t('list.prior')} {prior.studyDate === '' ? t('list.noDate') : dicomDate(prior.studyDate)}
      </td>
      <td className="below-modality">{prior.modalities.replaceAll('\\', ' ')}</td>
      <td className={prior.studyDescription === '' ? 'list-clip quiet' : 'list-clip'}>
        {prior.studyDescription === '' ? t('list.noDescription') : prior.studyDescription}
      </td>
      <td>{prior.accessionNumber}</td>
      <td className="list-end">{t('list.images', { count: prior.instanceCount })}</td>
    </>
  );
}

/** Pictures come last: the list and the lines must not wait for what decodes them. */
const Thumbnails = lazy(async () => ({ default: (await import('./thumbnails.tsx')).Thumbnails }));

function Strip({ details }: { readonly details: StudyDetails }) {
  return (
    <td className="below-whole" colSpan={5}>
      <Suspense fallback={null}>
        <Thumbnails details={details} />
      </Suspense>
    </td>
  );
}

/** A line below a study: its thumbnails, one of its series, a prior, or the word that there is none. */
export function LineBelow({ details, below }: { readonly details: StudyDetails | null; readonly below: number }) {
  const t = useText();
  const line = belowAt(details, below);
  if (line.kind === 'series') return <SeriesCells series={line.series} />;
  if (line.kind === 'prior') return <PriorCells prior={line.prior} />;
  if (line.kind === 'strip' && details !== null) return <Strip details={details} />;
  if (line.kind === 'waiting') return <td className="below-whole">{t('list.loading')}</td>;
  return (
    <td className="below-kind below-whole quiet" colSpan={5}>
      <History size={13} aria-hidden="true" />
      {t('list.noPriors')}
    </td>
  );
}
