import type { ReactNode } from 'react';
import type { ModelReport } from '../../../core/contract/model.ts';
import { number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { loadAbout, useFindings } from './findings-store.ts';

function Card({ about }: { readonly about: ModelReport }): ReactNode {
  const t = useText();
  const { right, of, low, high } = about.metrics.accuracy;
  const percent = (share: number): string => number(Math.round(share * 100));
  const rows = [
    [t('findings.about.use'), about.intendedUse],
    [t('findings.about.notFor'), about.notFor],
    [
      t('findings.about.accuracy'),
      t('findings.about.accuracyIs', { right, of, low: percent(low), high: percent(high) }),
    ],
    [t('findings.about.training'), `${about.trainingData.name}. ${about.trainingData.caution}`],
    [
      t('findings.about.robustness'),
      about.robustness ? t('findings.about.robustness.yes') : t('findings.about.robustness.no'),
    ],
    [
      t('findings.about.clinical'),
      about.obstacles.length === 0
        ? t('findings.about.clinical.open')
        : about.obstacles.map((obstacle) => t(`findings.obstacle.${obstacle}`)).join('; '),
    ],
  ] as const;
  return (
    <dl>
      {rows.map(([name, said]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The model's card: what it is made for, how right it was, what it lacks. Read when somebody opens it. */
export function AboutModel(): ReactNode {
  const t = useText();
  const about = useFindings((state) => state.about);
  return (
    <details className="findings-about" onToggle={(event) => event.currentTarget.open && void loadAbout()}>
      <summary>{t('findings.about')}</summary>
      {about === null ? <p className="quiet">{t('findings.loading')}</p> : <Card about={about} />}
    </details>
  );
}
