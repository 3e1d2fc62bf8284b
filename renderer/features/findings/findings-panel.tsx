import { Play } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Finding } from '../../../core/contract/findings.ts';
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
import { FindingCard } from './finding-card.tsx';
import { decide, runModel, selectedFinding, startFindings, useFindings } from './findings-store.ts';
import './findings.css';

export interface FindingsPanelProps {
  readonly studyId: string;
  /** Number of an image within its series, from 1; null when it isn't of an open study. */
  readonly numberOf: (objectId: string, frame: number) => number | null;
  /** Brings an image on screen. */
  readonly onShow: (objectId: string, frame: number) => void;
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

function RunPart({ studyId, numberOf }: Pick<FindingsPanelProps, 'studyId' | 'numberOf'>) {
  const t = useText();
  const { models, model, running } = useFindings();
  const image = useActiveImage((state) => (state.image?.studyId === studyId ? state.image : null));
  const number = image === null ? null : numberOf(image.objectId, image.frame);
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
          disabled={image === null || number === null || running !== null}
          title={image === null ? t('findings.noImage') : image.label}
          onClick={() => image !== null && void runModel(image)}
          data-run-model={model}
        >
          <Play size={16} aria-hidden="true" />
          {number === null ? t('findings.runNone') : t('findings.run', { image: number })}
        </Button>
        {running !== null && <Button onClick={() => cancelJob(running)}>{t('findings.cancel')}</Button>}
      </div>
      {running !== null && (
        <p className="quiet" aria-live="polite">
          {t('findings.running')}
        </p>
      )}
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
function usePanelKeys(show: (finding: Finding) => void) {
  const panel = useRef<HTMLElement>(null);
  const shows = useRef(show);
  shows.current = show;
  useEffect(() => {
    const next = (): void => {
      const { findings, selected } = useFindings.getState();
      if (findings === null || findings.length === 0) return;
      const at = findings.findIndex(({ resultId }) => resultId === selected);
      const following = findings[(at + 1) % findings.length];
      if (following !== undefined) shows.current(following);
    };
    const press = (event: KeyboardEvent): void => {
      const { key, target } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || within(target, TYPED)) return;
      const finding = selectedFinding(useFindings.getState());
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
function isOn(target: EventTarget | null, { resultId }: Finding): boolean {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-finding]') : null;
  return line === null || line.dataset['finding'] === resultId;
}

/** What models found in this study: runs, scores with where they come from, the reader's word on each, and how a model is fooled. */
export function FindingsPanel({ studyId, numberOf, onShow }: FindingsPanelProps): ReactNode {
  const t = useText();
  const { findings, unreadable, selected, problem } = useFindings();
  const isOurs = useFindings((state) => state.studyId === studyId);
  const show = ({ resultId, objectId, frame }: Finding): void => {
    useFindings.setState({ selected: resultId });
    if (numberOf(objectId, frame) !== null) onShow(objectId, frame);
    // The card that was open before folds first.
    requestAnimationFrame(() => panel.current?.querySelector<HTMLElement>(`[data-finding="${resultId}"]`)?.focus());
  };
  const panel = usePanelKeys(show);
  useEffect(() => void startFindings(studyId), [studyId]);
  const shown = isOurs ? (findings ?? []) : [];
  return (
    <section className="findings" aria-label={t('findings.list')} ref={panel} data-findings={shown.length}>
      <Note tone="neutral">
        <p>{t('findings.notForDiagnosis')}</p>
      </Note>
      <RunPart studyId={studyId} numberOf={numberOf} />
      {problem !== null && <ErrorNote code={problem.code} error={errorText(problem.code, problem.details)} />}
      <div className="findings-list">
        {isOurs && findings !== null && shown.length === 0 && <p className="quiet">{t('findings.none')}</p>}
        {shown.map((finding) => (
          <FindingCard
            key={finding.resultId}
            finding={finding}
            isOpen={finding.resultId === selected}
            number={numberOf(finding.objectId, finding.frame)}
            onOpen={() => show(finding)}
          />
        ))}
        {unreadable > 0 && <p className="quiet">{t('findings.unreadable', { count: unreadable })}</p>}
        {shown.length > 0 && <p className="quiet">{t('findings.keys')}</p>}
      </div>
      <AttackPart studyId={studyId} numberOf={numberOf} />
    </section>
  );
}
