import { useEffect, useState } from 'react';
import type { GlassEntry } from '../../../core/contract/users.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { errorText } from '../../text/errors.ts';
import { dateAndTime } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { ErrorNote } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';

/** Studies that were opened past their rule, and why: from the audit log. */
export function GlassLog() {
  const t = useText();
  const [entries, setEntries] = useState<readonly GlassEntry[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    call('users.glassLog', {}).then(
      (log) => setEntries(log.entries),
      (error: unknown) => setProblem(codeOf(error)),
    );
  }, []);
  return (
    <Section title={t('glass.title')} lead={t('glass.lead')}>
      {problem !== null && <ErrorNote error={errorText(problem)} code={problem} />}
      {entries?.length === 0 && <p className="quiet">{t('glass.none')}</p>}
      {entries !== null && entries.length > 0 && (
        <table className="data-table" data-testid="glass-log">
          <thead>
            <tr>
              <th scope="col">{t('glass.time')}</th>
              <th scope="col">{t('glass.user')}</th>
              <th scope="col">{t('glass.study')}</th>
              <th scope="col">{t('glass.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={`${entry.time}-${entry.studyId}`}>
                <td className="users-when">{dateAndTime(entry.time)}</td>
                <td>{entry.user}</td>
                <td className="mono">{entry.studyId.slice(0, 8)}</td>
                <td>{entry.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
