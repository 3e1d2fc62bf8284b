import type { TextKey } from '../../text/text.ts';
import { crossing } from './crossing.ts';
import type { ReadingSession } from './session.ts';

/** Why reference lines show nothing where they are switched on; null where they show something. */
export function whyNoLines(session: ReadingSession): TextKey | null {
  const { active, cells } = session.state;
  if (cells.length < 2) return 'viewer.reference.alone';
  const source = session.view(active)?.facts?.plane;
  if (source === undefined) return 'viewer.reference.unrelated';
  const others = [...session.views()].filter(([cell, { facts }]) => cell !== active && facts !== null);
  const cuts = others.some(([, { facts }]) => facts !== null && crossing(facts.plane, source) !== null);
  if (cuts) return null;
  const isRelated = others.some(
    ([, { facts }]) =>
      source.frameOfReferenceUid !== null && facts?.plane.frameOfReferenceUid === source.frameOfReferenceUid,
  );
  return isRelated ? 'viewer.reference.parallel' : 'viewer.reference.unrelated';
}
