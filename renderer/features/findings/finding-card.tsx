import { Check, X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { Decision, Finding } from '../../../core/contract/findings.ts';
import { dateAndTime } from '../../text/format.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { backEndName, className } from './class-words.ts';
import { scaleGradient } from './colour-map.ts';
import { decide, useFindings } from './findings-store.ts';

interface Props {
  readonly finding: Finding;
  readonly isOpen: boolean;
  /** Of its image within the series; null when that isn't open. */
  readonly number: number | null;
  readonly onOpen: () => void;
}

/** Characters of a weights' hash that are shown; all of it is in the tooltip. */
const SHORT = 12;

/** Digits of a score. */
export const shown = (score: number): string => score.toFixed(2);

/** Where a result comes from: stands beside its scores, always. */
export function provenanceLine(
  { provenance }: Pick<Finding['report']['classification'], 'provenance'>,
  t: Text,
): string {
  return t('findings.provenance', {
    model: provenance.model,
    release: provenance.release,
    hash: provenance.weightsSha256.slice(0, SHORT),
    backEnd: backEndName(provenance.backEnd),
    milliseconds: provenance.milliseconds.toFixed(1),
    time: dateAndTime(provenance.at),
  });
}

/** The scores of all classes, highest first, as bars with their numbers. */
export function Scores({ scores }: { readonly scores: Finding['report']['classification']['scores'] }): ReactNode {
  const t = useText();
  return (
    <table className="findings-scores" aria-label={t('findings.scores')}>
      <tbody>
        {scores.map(({ label, score }) => (
          <tr key={label} data-class={label}>
            <th scope="row">{className(label, t)}</th>
            <td className="findings-bar">
              <i style={{ transform: `scaleX(${score})` }} />
            </td>
            <td className="findings-score">{shown(score)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A result on which a person may give a word. */
interface Decidable {
  readonly resultId: string;
  readonly decision: Decision | null;
}

export function word({ decision }: Pick<Decidable, 'decision'>, t: Text): string {
  if (decision?.verdict === 'accepted') return t('findings.accepted');
  if (decision?.verdict === 'rejected') return t('findings.rejected');
  return t('findings.undecided');
}

export function DecisionPart({ finding }: { readonly finding: Decidable }): ReactNode {
  const t = useText();
  const { resultId, decision } = finding;
  if (decision === null || decision.verdict === 'withdrawn')
    return (
      <div className="findings-buttons">
        <Button onClick={() => void decide(resultId, 'accepted')}>
          <Check size={16} aria-hidden="true" />
          {t('findings.accept')}
        </Button>
        <Button onClick={() => void decide(resultId, 'rejected')}>
          <X size={16} aria-hidden="true" />
          {t('findings.reject')}
        </Button>
      </div>
    );
  const said = t('findings.decidedBy', { verdict: word(finding, t), by: decision.by, time: dateAndTime(decision.at) });
  return (
    <div className="findings-buttons">
      <span className="findings-said">{said}</span>
      <Button onClick={() => void decide(resultId, 'withdrawn')}>{t('findings.undo')}</Button>
    </div>
  );
}

/** The class map: on or off, how strong, its scale, and what it is not. */
function MapPart({ label }: { readonly label: string }): ReactNode {
  const t = useText();
  const id = useId();
  const mapped = useFindings((state) => state.mapped);
  const opacity = useFindings((state) => state.opacity);
  const percent = Math.round(opacity * 100);
  return (
    <div className="findings-map">
      <label className="findings-check">
        <input
          type="checkbox"
          checked={mapped}
          onChange={(event) => useFindings.setState({ mapped: event.currentTarget.checked })}
        />
        {t('findings.map')}
      </label>
      {mapped && (
        <>
          <div className="findings-slider">
            <label htmlFor={id}>{t('findings.map.opacity')}</label>
            <input
              id={id}
              type="range"
              min={0}
              max={100}
              step={5}
              value={percent}
              onChange={(event) => useFindings.setState({ opacity: Number(event.currentTarget.value) / 100 })}
            />
            <output>{percent} %</output>
          </div>
          <div className="findings-scale" role="img" aria-label={t('findings.map.scale')}>
            <span>0</span>
            <i style={{ background: scaleGradient() }} />
            <span>1</span>
          </div>
          <p className="quiet">{t('findings.map.explain', { class: label })}</p>
        </>
      )}
    </div>
  );
}

/** One finding: a line, and opened its scores, where they come from, what a person says of it. */
export function FindingCard({ finding, isOpen, number, onOpen }: Props): ReactNode {
  const t = useText();
  const { classification } = finding.report;
  const [first] = classification.scores;
  if (first === undefined) return null;
  const label = className(first.label, t);
  const verdict = finding.decision?.verdict ?? 'none';
  return (
    <article className="finding" data-verdict={verdict} data-open={isOpen}>
      <button
        type="button"
        className="finding-line"
        data-finding={finding.resultId}
        aria-expanded={isOpen}
        onClick={onOpen}
      >
        <span className="finding-name">
          {label} <b>{shown(first.score)}</b>
        </span>
        <span>{number === null ? t('findings.imageGone') : t('findings.image', { image: number })}</span>
        <span className="finding-word">{word(finding, t)}</span>
      </button>
      {isOpen ? (
        <div className="finding-body">
          <Scores scores={classification.scores} />
          <p className="quiet findings-provenance" title={classification.provenance.weightsSha256}>
            {provenanceLine(classification, t)}
          </p>
          <DecisionPart finding={finding} />
          <MapPart label={className(finding.report.classMap.label, t)} />
        </div>
      ) : (
        <p className="quiet findings-provenance">{provenanceLine(classification, t)}</p>
      )}
    </article>
  );
}
