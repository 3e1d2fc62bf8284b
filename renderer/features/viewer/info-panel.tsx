import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { text as read, TAG } from '../../cornerstone/dataset.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import { factsAt } from '../../cornerstone/facts-at.ts';
import { warningText } from '../../text/errors.ts';
import { type TextKey, useText } from '../../text/text.ts';
import { isoDate, isoTime, personName } from './overlay-text.ts';
import type { ReadingSession } from './session.ts';
import { faultsOf } from './study.ts';

type Row = readonly [TextKey, string];

function imageRows(facts: FrameFacts): Row[] {
  const { plane, dataset } = facts;
  const { calibration } = plane;
  const spaced = calibration.kind === 'patient' || calibration.kind === 'detector';
  return [
    ['viewer.info.size', `${plane.columns} × ${plane.rows}`],
    ['viewer.info.spacing', spaced ? `${plane.columnSpacing} × ${plane.rowSpacing} mm` : ''],
    [
      'viewer.info.thickness',
      read(dataset, TAG.sliceThickness) === '' ? '' : `${read(dataset, TAG.sliceThickness)} mm`,
    ],
    ['viewer.info.syntax', read(dataset, TAG.transferSyntax)],
  ];
}

function sections(facts: FrameFacts): [TextKey, Row[]][] {
  const { dataset } = facts;
  const when = `${isoDate(read(dataset, TAG.studyDate))} ${isoTime(read(dataset, TAG.studyTime))}`.trim();
  return [
    [
      'viewer.info.patient',
      [
        ['viewer.info.name', personName(read(dataset, TAG.patientName))],
        ['viewer.info.id', read(dataset, TAG.patientId)],
        ['viewer.info.birth', isoDate(read(dataset, TAG.birthDate))],
        ['viewer.info.sex', read(dataset, TAG.sex)],
      ],
    ],
    [
      'viewer.info.study',
      [
        ['viewer.info.date', when],
        ['viewer.info.description', read(dataset, TAG.studyDescription)],
        ['viewer.info.accession', read(dataset, TAG.accession)],
        ['viewer.info.institution', read(dataset, TAG.institution)],
      ],
    ],
    [
      'viewer.info.series',
      [
        ['viewer.info.modality', facts.modality],
        ['viewer.info.description', read(dataset, TAG.seriesDescription)],
        ['viewer.info.bodyPart', read(dataset, TAG.bodyPart)],
      ],
    ],
    ['viewer.info.image', imageRows(facts)],
  ];
}

/** Image on screen in the active viewport; renders again when another one comes. */
function useActiveImage(session: ReadingSession): string | null {
  const active = useStore(session.store, (state) => state.active);
  const series = useStore(session.store, (state) => state.cells[state.active] ?? null);
  const [imageId, setImageId] = useState<string | null>(null);
  useEffect(() => {
    if (series === null) return setImageId(null);
    const view = session.view(active);
    const follow = (): void => setImageId(view?.facts === null ? null : (view?.imageId ?? null));
    follow();
    return view?.changed.on(follow);
  }, [session, active, series]);
  return imageId;
}

function Remarks({ title, remarks }: { readonly title: string; readonly remarks: readonly string[] }): ReactNode {
  if (remarks.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </section>
  );
}

/** What the file says about the image on screen, and what the import had to remark. */
export function InfoPanel({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const imageId = useActiveImage(session);
  const facts = imageId === null ? null : factsAt(imageId);
  if (imageId === null || facts === null) return null;
  const { doubts, warnings, conflict } = faultsOf(session.studyIn(session.state.active), imageId);
  const doubted = doubts.map((doubt) => t(`viewer.doubt.${doubt}`));
  const remarks = [...(conflict ? [t('viewer.info.conflict')] : []), ...warnings.map(warningText)];
  return (
    <div className="info selectable">
      <Remarks title={t('viewer.info.doubts')} remarks={doubted} />
      {sections(facts).map(([title, rows]) => (
        <section key={title}>
          <h3>{t(title)}</h3>
          <dl>
            {rows
              .filter(([, value]) => value !== '')
              .map(([name, value]) => (
                <div key={name}>
                  <dt>{t(name)}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <Remarks title={t('viewer.info.warnings')} remarks={remarks} />
    </div>
  );
}
