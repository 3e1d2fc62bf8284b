import { Brush, Eraser, Eye, EyeOff, Minus, Plus, SquarePlus, Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PaintedSegment, Segment } from '../../../core/annotate/segment.ts';
import { formatValue } from '../../cornerstone/units.ts';
import { setStatusItem } from '../../state/status.ts';
import { errorText } from '../../text/errors.ts';
import { type Text, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { CommandButton } from '../../ui/command-button.tsx';
import { Note } from '../../ui/note.tsx';
import type { BrushStrokes } from './brush-strokes.ts';
import type { SegmentStore } from './segment-store.ts';

/** The mode in which segments are painted: null outside of it. */
export type Painting = 'brush' | 'eraser' | 'other' | null;

/** A segment's name: what the reader called it, else its number. */
function segmentName({ name, number }: Segment, t: Text): string {
  return name === '' ? t('annotate.segment.name', { number }) : name;
}

function Tools({ brush, painting }: { readonly brush: BrushStrokes; readonly painting: Painting }): ReactNode {
  const t = useText();
  const diameter = useStore(brush.store, (state) => state.diameter);
  return (
    <div className="segment-tools" role="toolbar" aria-label={t('annotate.segment.tools')}>
      <CommandButton id="tool.brush" icon={<Brush size={16} aria-hidden="true" />} pressed={painting === 'brush'} />
      <CommandButton id="tool.eraser" icon={<Eraser size={16} aria-hidden="true" />} pressed={painting === 'eraser'} />
      <CommandButton id="segment.smaller" icon={<Minus size={16} aria-hidden="true" />} />
      <output className="segment-size" aria-label={t('annotate.segment.size')}>
        {formatValue(diameter, 'px', 0)}
      </output>
      <CommandButton id="segment.larger" icon={<Plus size={16} aria-hidden="true" />} />
      <CommandButton id="segment.new" icon={<SquarePlus size={16} aria-hidden="true" />} showLabel />
    </div>
  );
}

/** Name and opacity of the segment that is painted. They are kept when the field is left. */
function Fields({ segment, segments }: { readonly segment: Segment; readonly segments: SegmentStore }): ReactNode {
  const t = useText();
  const [opacity, setOpacity] = useState(segment.opacity);
  useEffect(() => setOpacity(segment.opacity), [segment.opacity]);
  const keep = (): void => segments.change(segment.uid, { opacity });
  return (
    <div className="segment-fields">
      <label htmlFor={`name-${segment.uid}`}>{t('annotate.segment.label')}</label>
      <input
        key={segment.name}
        id={`name-${segment.uid}`}
        className="input"
        defaultValue={segment.name}
        placeholder={t('annotate.segment.name', { number: segment.number })}
        maxLength={256}
        spellCheck={false}
        onBlur={(event) => segments.change(segment.uid, { name: event.currentTarget.value.trim() })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      <label htmlFor={`opacity-${segment.uid}`}>{t('annotate.segment.opacity')}</label>
      <input
        id={`opacity-${segment.uid}`}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={opacity}
        aria-valuetext={`${Math.round(opacity * 100)} %`}
        onChange={(event) => setOpacity(Number(event.currentTarget.value))}
        onPointerUp={keep}
        onKeyUp={keep}
        onBlur={keep}
      />
    </div>
  );
}

function Row({ painted, segments }: { readonly painted: PaintedSegment; readonly segments: SegmentStore }): ReactNode {
  const t = useText();
  const { segment } = painted;
  const { uid } = segment;
  const isActive = useStore(segments.store, (state) => state.active === uid);
  const size = useStore(segments.store, (state) => state.sizes.get(uid));
  const unsaved = useStore(segments.store, (state) => state.save.kind === 'failed' && state.unsaved.has(uid));
  const name = segmentName(segment, t);
  const Sight = segment.visible ? Eye : EyeOff;
  return (
    <li className={`segment-row${isActive ? ' segment-active' : ''}`} data-segment={segment.number} data-uid={uid}>
      <button type="button" className="segment-go" aria-pressed={isActive} onClick={() => void segments.show(uid)}>
        <span className={`segment-swatch segment-swatch-${segment.colour}`}>{segment.number}</span>
        <span className="segment-name">{name}</span>
        <span className="segment-value">{size === undefined ? '…' : formatValue(size.value, size.unit)}</span>
        {unsaved ? <span className="segment-unsaved">⚠ {t('annotate.notSaved')}</span> : null}
      </button>
      <Button
        look="icon"
        aria-pressed={segment.visible}
        aria-label={t('annotate.segment.visible', { name })}
        onClick={() => segments.change(uid, { visible: !segment.visible })}
      >
        <Sight size={16} aria-hidden="true" />
      </Button>
      <Button look="icon" aria-label={t('annotate.remove', { name })} onClick={() => segments.remove(uid)}>
        <Trash2 size={16} aria-hidden="true" />
      </Button>
      {isActive ? <Fields segment={segment} segments={segments} /> : null}
    </li>
  );
}

function NotSaved({ segments }: { readonly segments: SegmentStore }): ReactNode {
  const t = useText();
  const save = useStore(segments.store, (state) => state.save);
  if (save.kind !== 'failed') return null;
  const { what, kept, next } = errorText(save.code);
  return (
    <Note tone="danger" alert actions={<Button onClick={() => segments.retry()}>{t('annotate.retry')}</Button>}>
      <h3>{t('annotate.segment.notSaved')}</h3>
      <p>{what}</p>
      <p>{kept}</p>
      <p>{next}</p>
    </Note>
  );
}

interface Props {
  readonly segments: SegmentStore;
  /** Null for a prior's, whose tools are those of the study that is read. */
  readonly brush: BrushStrokes | null;
  readonly painting: Painting;
}

/** The segments of a study: name, size, sight. Its tools are here while the mode is on. */
export function SegmentPanel({ segments, brush, painting }: Props): ReactNode {
  const t = useText();
  const list = useStore(segments.store, (state) => state.segments);
  if (brush === null && list.length === 0) return null;
  return (
    <section aria-label={t('annotate.segments')} data-segments={list.length}>
      <div className="segment-head">
        <h3>{t('annotate.segments')}</h3>
        {brush === null ? null : (
          <CommandButton
            id="segment.toggle"
            icon={<Brush size={16} aria-hidden="true" />}
            pressed={painting !== null}
          />
        )}
      </div>
      {brush === null || painting === null ? null : <Tools brush={brush} painting={painting} />}
      <NotSaved segments={segments} />
      {list.length === 0 ? (
        <p className="quiet measure-none">
          {t(painting === null ? 'annotate.segment.none' : 'annotate.segment.paint')}
        </p>
      ) : null}
      <ol>
        {list.map((painted) => (
          <Row key={painted.segment.uid} painted={painted} segments={segments} />
        ))}
      </ol>
    </section>
  );
}

/** Says in the status bar that the keys are those of painting. */
export function usePaintingStatus(brush: BrushStrokes, painting: Painting): void {
  const t = useText();
  const diameter = useStore(brush.store, (state) => state.diameter);
  const size = formatValue(diameter, 'px', 0);
  const words =
    painting === null
      ? null
      : painting === 'other'
        ? t('annotate.segment.mode')
        : t(`annotate.segment.mode.${painting}`, { size });
  useEffect(() => {
    setStatusItem('segment', words);
    return () => setStatusItem('segment', null);
  }, [words]);
}
