import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { useCommands } from '../../commands/use-commands.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { useText } from '../../text/text.ts';
import { viewerCommands } from './commands.ts';
import { FusionBar } from './fusion-bar.tsx';
import { LAYOUTS } from './layouts.ts';
import { NoticeLine } from './notice.tsx';
import { PrintDialog } from './print-dialog.tsx';
import type { PriorDesk } from './prior-desk.ts';
import { SeriesRail } from './series-rail.tsx';
import type { ReadingSession } from './session.ts';
import { type PanelContents, StudyPanel } from './study-panel.tsx';
import { Toolbar } from './toolbar.tsx';
import { useAnnounce } from './use-announce.ts';
import { useCine } from './use-cine.ts';
import { useLink } from './use-link.ts';
import { usePlanesWindow } from './use-planes-window.ts';
import { useStatusItems } from './use-status-items.ts';
import { ViewportCell } from './viewport-cell.tsx';
import { ViewportMenu } from './viewport-menu.tsx';
import './overlay.css';
import './rail.css';
import './viewer.css';

interface ViewerScreenProps {
  readonly session: ReadingSession;
  readonly desk: PriorDesk;
  /** What other features put into the study panel. */
  readonly panels: PanelContents;
  /** What is laid over the image of each viewport. */
  readonly layer: (view: StackView) => ReactNode;
  /** Escape in the images. */
  readonly onCancel: () => void;
}

function ViewportGrid({
  session,
  layer,
  onCancel,
}: Pick<ViewerScreenProps, 'session' | 'layer' | 'onCancel'>): ReactNode {
  const t = useText();
  const grid = useRef<HTMLDivElement>(null);
  const layout = useStore(session.store, (state) => state.layout);
  const count = useStore(session.store, (state) => state.cells.length);
  const maximised = useStore(session.store, (state) => state.maximised);
  const active = useStore(session.store, (state) => state.active);
  useEffect(() => {
    const element = grid.current;
    if (element === null) return;
    element.tabIndex = 0;
    session.setGrid(element);
    element.focus({ preventScroll: true });
    return () => session.setGrid(null);
  }, [session]);
  const { rows, columns } = maximised ? { rows: 1, columns: 1 } : LAYOUTS[layout];
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    session.set({ notice: null, crosshair: null });
    if (!session.planes.cancel() && !session.fusion.cancel()) onCancel();
  };
  return (
    <div
      ref={grid}
      className={`viewer-grid${layout === 'planes' && !maximised ? ' viewer-planes' : ''}`}
      role="application"
      aria-label={t('viewer.grid')}
      data-command-scope="grid"
      data-region="grid"
      data-layout={maximised ? '1x1' : layout}
      onKeyDown={keys}
      onPointerDown={() => session.focusGrid()}
      style={{ gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))` }}
    >
      {[...Array(count).keys()].map((cell) => (
        <div key={cell} className="viewer-cell" hidden={maximised && cell !== active}>
          <ViewportCell session={session} cell={cell} single={count === 1} layer={layer} />
        </div>
      ))}
    </div>
  );
}

/** The reading screen: tools, series, images, study panel. */
export function ViewerScreen({ session, desk, panels, layer, onCancel }: ViewerScreenProps): ReactNode {
  const t = useText();
  const rail = useStore(session.store, (state) => state.rail);
  const panel = useStore(session.store, (state) => state.panel !== null);
  useCommands(viewerCommands(session, desk));
  usePlanesWindow(session);
  useCine(session);
  useLink(session);
  useAnnounce(session);
  useStatusItems(session);
  return (
    <section className="viewer" aria-label={t('viewer.screen')} data-command-scope="viewer">
      <Toolbar session={session} />
      <NoticeLine session={session} />
      <FusionBar session={session} />
      <Group orientation="horizontal" className="viewer-body">
        {rail ? (
          <>
            <Panel
              id="rail"
              defaultSize="148px"
              minSize="120px"
              maxSize="280px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <SeriesRail session={session} desk={desk} />
            </Panel>
            <Separator className="viewer-separator" aria-label={t('viewer.separator.rail')} />
          </>
        ) : null}
        <Panel id="images" minSize="320px">
          <ViewportGrid session={session} layer={layer} onCancel={onCancel} />
        </Panel>
        {panel ? (
          <>
            <Separator className="viewer-separator" aria-label={t('viewer.separator.panel')} />
            <Panel
              id="panel"
              defaultSize="300px"
              minSize="220px"
              maxSize="520px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <StudyPanel session={session} panels={panels} />
            </Panel>
          </>
        ) : null}
      </Group>
      <ViewportMenu session={session} />
      <PrintDialog session={session} />
    </section>
  );
}
