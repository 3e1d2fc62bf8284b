import './features/workspace/workspace.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect } from 'react';
import { useCommands } from './commands/use-commands.ts';
import { ImportPanel } from './features/import/import-panel.tsx';
import { ListScreen } from './features/list/list-screen.tsx';
import { DropTarget } from './features/workspace/drop-target.tsx';
import { KeychainRepair } from './features/workspace/keychain-repair.tsx';
import { nextRegion } from './features/workspace/regions.ts';
import { StatusBar } from './features/workspace/status-bar.tsx';
import { TopBar } from './features/workspace/top-bar.tsx';
import { importChosen, importSample } from './state/imports.ts';
import { type Layer, openLayer, useLayer } from './state/layers.ts';
import { lock, refreshInfo } from './state/session.ts';
import { closeStudy, showList, stepTab, useTabs } from './state/tabs.ts';
import { useText } from './text/text.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/** What the list doesn't need comes when it is wanted: the list must be there at once. */
const loadReadingScreen = () => import('./reading-screen.tsx');
const ReadingScreen = lazy(async () => ({ default: (await loadReadingScreen()).ReadingScreen }));
const LAYERS: Readonly<Record<Layer, LazyExoticComponent<ComponentType>>> = {
  palette: lazy(async () => ({ default: (await import('./features/palette/palette.tsx')).Palette })),
  help: lazy(async () => ({ default: (await import('./features/help/help-sheet.tsx')).HelpSheet })),
  settings: lazy(async () => ({ default: (await import('./features/settings/settings-dialog.tsx')).SettingsDialog })),
  import: lazy(async () => ({ default: (await import('./features/import/import-dialog.tsx')).ImportDialog })),
};

function useShellCommands(): void {
  useCommands({
    'session.lock': () => void lock(),
    'palette.open': () => openLayer('palette'),
    'help.keys': () => openLayer('help'),
    'settings.open': () => openLayer('settings'),
    'import.open': () => openLayer('import'),
    'import.folder': () => void importChosen('folder'),
    'import.sample': () => void importSample(),
    'region.next': nextRegion,
    'study.list': showList,
    'study.next': () => stepTab(1),
    'study.previous': () => stepTab(-1),
    'study.close': () => {
      const { active } = useTabs.getState();
      if (active === null) return false;
      closeStudy(active);
      return true;
    },
  });
  const isReading = useTabs((state) => state.active !== null);
  // From a study, searching first goes to the list; the list's own handler takes over from there.
  useCommands(isReading ? { 'list.search': showList } : {});
}

function OpenLayer() {
  const layer = useLayer((state) => state.layer);
  if (layer === null) return null;
  const Shown = LAYERS[layer];
  return (
    <Suspense fallback={null}>
      <Shown />
    </Suspense>
  );
}

function ActiveScreen({ active }: { readonly active: string | null }) {
  const t = useText();
  if (active === null) return <ListScreen />;
  return (
    <ErrorBoundary resetKey={active}>
      <Suspense fallback={<p className="workspace-wait quiet">{t('viewer.opening')}</p>}>
        <ReadingScreen key={active} studyId={active} onClose={() => closeStudy(active)} />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Milliseconds after which the reading screen is fetched ahead: the list is usable by then, and the first study opens at once. */
const AHEAD = 1500;

/** The unlocked window: open studies, the list or a study, imports, status. */
export function Workspace() {
  const active = useTabs((state) => state.active);
  useShellCommands();
  useEffect(() => void refreshInfo(), []);
  useEffect(() => {
    // A failure shows when a study is opened; here there is nobody to tell.
    const timer = setTimeout(() => void loadReadingScreen().catch(() => undefined), AHEAD);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="screen" data-screen={active === null ? 'list' : 'viewer'}>
      <TopBar />
      <KeychainRepair />
      <div className="workspace-main">
        <ActiveScreen active={active} />
      </div>
      <ImportPanel />
      <StatusBar />
      <DropTarget />
      <OpenLayer />
    </div>
  );
}
