import { FolderOpen } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { Decision, Finding, SeriesFinding } from '../../../core/contract/findings.ts';
import { call } from '../../bridge/bridge.ts';
import { createState } from '../../state/stores.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { className, seriesSummary } from './class-words.ts';
import { shown, word } from './finding-card.tsx';

/** A prior of the patient, as the rail has it. */
export interface PriorStudy {
  readonly studyId: string;
  /** As it is shown. */
  readonly date: string;
  readonly state: 'closed' | 'opening' | 'open' | 'failed';
}

/** What models have said of a prior; null while it is read, and a word where it can't be. */
type Said = { readonly findings: readonly Finding[]; readonly series: readonly SeriesFinding[] } | 'failed' | null;

const usePriors = createState<{ said: ReadonlyMap<string, Said> }>(() => ({ said: new Map() }), { said: 'patient' });

function tell(studyId: string, said: Said): void {
  usePriors.setState(({ said: before }) => ({ said: new Map(before).set(studyId, said) }));
}

async function load(studyId: string): Promise<void> {
  if (!usePriors.getState().said.has(studyId)) tell(studyId, null);
  try {
    const { findings, series } = await call('model.findings', { studyId });
    tell(studyId, { findings, series });
  } catch {
    tell(studyId, 'failed');
  }
}

interface LineProps {
  readonly date: string;
  readonly model: string;
  readonly what: string;
  readonly decision: Decision | null;
  /** Where it comes from, in full. */
  readonly title: string;
}

function Line({ date, model, what, decision, title }: LineProps): ReactNode {
  const t = useText();
  return (
    <li data-prior-finding={decision?.verdict ?? 'none'} title={title}>
      <b>{t('viewer.badge.prior', { date })}</b>
      <span>
        {model}: {what}
      </span>
      <span className="finding-word">{word({ decision }, t)}</span>
    </li>
  );
}

function PriorPart({ prior: { studyId, date } }: { readonly prior: PriorStudy }): ReactNode {
  const t = useText();
  const said = usePriors((state) => state.said.get(studyId) ?? null);
  useEffect(() => void load(studyId), [studyId]);
  if (said === null) return null;
  if (said === 'failed' || said.findings.length + said.series.length === 0)
    return (
      <li data-prior-finding="nothing">
        <b>{t('viewer.badge.prior', { date })}</b>
        <span>{t(said === 'failed' ? 'findings.prior.failed' : 'findings.prior.none')}</span>
      </li>
    );
  return (
    <>
      {said.series.map(({ resultId, decision, report }) => (
        <Line
          key={resultId}
          {...{ date, decision }}
          model={report.provenance.model}
          title={`${report.provenance.release}, ${report.provenance.weightsSha256}`}
          what={`${t('findings.seriesIs', { count: report.images.length })}: ${seriesSummary(report, t)}`}
        />
      ))}
      {said.findings.map(({ resultId, decision, report: { classification } }) => (
        <Line
          key={resultId}
          {...{ date, decision }}
          model={classification.provenance.model}
          title={`${classification.provenance.release}, ${classification.provenance.weightsSha256}`}
          what={`${className(classification.scores[0]?.label ?? '', t)} ${shown(classification.scores[0]?.score ?? 0)}`}
        />
      ))}
    </>
  );
}

/**
 * What models have said of the patient's priors, to read only. Those that are open are listed; one that is not is opened first, since
 * whoever reads of a study is in the audit log with it.
 */
export function PriorFindings({
  priors,
  onOpen,
}: {
  readonly priors: readonly PriorStudy[];
  readonly onOpen: (studyId: string) => void;
}): ReactNode {
  const t = useText();
  const closed = priors.find(({ state }) => state === 'closed');
  if (priors.length === 0) return null;
  return (
    <section className="findings-priors" aria-label={t('findings.priors')}>
      <h4>{t('findings.priors')}</h4>
      <ul>
        {priors
          .filter(({ state }) => state === 'open')
          .map((prior) => (
            <PriorPart key={prior.studyId} prior={prior} />
          ))}
      </ul>
      {closed !== undefined && (
        <Button
          disabled={priors.some(({ state }) => state === 'opening')}
          onClick={() => onOpen(closed.studyId)}
          data-open-prior={closed.date}
        >
          <FolderOpen size={16} aria-hidden="true" />
          {t('findings.prior.open', { date: closed.date })}
        </Button>
      )}
    </section>
  );
}
