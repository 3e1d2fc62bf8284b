import type { ReactNode } from 'react';
import { useText } from '../../text/text.ts';
import type { PriorDesk } from './prior-desk.ts';
import { PriorRail } from './prior-rail.tsx';
import { SeriesEntry } from './series-entry.tsx';
import type { ReadingSession } from './session.ts';

interface Props {
  readonly session: ReadingSession;
  readonly desk: PriorDesk;
}

/** The series of the study, in the catalogue's order, and the patient's priors below them. */
export function SeriesRail({ session, desk }: Props): ReactNode {
  const t = useText();
  return (
    <nav className="viewer-rail" aria-label={t('viewer.rail')} data-region="rail">
      <ul>
        {session.study.series.map((series, place) => (
          <SeriesEntry key={series.row.seriesInstanceUid} session={session} series={series} place={place} />
        ))}
      </ul>
      <PriorRail session={session} desk={desk} />
    </nav>
  );
}
