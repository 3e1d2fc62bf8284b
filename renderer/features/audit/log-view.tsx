import { useCallback, useEffect, useState } from 'react';
import { type AuditEntry, type AuditPage, type AuditTopic, auditTopic } from '../../../core/contract/audit.ts';
import { call, codeOf } from '../../bridge/bridge.ts';
import { openStudyById } from '../../state/tabs.ts';
import { errorText } from '../../text/errors.ts';
import { dateAndTime, number } from '../../text/format.ts';
import { isTextKey, type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import { Verification } from './verification.tsx';

/** Entries that are fetched at a time. */
const PAGE = 100;

function eventText({ kind, event }: AuditEntry, t: Text): string {
  const key = `audit.kind.${kind}`;
  return kind !== null && isTextKey(key) ? t(key) : event;
}

/** Says an outcome with glyph and word; the code stands beside a failure, as support asks for it. */
function Outcome({ code }: { readonly code: string | null }) {
  const t = useText();
  if (code === null) return <Status kind="ok">{t('audit.done')}</Status>;
  return (
    <Status kind="warning">
      {t('audit.notDone')} <code>{code}</code>
    </Status>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const t = useText();
  const [first] = entry.studyIds;
  return (
    <tr>
      <td>{dateAndTime(entry.time)}</td>
      <td>{eventText(entry, t)}</td>
      <td>{entry.user}</td>
      <td>
        {first !== undefined && (
          <Button
            look="link"
            title={first}
            onClick={() => void openStudyById(first, t('tabs.study')).catch(() => undefined)}
          >
            {entry.studyIds.length === 1
              ? first.slice(0, 8)
              : t('audit.studies', { first: first.slice(0, 8), count: entry.studyIds.length - 1 })}
          </Button>
        )}
      </td>
      <td>
        <Outcome code={entry.code} />
      </td>
    </tr>
  );
}

function useLog(topic: AuditTopic) {
  const [page, setPage] = useState<AuditPage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    async (before: number | null): Promise<void> => {
      try {
        const next = await call('audit.list', { topic, studyId: null, before, limit: PAGE });
        setProblem(null);
        setPage((shown) =>
          before === null || shown === null ? next : { ...next, entries: [...shown.entries, ...next.entries] },
        );
      } catch (error) {
        setProblem(codeOf(error));
      }
    },
    [topic],
  );
  useEffect(() => {
    setPage(null);
    void load(null);
  }, [load]);
  return { page, problem, load };
}

function Table({ page }: { readonly page: AuditPage }) {
  const t = useText();
  if (page.entries.length === 0) return <p className="quiet">{t('audit.none')}</p>;
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th scope="col">{t('audit.time')}</th>
          <th scope="col">{t('audit.event')}</th>
          <th scope="col">{t('audit.user')}</th>
          <th scope="col">{t('audit.study')}</th>
          <th scope="col">{t('audit.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {page.entries.map((entry) => (
          <Entry key={entry.index} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function Export({ onProblem }: { readonly onProblem: (code: string) => void }) {
  const t = useText();
  const [written, setWritten] = useState<number | null>(null);
  const write = async (): Promise<void> => {
    try {
      const { saved, entries } = await call('audit.export', {});
      if (saved) setWritten(entries);
    } catch (error) {
      onProblem(codeOf(error));
    }
  };
  return (
    <>
      {written !== null && (
        <Status kind="ok">{t('audit.exported', { formatted: number(written), count: written })}</Status>
      )}
      <Button onClick={() => void write()}>{t('audit.export')}</Button>
    </>
  );
}

/** Entries from the newest on, narrowed to a topic. */
export function LogView() {
  const t = useText();
  const [topic, setTopic] = useState<AuditTopic>('all');
  const [exportProblem, setExportProblem] = useState<string | null>(null);
  const { page, problem, load } = useLog(topic);
  const shown = problem ?? exportProblem;
  return (
    <Section
      title={t('audit.title')}
      lead={t('audit.lead')}
      actions={
        <>
          <Choice
            label={t('audit.topic')}
            hideLabel
            value={topic}
            options={auditTopic.options.map((option) => [option, t(`audit.topic.${option}`)] as const)}
            onChoose={setTopic}
          />
          <Export onProblem={setExportProblem} />
        </>
      }
    >
      <Verification all={page?.all ?? null} />
      {shown !== null && <ErrorNote error={errorText(shown)} code={shown} />}
      {page !== null && page.unreadable > 0 && (
        <Note tone="danger">{t('audit.unreadable', { count: page.unreadable })}</Note>
      )}
      {page === null && problem === null ? <p className="quiet">{t('place.opening')}</p> : null}
      {page !== null && <Table page={page} />}
      {page?.more === true && (
        <div>
          <Button onClick={() => void load(page.entries.at(-1)?.index ?? null)}>{t('audit.older')}</Button>
        </div>
      )}
    </Section>
  );
}
