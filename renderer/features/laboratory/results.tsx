import { useState } from 'react';
import type { LabRun } from '../../../core/contract/lab.ts';
import { byteSize, number, timeOfDay } from '../../text/format.ts';
import { type TextKey, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { BitPlanes, Correlation, Histogram, type Named } from './charts.tsx';
import { AttackResult, FiguresTable, PaperTable } from './figures.tsx';
import { type LabSystem, removeKept, showKept, useLab } from './lab-store.ts';

const TABS = ['figures', 'attack', 'histogram', 'correlation', 'planes', 'paper', 'kept'] as const;
type Tab = (typeof TABS)[number];

/** Milliseconds to three digits that count: more would be the clock's noise. */
const short = (value: number): string => number(Number(value.toPrecision(3)));

/** What a run found out by trying, and its time beside AES-GCM's. */
function Labels({ run, aesMedian }: { readonly run: LabRun; readonly aesMedian: number }) {
  const t = useText();
  const { labels, timing, windowed, bytes } = run;
  const rows: readonly (readonly [TextKey, string])[] = [
    ['lab.label.fidelity', t(`lab.fidelity.${labels.fidelity}`)],
    ['lab.label.bare', t(`lab.secrecy.${labels.bare}`)],
    ['lab.label.envelope', t(`lab.secrecy.${labels.envelope}`)],
    ...(timing === null
      ? []
      : ([
          ['lab.label.time', t('lab.label.timeBeside', { own: short(timing.encrypt.median), aes: short(aesMedian) })],
        ] as const)),
    [
      'lab.label.bytes',
      t('lab.label.bytesOf', { original: byteSize(bytes.original), payload: byteSize(bytes.payload) }),
    ],
    ...(windowed === null
      ? []
      : ([['lab.label.window', t('lab.label.windowOf', { low: windowed.low, high: windowed.high })]] as const)),
  ];
  return (
    <dl className="lab-labels" data-labels={run.system}>
      {rows.map(([key, value]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Kept() {
  const t = useText();
  const picture = useLab((state) => state.picture);
  const kept = useLab((state) => state.kept);
  if (picture === null || picture.studyId === null) return <p className="quiet">{t('lab.kept.noStudy')}</p>;
  if (kept === null || (kept.results.length === 0 && kept.unreadable === 0))
    return <p className="quiet">{t('lab.kept.none')}</p>;
  return (
    <div className="lab-kept">
      <p className="quiet">{t('lab.kept.lead')}</p>
      <ul>
        {kept.results.map(({ resultId, kind, about, savedAt, bytes }) => (
          <li key={resultId}>
            <span>{t(`job.${kind}` as TextKey)}</span>
            <span>{about}</span>
            <span className="quiet">
              {savedAt.slice(0, 10)} {timeOfDay(savedAt, true)}
            </span>
            <span className="quiet">{byteSize(bytes)}</span>
            <Button look="link" onClick={() => void showKept(resultId)}>
              {t('lab.kept.open')}
            </Button>
            <Button look="link" onClick={() => void removeKept(resultId)}>
              {t('lab.kept.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {kept.unreadable > 0 && <p>{t('lab.kept.unreadable', { count: kept.unreadable })}</p>}
    </div>
  );
}

function Figures({ systems }: { readonly systems: readonly LabSystem[] }) {
  const t = useText();
  const { run, compared } = useLab();
  const runs = compared?.report.systems.map((one) => one.run) ?? (run === null ? [] : [run.report.run]);
  const aesMedian = compared?.aesMedian ?? run?.aesMedian ?? 0;
  if (runs.length === 0) return <p className="quiet">{t('lab.empty')}</p>;
  return (
    <>
      <div className="lab-label-rows">
        {runs.map((one) => (
          <section key={one.system}>
            {runs.length > 1 && <h4>{one.system}</h4>}
            <Labels run={one} aesMedian={aesMedian} />
          </section>
        ))}
      </div>
      <FiguresTable runs={runs} systems={systems.filter(({ id }) => runs.some(({ system }) => system === id))} />
    </>
  );
}

function Attacks({ system, systems }: { readonly system: LabSystem; readonly systems: readonly LabSystem[] }) {
  const t = useText();
  const { attacked, compared } = useLab();
  const of = (id: string): LabSystem => systems.find((one) => one.id === id) ?? system;
  if (compared !== null)
    return (
      <div className="lab-attack-columns">
        {compared.report.systems.map(({ run, attacks }) => (
          <section key={run.system}>
            <h3>{run.system}</h3>
            {attacks.map((attack) => (
              <AttackResult key={attack.id} system={of(run.system)} attack={attack} />
            ))}
          </section>
        ))}
      </div>
    );
  const [attack] = attacked?.report.attacks ?? [];
  if (attacked === null || attack === undefined) return <p className="quiet">{t('lab.attack.none')}</p>;
  const { original, report } = attacked;
  const isPart = original.columns < report.image.columns || original.rows < report.image.rows;
  return <AttackResult system={of(report.system)} attack={attack} {...(isPart ? { part: original } : {})} />;
}

/** Original and cipher of the run, or of each system that is compared. */
function usePictures(): Named[] {
  const t = useText();
  const { run, compared } = useLab();
  if (compared !== null)
    return compared.made.map(({ cipher }, i) => ({
      name: t('lab.pane.encryptedBy', { system: compared.report.systems[i]?.run.system ?? '' }),
      picture: cipher,
    }));
  if (run === null) return [];
  return [
    { name: t('lab.pane.original'), picture: run.original },
    { name: t('lab.pane.encrypted'), picture: run.cipher },
  ];
}

function Chart({ tab }: { readonly tab: 'histogram' | 'correlation' | 'planes' }) {
  const t = useText();
  const pictures = usePictures();
  if (pictures.length === 0) return <p className="quiet">{t('lab.empty')}</p>;
  if (tab === 'histogram') return <Histogram pictures={pictures} />;
  if (tab === 'correlation') return <Correlation pictures={pictures} />;
  return <BitPlanes pictures={pictures} />;
}

/** Everything that was measured, by tabs. */
export function Results({ system }: { readonly system: LabSystem }) {
  const t = useText();
  const [tab, setTab] = useState<Tab>('figures');
  const systems = useLab((state) => state.systems) ?? [];
  const move = (by: number): void => {
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
    if (next === undefined) return;
    setTab(next);
    document.getElementById(`lab-tab-${next}`)?.focus();
  };
  return (
    <section className="lab-results">
      <div className="lab-tabs" role="tablist" aria-label={t('lab.tab.figures')}>
        {TABS.map((one) => (
          <button
            key={one}
            id={`lab-tab-${one}`}
            type="button"
            role="tab"
            aria-selected={tab === one}
            aria-controls="lab-tab-panel"
            tabIndex={tab === one ? 0 : -1}
            onClick={() => setTab(one)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(1);
              if (event.key === 'ArrowLeft') move(-1);
            }}
          >
            {t(`lab.tab.${one}`)}
          </button>
        ))}
      </div>
      <div id="lab-tab-panel" role="tabpanel" aria-labelledby={`lab-tab-${tab}`} className="lab-tab-panel">
        {tab === 'figures' && <Figures systems={systems} />}
        {tab === 'attack' && <Attacks system={system} systems={systems} />}
        {(tab === 'histogram' || tab === 'correlation' || tab === 'planes') && <Chart tab={tab} />}
        {tab === 'paper' && <PaperTable system={system} />}
        {tab === 'kept' && <Kept />}
      </div>
    </section>
  );
}
