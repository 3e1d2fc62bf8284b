import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { overImage } from '../../cornerstone/canvas-place.ts';
import { coloured } from '../../cornerstone/fuse/colour.ts';
import { resampled, valueIn } from '../../cornerstone/fuse/resample.ts';
import { fromPixel } from '../../cornerstone/geometry.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { formatValue } from '../../cornerstone/units.ts';
import { type Fusion, fusionIn } from './fusion-mode.ts';
import type { ReadingSession } from './session.ts';
import './fusion.css';

/** What decides the fused picture; how far it covers the image doesn't. */
type Look = Pick<Fusion, 'volume' | 'sampling' | 'span' | 'map'>;

/** Draws the fused series in the plane of the image that is on screen. */
function drawFused(node: HTMLCanvasElement, view: StackView, { volume, sampling, span, map }: Look): void {
  const plane = view.facts?.plane;
  const values = plane === undefined ? null : resampled(volume, plane, sampling);
  if (plane === undefined || values === null) return;
  node.width = plane.columns;
  node.height = plane.rows;
  const pixels = coloured(values, span, map);
  node.getContext('2d')?.putImageData(new ImageData(pixels, plane.columns, plane.rows), 0, 0);
}

function useFused(node: HTMLCanvasElement | null, view: StackView, fusion: Fusion): void {
  const { volume, sampling, span, map } = fusion;
  useEffect(() => {
    if (node === null) return;
    let drawn: string | null = null;
    const follow = (): void => {
      const { imageId } = view;
      if (imageId !== null && imageId !== drawn) {
        drawFused(node, view, { volume, sampling, span, map });
        drawn = imageId;
      }
      const transform = view.state.error === null ? overImage(view) : null;
      node.hidden = transform === null;
      if (transform !== null) node.style.transform = transform;
    };
    follow();
    return view.drawn.on(follow);
  }, [node, view, volume, sampling, span, map]);
}

/** The fused value under the pointer, with its unit; empty outside of the series. */
function useValueUnder(view: StackView, { volume, sampling }: Fusion): string {
  const [words, setWords] = useState('');
  useEffect(() => {
    const { element } = view;
    const move = (event: PointerEvent): void => {
      const box = element.getBoundingClientRect();
      const pixel = view.toPixel([event.clientX - box.left, event.clientY - box.top]);
      const plane = view.facts?.plane;
      const value = pixel === null || plane === undefined ? null : valueIn(volume, fromPixel(plane, pixel), sampling);
      setWords(value === null ? '' : formatValue(value, volume.facts.unit));
    };
    const leave = (): void => setWords('');
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
    };
  }, [view, volume, sampling]);
  return words;
}

function Fused({ view, fusion }: { readonly view: StackView; readonly fusion: Fusion }): ReactNode {
  const [node, setNode] = useState<HTMLCanvasElement | null>(null);
  useFused(node, view, fusion);
  const value = useValueUnder(view, fusion);
  return (
    <div className="fused" data-fused={fusion.name}>
      <canvas ref={setNode} style={{ opacity: fusion.opacity }} />
      {value === '' ? null : <p>{value}</p>}
    </div>
  );
}

interface Props {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly view: StackView;
}

/** What is fused over the image of a viewport: under its marks and texts, following the picture. */
export function FusionLayer({ session, cell, view }: Props): ReactNode {
  const fusion = useStore(session.store, (state) => fusionIn(state, cell));
  return fusion === null ? null : <Fused view={view} fusion={fusion} />;
}
