import type { StackView } from '../../cornerstone/stack-view.ts';
import { text } from '../../text/text.ts';
import { studyDate } from './priors.ts';
import type { ReadingSession } from './session.ts';

/**
 * Says on the viewport's own element what it shows, for screen readers and for whoever watches the page: the slice that
 * is really drawn, never the one that was asked for. Answers the function that stops it.
 */
export function describeView(frame: HTMLElement, view: StackView, session: ReadingSession): () => void {
  const update = (): void => {
    const { stack, index, window, error, rotation, zoom, inverted } = view.state;
    const entry = session.state.series.find((series) => series.stack === stack);
    const row = entry?.row;
    const count = stack?.imageIds.length ?? 0;
    const data = frame.dataset;
    data['state'] = error !== null ? 'failed' : stack !== null ? 'shown' : view.state.opening ? 'loading' : 'empty';
    data['slice'] = stack === null ? '' : String(index + 1);
    data['count'] = String(count);
    data['window'] = window === null ? '' : `${Number(window.width.toFixed(3))}/${Number(window.center.toFixed(3))}`;
    data['zoom'] = stack === null || error !== null ? '' : zoom.toFixed(4);
    // Height of an image pixel, in its widths.
    const plane = view.facts?.plane;
    data['shape'] = plane === undefined ? '' : (plane.rowSpacing / plane.columnSpacing).toFixed(4);
    data['rotation'] = String(rotation);
    data['flip'] = `${view.state.flippedHorizontally ? 'h' : ''}${view.state.flippedVertically ? 'v' : ''}`;
    data['inverted'] = String(inverted);
    data['error'] = error ?? '';
    data['modality'] = row?.modality ?? '';
    data['plane'] = entry?.plane ?? '';
    data['study'] = entry === undefined || entry.studyId === session.studyId ? '' : 'prior';
    const made = entry?.plane == null ? '' : text(`viewer.plane.${entry.plane}`);
    const prior = session.state.priors.find((one) => one.row.studyId === entry?.studyId)?.row;
    const date = prior === undefined ? '' : text('viewer.badge.prior', { date: studyDate(prior) });
    const name = [date, row?.modality, row?.seriesDescription, made]
      .filter((part) => part !== undefined && part !== '')
      .join(' ');
    const label =
      stack === null
        ? text('viewer.viewport.empty')
        : text('viewer.viewport', { series: name, index: index + 1, count });
    if (frame.getAttribute('aria-label') !== label) frame.setAttribute('aria-label', label);
  };
  const stop = [view.changed.on(update), view.drawn.on(update)];
  frame.setAttribute('aria-roledescription', 'viewport');
  update();
  return () => {
    for (const end of stop) end();
  };
}
