import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { COLOUR_MAPS } from '../../cornerstone/fuse/colour.ts';
import { symbolOf } from '../../cornerstone/units.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { type Fusion, fusionIn, SUV_ENDS } from './fusion-mode.ts';
import type { ReadingState } from './reading-state.ts';
import type { ReadingSession } from './session.ts';

/** The viewport whose fusion the line is about: the active one, else the first that has one; null for none. */
function cellOf(state: ReadingState): number | null {
  if (fusionIn(state, state.active) !== null) return state.active;
  const first = [...state.fusions.keys()].sort((a, b) => a - b).find((cell) => fusionIn(state, cell) !== null);
  return first ?? null;
}

function Span({ fusion, onChange }: { readonly fusion: Fusion; readonly onChange: (high: number) => void }): ReactNode {
  const t = useText();
  const { span, volume } = fusion;
  const short = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '\u2212');
  if (volume.facts.suv === null) {
    return (
      <span className="quiet">{`${short(span.low)} – ${short(span.high)} ${symbolOf(volume.facts.unit)}`.trim()}</span>
    );
  }
  return (
    <label>
      {t('viewer.fuse.window')}
      <select className="select" value={span.high} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {SUV_ENDS.map((end) => (
          <option key={end} value={end}>
            {`SUV 0\u2013${end}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What lies over the images and how it is seen. A line of its own: no pixel is covered. */
export function FusionBar({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const cell = useStore(session.store, cellOf);
  const fusion = useStore(session.store, (state) => (cell === null ? null : fusionIn(state, cell)));
  if (cell === null || fusion === null) return null;
  const change = session.fusion.change.bind(session.fusion, cell);
  const percent = Math.round(fusion.opacity * 100);
  const off = (): void => {
    session.fusion.off(cell);
    session.focusGrid();
  };
  return (
    <div className="fusion-bar" role="toolbar" aria-label={t('viewer.fuse.bar')}>
      <strong>{t('viewer.badge.fused', { name: fusion.name })}</strong>
      <label>
        {t('viewer.fuse.opacity')}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={fusion.opacity}
          aria-valuetext={`${percent} %`}
          onChange={(event) => change({ opacity: Number(event.currentTarget.value) })}
        />
        <span className="fusion-percent">{`${percent} %`}</span>
      </label>
      <label>
        {t('viewer.fuse.colours')}
        <select
          className="select"
          value={fusion.map}
          onChange={({ currentTarget }) =>
            change({ map: COLOUR_MAPS.find((map) => map === currentTarget.value) ?? 'hot' })
          }
        >
          {COLOUR_MAPS.map((map) => (
            <option key={map} value={map}>
              {t(`viewer.fuse.map.${map}`)}
            </option>
          ))}
        </select>
      </label>
      <Span fusion={fusion} onChange={(high) => change({ span: { low: 0, high } })} />
      <label>
        {t('viewer.fuse.sampling')}
        <select
          className="select"
          value={fusion.sampling}
          onChange={({ currentTarget }) =>
            change({ sampling: currentTarget.value === 'nearest' ? 'nearest' : 'linear' })
          }
        >
          <option value="linear">{t('viewer.fuse.linear')}</option>
          <option value="nearest">{t('viewer.fuse.nearest')}</option>
        </select>
      </label>
      <Button look="icon" aria-label={t('viewer.fuse.off')} onClick={off}>
        <X size={16} aria-hidden="true" />
      </Button>
    </div>
  );
}
