import { ChevronDown, ChevronRight, History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useText } from '../../text/text.ts';
import type { PriorDesk } from './prior-desk.ts';
import { otherName, type Prior, studyDate } from './priors.ts';
import { SeriesEntry } from './series-entry.tsx';
import type { ReadingSession } from './session.ts';

interface Props {
  readonly session: ReadingSession;
  readonly desk: PriorDesk;
}

function PriorSeries({ session, prior }: { readonly session: ReadingSession; readonly prior: Prior }): ReactNode {
  const t = useText();
  const series = useStore(session.store, (state) => state.series);
  if (prior.state === 'opening') return <p className="quiet rail-note">{t('viewer.rail.opening')}</p>;
  return (
    <ul>
      {[...series.entries()]
        .filter(([, entry]) => entry.studyId === prior.row.studyId && entry.plane === null)
        .map(([place, entry]) => (
          <SeriesEntry key={entry.row.seriesInstanceUid} session={session} series={entry} place={place} />
        ))}
    </ul>
  );
}

function PriorEntry({ session, desk, prior }: Props & { readonly prior: Prior }): ReactNode {
  const t = useText();
  const { row, expanded } = prior;
  const name = otherName(row, session.study.details.study);
  const modalities = row.modalities.replaceAll('\\', ' ');
  const what = row.studyDescription || t('viewer.rail.noDescription');
  const date = studyDate(row);
  const Arrow = expanded ? ChevronDown : ChevronRight;
  return (
    <li>
      <button
        type="button"
        className="rail-prior"
        aria-expanded={expanded}
        aria-label={[t('viewer.rail.hasPrior', { date, what: `${modalities} ${what}` }), name]
          .filter(Boolean)
          .join(', ')}
        data-prior={row.studyDate}
        onClick={() => void desk.unfold(row.studyId)}
      >
        <span className="rail-head">
          <Arrow size={14} aria-hidden="true" />
          <span>{date}</span>
          <span>{modalities}</span>
        </span>
        <span className="rail-description">{what}</span>
        <span className="quiet">{t('viewer.rail.images', { count: row.instanceCount })}</span>
        {name === null ? null : <span className="rail-other">⚠ {t('viewer.rail.otherName', { name })}</span>}
      </button>
      {expanded ? <PriorSeries session={session} prior={prior} /> : null}
    </li>
  );
}

/** The patient's other studies, newest first. One opens where it stands; its series load like those of the study. */
export function PriorRail({ session, desk }: Props): ReactNode {
  const t = useText();
  const priors = useStore(session.store, (state) => state.priors);
  return (
    <section className="rail-priors" aria-label={t('viewer.rail.priors')}>
      <h3>
        <History size={14} aria-hidden="true" />
        {t('viewer.rail.priors')}
      </h3>
      {priors.length === 0 ? <p className="quiet rail-note">{t('viewer.rail.noPriors')}</p> : null}
      <ul>
        {priors.map((prior) => (
          <PriorEntry key={prior.row.studyId} session={session} desk={desk} prior={prior} />
        ))}
      </ul>
    </section>
  );
}
