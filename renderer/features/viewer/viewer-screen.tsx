import { Tabs } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { useCommands } from '../../commands/use-commands.ts';
import { rendererName } from '../../cornerstone/engine.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { setStatusItem } from '../../state/status.ts';
import { type TextKey, useText } from '../../text/text.ts';
import { viewerCommands } from './commands.ts';
import { InfoPanel } from './info-panel.tsx';
import { LAYOUTS } from './layouts.ts';
import { SeriesRail } from './series-rail.tsx';
import type { PanelTab, ReadingSession } from './session.ts';
import { Toolbar } from './toolbar.tsx';
import { useAnnounce } from './use-announce.ts';
import { useCine } from './use-cine.ts';
import { useLink } from './use-link.ts';
import { ViewportCell } from './viewport-cell.tsx';
import { ViewportMenu } from './viewport-menu.tsx';
import './overlay.css';
import './viewer.css';

interface ViewerScreenProps {
  readonly session: ReadingSession;
  /** The tab "Measurements" of the study panel. */
  readonly measurements: ReactNode;
  /** What is laid over the image of each viewport. */
  readonly layer: (view: StackView) => ReactNode;
  /** Escape in the images. */
  readonly onCancel: () => void;
}

function ViewportGrid({ session, layer, onCancel }: Omit<ViewerScreenProps, 'measurements'>): ReactNode {
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
    if (event.key === 'Escape') onCancel();
  };
  return (
    <div
      ref={grid}
      className="viewer-grid"
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

const TABS: readonly (readonly [PanelTab, TextKey])[] = [
  ['measurements', 'viewer.panel.measurements'],
  ['info', 'viewer.panel.info'],
];

function StudyPanel({ session, measurements }: Pick<ViewerScreenProps, 'session' | 'measurements'>): ReactNode {
  const t = useText();
  const tab = useStore(session.store, (state) => state.panel);
  if (tab === null) return null;
  return (
    <aside className="viewer-panel" aria-label={t('viewer.panel')} data-region="panel">
      <Tabs.Root
        value={tab}
        onValueChange={(value) => session.set({ panel: value === 'info' ? 'info' : 'measurements' })}
      >
        <Tabs.List className="tabs-list">
          {TABS.map(([value, name]) => (
            <Tabs.Trigger key={value} value={value} className="tabs-tab">
              {t(name)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="measurements" className="viewer-panel-body">
          {measurements}
        </Tabs.Content>
        <Tabs.Content value="info" className="viewer-panel-body">
          <InfoPanel session={session} />
        </Tabs.Content>
      </Tabs.Root>
    </aside>
  );
}

function useStatusItems(session: ReadingSession): void {
  const t = useText();
  const linked = useStore(session.store, (state) => state.linked);
  const cine = useStore(session.store, (state) => state.cine);
  const link = t(linked ? 'viewer.link.position' : 'viewer.link.off');
  const renderer = t(`viewer.renderer.${rendererName()}`);
  const rate = cine.playing ? t('viewer.cine.rate', { rate: cine.rate }) : null;
  useEffect(() => {
    setStatusItem('link', link);
    setStatusItem('renderer', renderer);
    setStatusItem('cine', rate);
    return () => {
      for (const item of ['link', 'renderer', 'cine']) setStatusItem(item, null);
    };
  }, [link, renderer, rate]);
}

/** The reading screen: tools, series, images, study panel. */
export function ViewerScreen({ session, measurements, layer, onCancel }: ViewerScreenProps): ReactNode {
  const t = useText();
  const rail = useStore(session.store, (state) => state.rail);
  const panel = useStore(session.store, (state) => state.panel !== null);
  useCommands(viewerCommands(session));
  useCine(session);
  useLink(session);
  useAnnounce(session);
  useStatusItems(session);
  return (
    <section className="viewer" aria-label={t('viewer.screen')} data-command-scope="viewer">
      <Toolbar session={session} />
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
              <SeriesRail session={session} />
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
              defaultSize="280px"
              minSize="220px"
              maxSize="520px"
              groupResizeBehavior="preserve-pixel-size"
            >
              <StudyPanel session={session} measurements={measurements} />
            </Panel>
          </>
        ) : null}
      </Group>
      <ViewportMenu session={session} />
    </section>
  );
}
