import type { ReactNode } from 'react';
import type { SeriesFinding } from '../../../core/contract/findings.ts';
import { largest } from '../../../core/infer/scores.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { className, seriesSummary } from './class-words.ts';
import { DecisionPart, provenanceLine, shown, word } from './finding-card.tsx';
import type { FindingsPanelProps } from './findings-panel.tsx';
import { useFindings } from './findings-store.ts';

interface Props extends Pick<FindingsPanelProps, 'numberOf' | 'onShow'> {
  readonly finding: SeriesFinding;
  readonly isOpen: boolean;
}

type Report = SeriesFinding['report'];

/** What the model says of one image, or why it says nothing. */
function ImageRow({
  image,
  labels,
  numberOf,
  onShow,
}: Pick<Props, 'numberOf' | 'onShow'> & {
  readonly image: Report['images'][number];
  readonly labels: readonly string[];
}): ReactNode {
  const t = useText();
  const { objectId, frame, scores, refused } = image;
  const number = numberOf(objectId, frame);
  const best = scores === null ? 0 : largest(scores);
  const score = scores?.[best] ?? 0;
  return (
    <tr data-class={scores === null ? refused : labels[best]}>
      <th scope="row">
        <button type="button" disabled={number === null} onClick={() => onShow(objectId, frame)}>
          {number ?? '–'}
        </button>
      </th>
      {scores === null ? (
        <td colSpan={3} className="quiet">
          {errorText(refused ?? '').what}
        </td>
      ) : (
        <>
          <td>{className(labels[best] ?? '', t)}</td>
          <td className="findings-bar">
            <i style={{ transform: `scaleX(${score})` }} />
          </td>
          <td className="findings-score">{shown(score)}</td>
        </>
      )}
    </tr>
  );
}

/** What a model says of every image of a series: a line, and opened one row an image. */
export function SeriesCard({ finding, isOpen, numberOf, onShow }: Props): ReactNode {
  const t = useText();
  const { report, resultId } = finding;
  const { images, labels } = report;
  return (
    <article className="finding" data-verdict={finding.decision?.verdict ?? 'none'} data-series-finding={images.length}>
      <button
        type="button"
        className="finding-line"
        data-finding={resultId}
        aria-expanded={isOpen}
        onClick={() => useFindings.setState({ selected: resultId })}
      >
        <span className="finding-name">{t('findings.seriesIs', { count: images.length })}</span>
        <span>{seriesSummary(report, t)}</span>
        <span className="finding-word">{word(finding, t)}</span>
      </button>
      <div className="finding-body">
        {isOpen && (
          <>
            <div className="findings-series">
              <table className="findings-scores" aria-label={t('findings.series.rows')}>
                <tbody>
                  {images.map((image) => (
                    <ImageRow key={`${image.objectId} ${image.frame}`} {...{ image, labels, numberOf, onShow }} />
                  ))}
                </tbody>
              </table>
            </div>
            <DecisionPart finding={finding} />
          </>
        )}
        <p className="quiet findings-provenance" title={report.provenance.weightsSha256}>
          {provenanceLine(report, t)}
        </p>
      </div>
    </article>
  );
}
