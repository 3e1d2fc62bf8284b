import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Vector } from '../../cornerstone/geometry.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import type { ReadingSession } from './session.ts';

function normalOf(view: StackView): Vector | null {
  const patient = view.facts?.plane.patient ?? null;
  if (patient === null) return null;
  const { row, column } = patient;
  return [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Slice of `view` that lies nearest to the one on screen in `source`; null when they share no space or direction. */
function nearest(session: ReadingSession, source: StackView, view: StackView): number | null {
  const from = source.facts;
  const normal = normalOf(source);
  const own = normalOf(view);
  if (from?.plane.patient == null || normal === null || own === null) return null;
  if (from.plane.frameOfReferenceUid !== view.facts?.plane.frameOfReferenceUid) return null;
  if (Math.abs(dot(normal, own)) < 0.95) return null;
  const target = dot(normal, from.plane.patient.position);
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, imageId] of (view.state.stack?.imageIds ?? []).entries()) {
    const patient = session.reader.facts(imageId)?.plane.patient;
    if (patient === null || patient === undefined) continue;
    const distance = Math.abs(dot(normal, patient.position) - target);
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
}

/** While linked, the other viewports follow the active one: by position in space, else by the same number of images. */
export function useLink(session: ReadingSession): void {
  const linked = useStore(session.store, (state) => state.linked);
  const active = useStore(session.store, (state) => state.active);
  const cells = useStore(session.store, (state) => state.cells);
  useEffect(() => {
    const source = session.view(active);
    if (!linked || source === null || cells.length < 2) return;
    let last = source.state.index;
    return source.drawn.on(({ index }) => {
      if (index === last) return;
      const moved = index - last;
      last = index;
      for (const [place, view] of session.views()) {
        if (place === active || view.state.stack === null) continue;
        void view.showSlice(nearest(session, source, view) ?? view.target + moved);
      }
    });
  }, [session, linked, active, cells]);
}
