import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { fromPixel, toPixel } from '../../cornerstone/geometry.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { sliceAt } from './linking.ts';
import type { ReadingSession } from './session.ts';

interface Props {
  readonly session: ReadingSession;
  readonly cell: number;
  readonly view: StackView;
}

/** Arms of the cross and the hole in its middle, which leaves the pixel itself to be seen; CSS pixels. */
const ARM = 18;
const HOLE = 4;

/** Brings every other viewport of the same space to the point that was set in this one. */
function useCrosshair({ session, cell, view }: Props): void {
  useEffect(
    () =>
      view.pointed.on((pixel) => {
        const plane = view.facts?.plane;
        if (plane?.patient == null || plane.frameOfReferenceUid === null) return;
        const point = fromPixel(plane, pixel);
        const { frameOfReferenceUid } = plane;
        session.set({ crosshair: { point, frameOfReferenceUid } });
        for (const [other, follower] of session.views()) {
          const slice = other === cell ? null : sliceAt(follower, point, frameOfReferenceUid);
          if (slice !== null && slice !== follower.target) void follower.showSlice(slice);
        }
      }),
    [session, cell, view],
  );
}

/** Where the crosshair's point lies on this image; null where the image isn't the one that it lies on. */
function spotOf(
  view: StackView,
  crosshair: { readonly point: readonly [number, number, number]; readonly frameOfReferenceUid: string },
): readonly [number, number] | null {
  if (sliceAt(view, crosshair.point, crosshair.frameOfReferenceUid) !== view.state.index) return null;
  return view.facts === null ? null : view.toCanvas(toPixel(view.facts.plane, crosshair.point));
}

/** The crosshair: a cross at the point that was set, on every image that it lies on. */
export function Crosshair(props: Props): ReactNode {
  const { session, view } = props;
  const crosshair = useStore(session.store, (state) => state.crosshair);
  const casing = useRef<SVGPathElement>(null);
  const core = useRef<SVGPathElement>(null);
  useCrosshair(props);
  useEffect(() => {
    if (crosshair === null) return;
    const draw = (): void => {
      const at = spotOf(view, crosshair);
      const path =
        at === null
          ? ''
          : [
              `M${at[0] - ARM} ${at[1]}H${at[0] - HOLE}`,
              `M${at[0] + HOLE} ${at[1]}H${at[0] + ARM}`,
              `M${at[0]} ${at[1] - ARM}V${at[1] - HOLE}`,
              `M${at[0]} ${at[1] + HOLE}V${at[1] + ARM}`,
            ].join('');
      casing.current?.setAttribute('d', path);
      core.current?.setAttribute('d', path);
    };
    draw();
    return view.drawn.on(draw);
  }, [view, crosshair]);
  if (crosshair === null) return null;
  return (
    <svg className="viewport-reference viewport-crosshair" aria-hidden="true">
      <path ref={casing} className="crosshair-casing" />
      <path ref={core} className="crosshair-core" />
    </svg>
  );
}
