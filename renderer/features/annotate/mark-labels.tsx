import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react';
import { useStore } from 'zustand';
import type { Annotation } from '../../../core/annotate/annotation.ts';
import type { MarkLayer } from '../../cornerstone/marks.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { useImageId } from '../../cornerstone/use-image-id.ts';
import { useText } from '../../text/text.ts';
import { CursorCross } from './cursor-cross.tsx';
import type { KeyDrawing } from './key-drawing.ts';
import { leader, pulledBy, spotFor, within } from './label-spot.ts';
import type { MarkSets } from './mark-sets.ts';
import type { MarkStore } from './mark-store.ts';
import { markLines } from './mark-text.ts';
import './annotate.css';

interface Props {
  readonly view: StackView;
  readonly sets: MarkSets;
  readonly keys: KeyDrawing;
}

/** How far the reader has pulled a text from its place, by mark, in image columns. For as long as the study is open. */
type Pulled = Map<string, readonly [number, number]>;

function place(node: HTMLElement, mark: Annotation, view: StackView, layer: MarkLayer, pulled: Pulled): void {
  const points = layer
    .pixels(mark)
    .map((pixel) => view.toCanvas(pixel))
    .filter((point) => point !== null);
  node.hidden = points.length === 0;
  if (points.length === 0) return;
  const size = { width: node.offsetWidth, height: node.offsetHeight };
  const room = { width: view.element.clientWidth, height: view.element.clientHeight };
  const by = pulled.get(mark.uid);
  const spot = within(pulledBy(spotFor(points, size, room), by, view.state.zoom), size, room);
  node.style.transform = `translate(${spot.x}px, ${spot.y}px)`;
  const line = by === undefined ? null : leader(spot, size, points);
  node.style.setProperty('--leader-x', `${line?.x ?? 0}px`);
  node.style.setProperty('--leader-y', `${line?.y ?? 0}px`);
  node.style.setProperty('--leader-angle', `${line?.angle ?? 0}rad`);
  node.style.setProperty('--leader', `${line?.length ?? 0}px`);
}

/** The text follows the pointer until it is let go. */
function pull(event: PointerEvent<HTMLElement>, uid: string, pulled: Pulled, view: StackView): void {
  const node = event.currentTarget;
  if (event.button !== 0 || event.target instanceof HTMLInputElement) return;
  const [x, y] = pulled.get(uid) ?? [0, 0];
  const stop = new AbortController();
  const { signal } = stop;
  const end = (): void => stop.abort();
  const move = (moved: globalThis.PointerEvent): void => {
    const { zoom } = view.state;
    pulled.set(uid, [x + (moved.clientX - event.clientX) / zoom, y + (moved.clientY - event.clientY) / zoom]);
    view.redraw();
  };
  node.setPointerCapture(event.pointerId);
  node.addEventListener('pointermove', move, { signal });
  node.addEventListener('pointerup', end, { signal });
  node.addEventListener('pointercancel', end, { signal });
}

function TextEditor({ mark, marks }: { readonly mark: Annotation; readonly marks: MarkStore }): ReactNode {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    // The press that made the mark gives the focus to the images when it ends; the text takes it after that.
    const take = (): void => {
      window.setTimeout(() => field.current?.focus());
    };
    take();
    window.addEventListener('mouseup', take, { once: true });
    return () => window.removeEventListener('mouseup', take);
  }, []);
  const end = (label: string | null): void => {
    if (done.current) return;
    done.current = true;
    marks.write(mark.uid, label);
    field.current?.closest<HTMLElement>('[data-command-scope="grid"]')?.focus({ preventScroll: true });
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    event.stopPropagation();
    if (event.key === 'Enter') end(event.currentTarget.value);
    if (event.key === 'Escape') end(null);
  };
  return (
    <input
      ref={field}
      className="mark-editor"
      aria-label={t('annotate.text')}
      defaultValue={mark.label}
      maxLength={256}
      onKeyDown={keys}
      onPointerDown={(event) => event.stopPropagation()}
      onBlur={(event) => {
        if (event.relatedTarget !== null || document.hasFocus()) end(event.currentTarget.value);
      }}
    />
  );
}

/** The marks to write beside: those of this image, with the one under the pointer as it is right now. */
function marksOn(
  imageId: string | null,
  all: readonly Annotation[],
  live: Annotation | null,
  layer: MarkLayer,
): Annotation[] {
  const known = all.map((mark) => (mark.uid === live?.uid ? live : mark));
  const fresh = live !== null && !all.some((mark) => mark.uid === live.uid) ? [live] : [];
  return [...known, ...fresh].filter((mark) => mark.kind !== 'key-image' && layer.imageIdOf(mark) === imageId);
}

/** Texts of the marks on one image: white on a plate, beside the mark, following it as the picture moves. */
export function MarkLabels({ view, sets, keys }: Props): ReactNode {
  const t = useText();
  const root = useRef<HTMLDivElement>(null);
  const pulled = useRef<Pulled>(new Map());
  const imageId = useImageId(view);
  const { marks, layer } = sets.of(imageId);
  const { marks: all, live, selected, editing, unsaved, save } = useStore(marks.store);
  const shown = imageId === null ? [] : marksOn(imageId, all, live, layer);
  const isKey = all.some((mark) => mark.kind === 'key-image' && layer.imageIdOf(mark) === imageId);
  const latest = useRef(shown);
  latest.current = shown;
  useLayoutEffect(() => {
    const placeAll = (): void => {
      for (const [index, mark] of latest.current.entries()) {
        const node = root.current?.children[index];
        if (node instanceof HTMLElement) place(node, mark, view, layer, pulled.current);
      }
    };
    placeAll();
    return view.drawn.on(placeAll);
  });
  return (
    <>
      <div ref={root} className="mark-labels">
        {shown.map((mark) => (
          <div
            key={mark.uid}
            className={`mark-label${mark.uid === selected ? ' mark-label-selected' : ''}`}
            data-mark={mark.kind}
            data-uid={mark.uid}
            style={HIDDEN_UNTIL_PLACED}
            onPointerDown={(event) => pull(event, mark.uid, pulled.current, view)}
            onWheel={({ nativeEvent }) => view.element.dispatchEvent(new WheelEvent('wheel', nativeEvent))}
          >
            {mark.uid === editing ? (
              <TextEditor mark={mark} marks={marks} />
            ) : (
              markLines(mark, t, mark.uid === selected || mark.uid === live?.uid).map((line) => (
                <div key={line}>{line}</div>
              ))
            )}
            {save.kind === 'failed' && unsaved.has(mark.uid) ? (
              <div className="mark-unsaved">⚠ {t('annotate.notSaved')}</div>
            ) : null}
          </div>
        ))}
      </div>
      {isKey && imageId !== null ? <div className="mark-key-image">{t('annotate.keyImage')}</div> : null}
      <CursorCross view={view} keys={keys} />
    </>
  );
}

const HIDDEN_UNTIL_PLACED: CSSProperties = { left: 0, top: 0 };
