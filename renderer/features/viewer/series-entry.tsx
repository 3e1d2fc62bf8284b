import { FileText } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { drawThumbnail } from '../../cornerstone/thumbnail.ts';
import { useText } from '../../text/text.ts';
import { openingOf } from './presets.ts';
import type { ReadingSession } from './session.ts';
import type { SeriesStack } from './study.ts';
import { SERIES_DRAG } from './viewport-frame.ts';

/** Edge of a thumbnail on screen, in CSS pixels (ui.md section 3). */
const SIZE = 96;

/** The middle image of a series, small. It is drawn from the sealed frame into a canvas and kept nowhere else. */
function Thumbnail({ imageId }: { readonly imageId: string }): ReactNode {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let gone = false;
    if (canvas.current === null) return;
    drawThumbnail(canvas.current, imageId, SIZE * window.devicePixelRatio, openingOf).catch(() => {
      if (!gone) setFailed(true);
    });
    return () => {
      gone = true;
    };
  }, [imageId]);
  if (failed) return <span className="rail-thumbnail rail-failed">{t('viewer.rail.failed')}</span>;
  return <canvas ref={canvas} className="rail-thumbnail" width={SIZE} height={SIZE} />;
}

interface EntryProps {
  readonly session: ReadingSession;
  readonly series: SeriesStack;
  readonly place: number;
}

/** A series in the rail. Double click, Enter or a drag shows it; Shift+Enter lays it over the active viewport's. */
export function SeriesEntry({ session, series, place }: EntryProps): ReactNode {
  const t = useText();
  const shown = useStore(session.store, (state) => state.cells.includes(place));
  const active = useStore(session.store, (state) => state.cells[state.active] === place);
  const seen = useStore(session.store, (state) => state.seen.has(place));
  const { row, stack } = series;
  const count = stack.imageIds.length;
  const middle = stack.imageIds[Math.floor(count / 2)];
  const description = row.seriesDescription || t('viewer.rail.noDescription');
  const load = (): void => {
    session.showSeries(place);
    session.focusGrid();
  };
  return (
    <li>
      <button
        type="button"
        className={`rail-series${active ? ' rail-active' : ''}`}
        draggable={count > 0}
        aria-current={active}
        aria-disabled={count === 0}
        data-series={row.seriesNumber ?? ''}
        data-shown={shown}
        onDragStart={(event) => {
          event.dataTransfer.setData(SERIES_DRAG, String(place));
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onDoubleClick={load}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          if (event.shiftKey) {
            void session.fusion.fuse(place, session.state.active);
            session.focusGrid();
          } else load();
        }}
      >
        {middle === undefined ? (
          <span className="rail-thumbnail rail-failed">
            <FileText size={20} aria-hidden="true" />
            {t('viewer.rail.noPixels')}
          </span>
        ) : (
          <Thumbnail imageId={middle} />
        )}
        <span className="rail-text">
          <span className="rail-head">
            <span>{row.seriesNumber ?? ''}</span>
            <span>{row.modality}</span>
            {seen ? <span className="rail-seen" role="img" aria-label={t('viewer.rail.seen')} /> : null}
          </span>
          <span className="rail-description">{description}</span>
          <span className="quiet">{t('viewer.rail.images', { count: count || row.instances.length })}</span>
        </span>
      </button>
    </li>
  );
}
