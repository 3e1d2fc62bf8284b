import { Trash2 } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Annotation } from '../../../core/annotate/annotation.ts';
import { drawThumbnail } from '../../cornerstone/thumbnail.ts';
import { headline } from '../../cornerstone/units.ts';
import type { OpeningChooser } from '../../cornerstone/view-state.ts';
import { errorText } from '../../text/errors.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';
import type { BrushStrokes } from './brush-strokes.ts';
import type { MarkSet } from './mark-sets.ts';
import type { MarkStore } from './mark-store.ts';
import { markName, markPlace } from './mark-text.ts';
import { type Painting, SegmentPanel } from './segment-panel.tsx';

interface PanelProps {
  /** The study's own marks, then those of the priors that are open. */
  readonly sets: readonly MarkSet[];
  readonly brush: BrushStrokes;
  readonly painting: Painting;
  /** Image number within its series, from 1; null when the study doesn't hold it. */
  readonly imageNumber: (imageId: string) => number | null;
}

/** `14:02:11` of an ISO 8601 instant, in the reader's time. */
function clock(instant: string): string {
  return new Date(instant).toTimeString().slice(0, 8);
}

function SaveLine({ marks }: { readonly marks: MarkStore }): ReactNode {
  const t = useText();
  const save = useStore(marks.store, (state) => state.save);
  if (save.kind === 'failed') {
    const { what, kept, next } = errorText(save.code);
    return (
      <Note tone="danger" alert actions={<Button onClick={() => marks.retry()}>{t('annotate.retry')}</Button>}>
        <h3>{t('annotate.notSaved')}</h3>
        <p>{what}</p>
        <p>{kept}</p>
        <p>{next}</p>
      </Note>
    );
  }
  const words =
    save.kind === 'saving'
      ? t('annotate.saving')
      : save.at === null
        ? ''
        : t('annotate.saved', { time: clock(save.at) });
  return (
    <p className="measure-saved" data-save={save.kind} role="status">
      {words}
    </p>
  );
}

interface RowProps {
  readonly mark: Annotation;
  readonly number: number;
  /** The image that it lies on; null when the study doesn't hold it. */
  readonly imageId: string | null;
  readonly image: number | null;
  readonly marks: MarkStore;
}

/** Edge of a mark's thumbnail, CSS pixels. */
const SIZE = 36;

/** The file's own window, or what its pixels suggest. */
const opening: OpeningChooser = ({ windows: [own] }) => ({
  window: own === undefined ? null : { ...own, name: '' },
  inverted: false,
});

/** The image of a mark, small: the mark is found by what it lies on. */
function Picture({ imageId }: { readonly imageId: string }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current === null) return;
    // One that can't be drawn stays dark: the viewport says what is wrong with it.
    drawThumbnail(canvas.current, imageId, SIZE * window.devicePixelRatio, opening).catch(() => undefined);
  }, [imageId]);
  return (
    <span className="measure-picture" aria-hidden="true">
      <canvas ref={canvas} width={SIZE} height={SIZE} />
    </span>
  );
}

function Row({ mark, number, image, imageId, marks }: RowProps): ReactNode {
  const t = useText();
  const row = useRef<HTMLLIElement>(null);
  const selected = useStore(marks.store, (state) => state.selected === mark.uid);
  const unsaved = useStore(marks.store, (state) => state.save.kind === 'failed' && state.unsaved.has(mark.uid));
  const name = markName(mark, t);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <li
      ref={row}
      className={`measure-row${selected ? ' measure-selected' : ''}`}
      data-mark={mark.kind}
      data-uid={mark.uid}
    >
      <button
        type="button"
        className="measure-go"
        aria-pressed={selected}
        onClick={() => void marks.select(mark.uid, true)}
      >
        <span className="measure-number">{number}</span>
        {imageId === null ? <span className="measure-picture" /> : <Picture imageId={imageId} />}
        <span className="measure-name">{name}</span>
        <span className="measure-value">{headline(mark.measurements)}</span>
        <span className="measure-image quiet">{markPlace(mark, image, t)}</span>
        {unsaved ? <span className="measure-unsaved">⚠ {t('annotate.notSaved')}</span> : null}
      </button>
      <Button look="icon" aria-label={t('annotate.remove', { name })} onClick={() => marks.remove(mark.uid)}>
        <Trash2 size={16} aria-hidden="true" />
      </Button>
    </li>
  );
}

function Marks({
  set,
  imageNumber,
}: {
  readonly set: MarkSet;
  readonly imageNumber: PanelProps['imageNumber'];
}): ReactNode {
  const t = useText();
  const { marks, layer, prior } = set;
  const list = useStore(marks.store, (state) => state.marks);
  const unreadable = useStore(marks.store, (state) => state.unreadable);
  const loadError = useStore(marks.store, (state) => state.loadError);
  // A prior that nobody measured takes no room.
  if (prior !== null && list.length === 0 && unreadable === 0 && loadError === null) return null;
  return (
    <>
      {loadError === null ? null : (
        <Note tone="danger" alert>
          <h3>{t('annotate.loadFailed')}</h3>
          <p>{errorText(loadError).next}</p>
        </Note>
      )}
      {unreadable === 0 ? null : (
        <Note tone="warning">
          <p>{t('annotate.unreadable', { count: unreadable })}</p>
        </Note>
      )}
      {prior === null ? null : <h3 className="measure-prior">{t('annotate.prior', { date: prior })}</h3>}
      {list.length === 0 && prior === null ? <p className="quiet measure-none">{t('annotate.none')}</p> : null}
      <ol>
        {list.map((mark, index) => {
          const imageId = layer.sliceOf(mark);
          const image = imageId === null ? null : imageNumber(imageId);
          return <Row key={mark.uid} mark={mark} number={index + 1} image={image} imageId={imageId} marks={marks} />;
        })}
      </ol>
      <SaveLine marks={marks} />
    </>
  );
}

/** Everything that was measured. A click goes to the image; a selected mark is selected in both places. */
export function MeasurementPanel({ sets, brush, painting, imageNumber }: PanelProps): ReactNode {
  return (
    <div className="measure">
      {sets.map((set) => (
        <Fragment key={set.prior ?? ''}>
          <Marks set={set} imageNumber={imageNumber} />
          <SegmentPanel segments={set.segments} brush={set.prior === null ? brush : null} painting={painting} />
        </Fragment>
      ))}
    </div>
  );
}
