import { Play, Rows3 } from 'lucide-react';
import { type DragEvent, type ReactNode, useEffect, useRef } from 'react';
import type { Finding, ImagePlace, SeriesFinding } from '../../../core/contract/findings.ts';
import { BACK_ENDS } from '../../../core/infer/model.ts';
import { useActiveImage } from '../../state/active-image.ts';
import { cancelJob } from '../../state/jobs.ts';
import { setStatusItem } from '../../state/status.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { ErrorNote, Note } from '../../ui/note.tsx';
import { AboutModel } from './about-model.tsx';
import { AttackPart } from './attack-part.tsx';
import { backEndName } from './class-words.ts';
import { FilePart } from './file-part.tsx';
import { FindingCard } from './finding-card.tsx';
import {
  classifySeries,
  decide,
  resultsOf,
  runModel,
  runOnDropped,
  startFindings,
  useFindings,
} from './findings-store.ts';
import { PriorFindings, type PriorStudy } from './prior-findings.tsx';
import { SeriesCard } from './series-card.tsx';
import './findings.css';

export interface FindingsPanelProps {
  readonly studyId: string;
  /** Number of an image within its series, from 1; null when it isn't of an open study. */
  readonly numberOf: (objectId: string, frame: number) => number | null;
  /** All images of the series that holds an image, in their order; none when it isn't of an open study. */
  readonly seriesOf: (objectId: string, frame: number) => readonly Omit<ImagePlace, 'studyId'>[];
  /** Brings an image on screen. */
  readonly onShow: (objectId: string, frame: number) => void;
  /** The patient's priors, newest first. */
  readonly priors: readonly PriorStudy[];
  readonly onOpenPrior: (studyId: string) => void;
}

/** Says in the status bar what the last run ran on, for as long as something is read. */
export function useEngineItem(): void {
  const t = useText();
  const backEnd = useFindings((state) => state.backEnd);
  useEffect(() => {
    setStatusItem('engine', backEnd === null ? null : t('findings.engine', { backEnd }));
    return () => setStatusItem('engine', null);
  }, [backEnd, t]);
}

/** What models run on: the fastest, or one that a reader names. */
function BackEndChoice(): ReactNode {
  const t = useText();
  const wanted = useFindings((state) => state.wanted);
  return (
    <Choice
      label={t('findings.backEnd')}
      value={wanted ?? 'fastest'}
      options={[
        ['fastest', t('findings.backEnd.fastest')] as const,
        ...BACK_ENDS.map((id) => [id, backEndName(id)] as const),
      ]}
      onChoose={(id) => useFindings.setState({ wanted: id === 'fastest' ? null : id })}
    />
  );
}

function RunPart({ studyId, numberOf, seriesOf }: Pick<FindingsPanelProps, 'studyId' | 'numberOf' | 'seriesOf'>) {
  const t = useText();
  const { models, model, running, classifying, lost, backEnd } = useFindings();
  const image = useActiveImage((state) => (state.image?.studyId === studyId ? state.image : null));
  const number = image === null ? null : numberOf(image.objectId, image.frame);
  const series = image === null ? [] : seriesOf(image.objectId, image.frame);
  const busy = running ?? classifying;
  if (models === null) return <p className="quiet">{t('findings.loading')}</p>;
  if (models.length === 0) return <p className="quiet">{t('findings.noModel')}</p>;
  return (
    <div className="findings-run">
      <Choice
        label={t('findings.model')}
        value={model}
        options={models.map(({ id, title }) => [id, `${id}: ${title}`] as const)}
        onChoose={(id) => useFindings.setState({ model: id, about: null })}
      />
      <div className="findings-buttons">
        <Button
          look="filled"
          disabled={image === null || number === null || busy !== null}
          title={image === null ? t('findings.noImage') : image.label}
          onClick={() => image !== null && void runModel(image)}
          data-run-model={model}
        >
          <Play size={16} aria-hidden="true" />
          {number === null ? t('findings.runNone') : t('findings.run', { image: number })}
        </Button>
        {series.length > 1 && (
          <Button
            disabled={busy !== null}
            onClick={() => void classifySeries(studyId, series)}
            data-classify-series={series.length}
          >
            <Rows3 size={16} aria-hidden="true" />
            {t('findings.series', { count: series.length })}
          </Button>
        )}
        {busy !== null && <Button onClick={() => cancelJob(busy)}>{t('findings.cancel')}</Button>}
      </div>
      {lost !== null && (
        <Note tone="warning">
          <p data-lost={lost}>{t('findings.lost', { lost: backEndName(lost), backEnd: backEndName(backEnd ?? '') })}</p>
        </Note>
      )}
      {running !== null && (
        <p className="quiet" aria-live="polite">
          {t('findings.running')}
        </p>
      )}
      <BackEndChoice />
      <AboutModel />
    </div>
  );
}

/** Controls that Enter presses, and such that take letters. */
const PRESSED = 'input, select, summary, button:not([data-finding])';
const TYPED = 'input:not([type=checkbox], [type=range]), select';

const within = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

/** Keys of the panel while the focus is in it: next finding, accept, reject. */
function usePanelKeys(show: (finding: Finding | SeriesFinding) => void) {
  const panel = useRef<HTMLElement>(null);
  const shows = useRef(show);
  shows.current = show;
  useEffect(() => {
    const next = (): void => {
      const results = resultsOf(useFindings.getState());
      const at = results.findIndex(({ resultId }) => resultId === useFindings.getState().selected);
      const following = results[(at + 1) % results.length];
      if (following !== undefined) shows.current(following);
    };
    const press = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || within(target, TYPED)) return;
      const state = useFindings.getState();
      const finding = resultsOf(state).find(({ resultId }) => resultId === state.selected) ?? null;
      const isIts = finding !== null && isOn(target, finding);
      if (key === 'j') next();
      else if (key === 'Enter' && isIts && !within(target, PRESSED)) void decide(finding.resultId, 'accepted');
      else if (key === 'Delete' && isIts) void decide(finding.resultId, 'rejected');
      else return;
      event.preventDefault();
    };
    const node = panel.current;
    node?.addEventListener('keydown', press);
    return () => node?.removeEventListener('keydown', press);
  }, []);
  return panel;
}

/** Another finding's line has the focus: Enter opens it first. */
function isOn(target: EventTarget | null, { resultId }: Pick<Finding, 'resultId'>): boolean {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-finding]') : null;
  return line === null || line.dataset['finding'] === resultId;
}

const takesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** A picture that is dropped on the panel is for the model, not for the vault. */
function drop(event: DragEvent): void {
  if (!takesFiles(event)) return;
  event.preventDefault();
  void runOnDropped([...event.dataTransfer.files]);
}

/** What was found in this study, a card each. */
function Results({
  studyId,
  numberOf,
  onShow,
  onOpen,
}: Pick<FindingsPanelProps, 'studyId' | 'numberOf' | 'onShow'> & { readonly onOpen: (finding: Finding) => void }) {
  const t = useText();
  const { findings, series, unreadable, selected } = useFindings();
  const isOurs = useFindings((state) => state.studyId === studyId);
  const shown = isOurs ? (findings ?? []) : [];
  return (
    <div className="findings-list">
      {isOurs && findings !== null && shown.length + series.length === 0 && (
        <p className="quiet">{t('findings.none')}</p>
      )}
      {isOurs &&
        series.map((one) => (
          <SeriesCard
            key={one.resultId}
            finding={one}
            isOpen={one.resultId === selected}
            numberOf={numberOf}
            onShow={onShow}
          />
        ))}
      {shown.map((finding) => (
        <FindingCard
          key={finding.resultId}
          finding={finding}
          isOpen={finding.resultId === selected}
          number={numberOf(finding.objectId, finding.frame)}
          onOpen={() => onOpen(finding)}
        />
      ))}
      {unreadable > 0 && <p className="quiet">{t('findings.unreadable', { count: unreadable })}</p>}
      {shown.length + (isOurs ? series.length : 0) > 0 && <p className="quiet">{t('findings.keys')}</p>}
    </div>
  );
}

/** What models found in this study: runs, scores with where they come from, the reader's word on each, and how a model is fooled. */
export function FindingsPanel({
  studyId,
  numberOf,
  seriesOf,
  onShow,
  priors,
  onOpenPrior,
}: FindingsPanelProps): ReactNode {
  const t = useText();
  const { problem } = useFindings();
  const count = useFindings((state) => (state.studyId === studyId ? (state.findings ?? []).length : 0));
  const show = (finding: Finding | SeriesFinding): void => {
    const { resultId } = finding;
    useFindings.setState({ selected: resultId });
    if ('objectId' in finding && numberOf(finding.objectId, finding.frame) !== null)
      onShow(finding.objectId, finding.frame);
    // The card that was open before folds first.
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>(`[data-finding="${resultId}"]`)?.focus());
  };
  const panel = usePanelKeys(show);
  useEffect(() => void startFindings(studyId), [studyId]);
  return (
    <section
      className="findings"
      aria-label={t('findings.list')}
      ref={panel}
      data-findings={count}
      data-takes-files
      onDragOver={(event) => takesFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      <Note tone="neutral">
        <p>{t('findings.notForDiagnosis')}</p>
      </Note>
      <RunPart studyId={studyId} numberOf={numberOf} seriesOf={seriesOf} />
      <FilePart />
      {problem !== null && <ErrorNote code={problem.code} error={errorText(problem.code, problem.details)} />}
      <Results {...{ studyId, numberOf, onShow }} onOpen={show} />
      <PriorFindings priors={priors} onOpen={onOpenPrior} />
      <AttackPart studyId={studyId} numberOf={numberOf} />
    </section>
  );
}
