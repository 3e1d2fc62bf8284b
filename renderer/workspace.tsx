import './features/workspace/workspace.css';
import { type ComponentType, type LazyExoticComponent, lazy, Suspense, useEffect } from 'react';
import { commandsChanged } from './commands/registry.ts';
import { useCommands } from './commands/use-commands.ts';
import { ImportPanel } from './features/import/import-panel.tsx';
import { JobPanel } from './features/jobs/job-panel.tsx';
import { ListScreen } from './features/list/list-screen.tsx';
import { DropTarget } from './features/workspace/drop-target.tsx';
import { KeychainRepair } from './features/workspace/keychain-repair.tsx';
import { nextRegion } from './features/workspace/regions.ts';
import { StatusBar } from './features/workspace/status-bar.tsx';
import { TopBar } from './features/workspace/top-bar.tsx';
import { VaultNotices } from './features/workspace/vault-notices.tsx';
import { importChosen, importSample } from './state/imports.ts';
import { loadJobs } from './state/jobs.ts';
import { type Layer, openLayer, useLayer } from './state/layers.ts';
import { type Place, showPlace, usePlace } from './state/places.ts';
import { useHasRole } from './state/roles.ts';
import { askRule } from './state/rules.ts';
import { refreshInfo } from './state/session.ts';
import { askShred } from './state/shredding.ts';
import { closeStudy, type OpenStudy, showList, stepTab, useTabs } from './state/tabs.ts';
import { useText } from './text/text.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';

/** What the list doesn't need comes when it is wanted: the list must be there at once. */
const loadReadingScreen = () => import('./reading-screen.tsx');
const ReadingScreen = lazy(async () => ({ default: (await loadReadingScreen()).ReadingScreen }));
const LOAD_LAYER: Readonly<Record<Layer, () => Promise<{ default: ComponentType }>>> = {
  palette: async () => ({ default: (await import('./features/palette/palette.tsx')).Palette }),
  help: async () => ({ default: (await import('./features/help/help-sheet.tsx')).HelpSheet }),
  settings: async () => ({ default: (await import('./features/settings/settings-dialog.tsx')).SettingsDialog }),
  import: async () => ({ default: (await import('./features/import/import-dialog.tsx')).ImportDialog }),
  rule: async () => ({ default: (await import('./features/users/rule-layer.tsx')).RuleLayer }),
  shred: async () => ({ default: (await import('./features/keys/shred-layer.tsx')).ShredLayer }),
};
const LAYERS: Readonly<Record<Layer, LazyExoticComponent<ComponentType>>> = {
  palette: lazy(LOAD_LAYER.palette),
  help: lazy(LOAD_LAYER.help),
  settings: lazy(LOAD_LAYER.settings),
  import: lazy(LOAD_LAYER.import),
  rule: lazy(LOAD_LAYER.rule),
  shred: lazy(LOAD_LAYER.shred),
};

/** Places beside the studies: each a screen of its own that is fetched when it is first wanted. */
const PLACES: Readonly<Partial<Record<Place, LazyExoticComponent<ComponentType>>>> = {
  laboratory: lazy(async () => ({ default: (await import('./laboratory-screen.tsx')).LaboratoryScreen })),
  forecast: lazy(async () => ({ default: (await import('./forecast-screen.tsx')).ForecastScreen })),
  vault: lazy(async () => ({ default: (await import('./vault-screen.tsx')).VaultScreen })),
};

/** Asks about the study that is being read. */
function withActive(ask: (study: OpenStudy) => void): boolean {
  const { open, active } = useTabs.getState();
  const study = open.find(({ studyId }) => studyId === active);
  if (study !== undefined) ask(study);
  return study !== undefined;
}

/** What can be asked of the study that is being read; searching first goes to the list, whose own handler takes over. */
const OF_ACTIVE = {
  'list.search': showList,
  'study.rule': () => withActive(askRule),
  'study.shred': () => withActive((study) => askShred([study])),
};

function useShellCommands(isOpening: boolean): void {
  const handlers = {
    'palette.open': () => openLayer('palette'),
    'help.keys': () => openLayer('help'),
    'settings.open': () => openLayer('settings'),
    'import.open': () => openLayer('import'),
    'import.folder': () => void importChosen('folder'),
    'import.sample': () => void importSample(),
    'region.next': nextRegion,
    'place.laboratory': () => showPlace('laboratory'),
    'place.forecast': () => showPlace('forecast'),
    'place.vault': () => showPlace('vault'),
    'study.list': showList,
    'study.next': () => stepTab(1),
    'study.previous': () => stepTab(-1),
    'study.close': () => {
      const { active } = useTabs.getState();
      if (active === null) return false;
      closeStudy(active);
      return true;
    },
  } as const;
  useCommands(handlers, () => !isOpening);
  // Buttons follow: what can't be used while opening can be used now.
  useEffect(() => {
    if (!isOpening) commandsChanged();
  }, [isOpening]);
  const isReading = useTabs((state) => state.active !== null);
  useCommands(isReading ? OF_ACTIVE : {});
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
  const place = usePlace((state) => state.place);
  // An auditor has no list: what he sees is the vault.
  const mayList = useHasRole('radiologist', 'technologist', 'administrator');
  const shownPlace = place ?? (mayList ? null : 'vault');
  const Shown = shownPlace === null ? undefined : PLACES[shownPlace];
  if (Shown !== undefined) {
    return (
      <ErrorBoundary resetKey={shownPlace ?? ''}>
        <Suspense fallback={<p className="workspace-wait quiet">{t('place.opening')}</p>}>
          <Shown />
        </Suspense>
      </ErrorBoundary>
    );
  }
  if (active === null) return <ListScreen />;
  return (
    <ErrorBoundary resetKey={active}>
      <Suspense fallback={<p className="workspace-wait quiet">{t('viewer.opening')}</p>}>
        <ReadingScreen key={active} studyId={active} onClose={() => closeStudy(active)} />
      </Suspense>
    </ErrorBoundary>
  );
}

/**
 * Milliseconds after which the rest is fetched ahead, small parts first: the list is usable by then, what is typed after
 * Ctrl+K lands in the palette, and the first study opens at once.
 */
const AHEAD = { layers: 200, readingScreen: 1500 } as const;

function useFetchAhead(isOpening: boolean): void {
  useEffect(() => {
    if (isOpening) return;
    // A failure shows when the part is wanted; here there is nobody to tell.
    const fetch = (load: () => Promise<unknown>): void => void load().catch(() => undefined);
    const layers = setTimeout(() => Object.values(LOAD_LAYER).forEach(fetch), AHEAD.layers);
    const reading = setTimeout(() => fetch(loadReadingScreen), AHEAD.readingScreen);
    return () => {
      clearTimeout(layers);
      clearTimeout(reading);
    };
  }, [isOpening]);
}

/**
 * The unlocked window: open studies, the list or a study, imports, status. While the vault is opening it is drawn with
 * nothing in it, and nothing in it can be used.
 */
export function Workspace({ isOpening }: { readonly isOpening: boolean }) {
  const active = useTabs((state) => state.active);
  useShellCommands(isOpening);
  const place = usePlace((state) => state.place);
  useEffect(() => void refreshInfo(), []);
  useEffect(() => {
    if (!isOpening) void loadJobs();
  }, [isOpening]);
  useFetchAhead(isOpening);
  const screen = place ?? (active === null ? 'list' : 'viewer');
  return (
    <div className="screen" data-screen={isOpening ? 'starting' : screen} inert={isOpening} aria-busy={isOpening}>
      <TopBar />
      <KeychainRepair />
      <VaultNotices />
      <div className="workspace-main">
        <ActiveScreen active={active} />
      </div>
      <ImportPanel />
      <JobPanel />
      <StatusBar />
      <DropTarget />
      <OpenLayer />
    </div>
  );
}
