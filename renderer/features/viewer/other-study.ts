import { neighbourPatient } from '../../state/studies.ts';
import { openStudyById } from '../../state/tabs.ts';
import { text } from '../../text/text.ts';
import { instantOf } from './priors.ts';
import type { ReadingSession } from './session.ts';

/** The patient's next study in time; null where there is none. */
function sibling(session: ReadingSession, way: 'older' | 'newer'): string | null {
  const own = instantOf(session.study.details.study);
  const rows = session.state.priors
    .map(({ row }) => ({ studyId: row.studyId, at: instantOf(row) }))
    .filter(({ at }) => (way === 'older' ? at < own : at > own))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return (way === 'older' ? rows.at(-1) : rows[0])?.studyId ?? null;
}

/** Opens the patient's older or newer study, or a study of the patient before or after in the list. */
export async function otherStudy(session: ReadingSession, way: 'older' | 'newer' | 'previous' | 'next'): Promise<void> {
  const isPatient = way === 'previous' || way === 'next';
  const studyId = isPatient
    ? await neighbourPatient(session.study.details.study, way === 'next' ? 1 : -1)
    : sibling(session, way);
  if (studyId === null) return session.say(isPatient ? 'viewer.patient.none' : 'viewer.study.none');
  await openStudyById(studyId, text('tabs.study'));
}
