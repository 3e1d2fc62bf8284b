import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { overImage } from '../../cornerstone/canvas-place.ts';
import { isFrameId } from '../../cornerstone/image-id.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { useImageId } from '../../cornerstone/use-image-id.ts';
import type { BrushStrokes } from './brush-strokes.ts';
import type { MarkSets } from './mark-sets.ts';
import { type DrawnMask, segmentPicture } from './segment-picture.ts';
import type { SegmentStore } from './segment-store.ts';
import './segments.css';

interface Props {
  readonly view: StackView;
  readonly sets: MarkSets;
  readonly brush: BrushStrokes;
  /** The brush or the eraser is the tool of the left button. */
  readonly paints: boolean;
}

/** A segment's colour as numbers: canvases know no custom properties. */
function themeColour(colour: number): readonly [number, number, number] {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(`--segment-${colour}`).trim();
  const part = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return [part(1), part(3), part(5)];
}

/** Where a number stands: the middle of a mask's first row, just above it. */
function topOf(mask: Uint8Array, columns: number): readonly [number, number] {
  const first = mask.indexOf(1);
  const x = first % columns;
  const after = mask.indexOf(0, first);
  return [x + Math.min(after - first, columns - x) / 2, (first - x) / columns - 0.5];
}

function masksOn(imageId: string, segments: SegmentStore, paints: boolean): DrawnMask[] {
  // A plane across the slices has other pixels than they have.
  if (!isFrameId(imageId)) return [];
  return segments.drawnOn(imageId).flatMap((segment) => {
    const mask = segments.maskOn(segment.uid, imageId);
    if (mask === null || !mask.includes(1)) return [];
    return [{ segment, mask, isActive: paints && segment.uid === segments.state.active }];
  });
}

/** The masks of one image, drawn into a canvas that lies over it; redrawn when a mask changes, moved when the picture does. */
function Masks({
  view,
  segments,
  paints,
}: Pick<Props, 'view' | 'paints'> & { readonly segments: SegmentStore }): ReactNode {
  const imageId = useImageId(view);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [numbers, setNumbers] = useState<
    readonly { readonly number: number; readonly at: readonly [number, number] }[]
  >([]);
  const labels = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = canvas.current;
    const plane = view.facts?.plane;
    if (node === null || imageId === null || plane === undefined) return setNumbers([]);
    let frame = 0;
    const draw = (): void => {
      const masks = masksOn(imageId, segments, paints);
      if (node.width !== plane.columns) node.width = plane.columns;
      if (node.height !== plane.rows) node.height = plane.rows;
      const context = node.getContext('2d');
      const picture = segmentPicture(masks, plane.columns, themeColour);
      context?.clearRect(0, 0, node.width, node.height);
      if (picture !== null && context !== null)
        context.putImageData(new ImageData(picture.pixels, picture.columns, picture.rows), picture.left, picture.top);
      node.dataset['segments'] = masks.map(({ segment }) => segment.number).join(' ');
      setNumbers(masks.map(({ segment, mask }) => ({ number: segment.number, at: topOf(mask, plane.columns) })));
    };
    draw();
    const stop = segments.repainted.on(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [view, imageId, segments, paints]);
  useEffect(() => {
    const place = (): void => {
      const node = canvas.current;
      const transform = overImage(view);
      if (node !== null) node.hidden = transform === null;
      if (node !== null && transform !== null) node.style.transform = transform;
      for (const [index, { at }] of numbers.entries()) {
        const label = labels.current?.children[index];
        const spot = view.toCanvas(at);
        if (label instanceof HTMLElement && spot !== null)
          label.style.transform = `translate(${Math.round(spot[0])}px, ${Math.round(spot[1])}px) translate(-50%, -100%)`;
      }
    };
    place();
    return view.drawn.on(place);
  }, [view, numbers]);
  return (
    <div className="segments" hidden={imageId === null}>
      <canvas ref={canvas} />
      <div ref={labels}>
        {numbers.map(({ number }) => (
          <div key={number} className="segment-number">
            {number}
          </div>
        ))}
      </div>
    </div>
  );
}

/** The brush's size round the pointer. */
function BrushRing({ view, brush }: Pick<Props, 'view' | 'brush'>): ReactNode {
  const diameter = useStore(brush.store, (state) => state.diameter);
  const ring = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const { element } = view;
    let at: readonly [number, number] | null = null;
    const draw = (): void => {
      const node = ring.current;
      const plane = view.facts?.plane;
      node?.toggleAttribute('hidden', at === null || plane === undefined);
      if (node === null || at === null || plane === undefined) return;
      const fine = Math.min(plane.columnSpacing, plane.rowSpacing) / plane.columnSpacing;
      const radius = String(Math.max(1, (diameter / 2) * fine * view.state.zoom));
      for (const circle of node.children) {
        circle.setAttribute('cx', String(at[0]));
        circle.setAttribute('cy', String(at[1]));
        circle.setAttribute('r', radius);
      }
    };
    const move = (event: PointerEvent): void => {
      const box = element.getBoundingClientRect();
      at = [event.clientX - box.left, event.clientY - box.top];
      draw();
    };
    const leave = (): void => {
      at = null;
      draw();
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    const stop = view.drawn.on(draw);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
      stop();
    };
  }, [view, diameter]);
  return (
    <svg ref={ring} className="brush-ring" aria-hidden="true">
      <circle className="cursor-casing" />
      <circle className="cursor-core" />
    </svg>
  );
}

/** The segments of one image, under its marks, and the brush. */
export function SegmentLayer({ view, sets, brush, paints }: Props): ReactNode {
  const imageId = useImageId(view);
  const { segments } = sets.of(imageId);
  useEffect(
    () =>
      view.brushed.on(({ stage, pixel }) => {
        if (stage === 'down') brush.begin(view, pixel);
        else if (stage === 'drag') brush.move(pixel);
        else brush.end();
      }),
    [view, brush],
  );
  return (
    <>
      <Masks view={view} segments={segments} paints={paints} />
      {paints ? <BrushRing view={view} brush={brush} /> : null}
    </>
  );
}
