import type { CommandId } from '../../commands/table.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { TOOL_IDS } from '../../cornerstone/tools.ts';
import { changeSettings, useSettings } from '../../state/settings.ts';
import type { LayoutId } from './layouts.ts';
import { otherStudy } from './other-study.ts';
import { presetWindow, WINDOW_STEP } from './presets.ts';
import type { PriorDesk } from './prior-desk.ts';
import type { PanelTab } from './reading-state.ts';
import type { ReadingSession } from './session.ts';
import { whyNoLines } from './why-no-lines.ts';

type Handlers = Partial<Record<CommandId, () => unknown>>;

const PRESETS: readonly CommandId[] = [
  'preset.softTissue',
  'preset.lung',
  'preset.bone',
  'preset.brain',
  'preset.liver',
  'preset.mediastinum',
  'preset.abdomen',
  'preset.angio',
];

const LAYOUT_IDS: readonly LayoutId[] = ['1x1', '1x2', '2x1', '2x2', '1x3', '2x3'];

/** Part by which a key press zooms, and CSS pixels by which it pans. */
const ZOOM_STEP = 1.2;
const PAN_STEP = 40;
/** Images a second that the cine key goes through. */
const CINE_RATES = [5, 10, 15, 20, 30];
const OVERLAYS = ['full', 'minimal', 'off'] as const;

function applyPreset(view: StackView, which: number): unknown {
  const window = view.facts === null ? null : presetWindow(view.facts, which);
  if (window === null || view.state.window === null) return false;
  return view.window.set(window);
}

function moveWindow(view: StackView, level: number, width: number): void {
  // Counted from what the view was told last: two presses within one frame are two steps.
  const { window } = view.told;
  if (window === null) return;
  const center = window.center + level * WINDOW_STEP * window.width;
  view.window.adjust(center, window.width * (1 + width * WINDOW_STEP));
}

/** Commands that act on the image of the active viewport. */
function imageCommands(session: ReadingSession): Handlers {
  const on = (act: (view: StackView) => unknown) => (): unknown => {
    const view = session.activeView();
    return view === null ? false : act(view);
  };
  const presets: Handlers = Object.fromEntries(
    PRESETS.map((id, index) => [id, on((view) => applyPreset(view, index + 1))]),
  );
  return {
    ...presets,
    'image.next': on((view) => view.scrollBy(1)),
    'image.previous': on((view) => view.scrollBy(-1)),
    'image.next10': on((view) => view.scrollBy(10)),
    'image.previous10': on((view) => view.scrollBy(-10)),
    'image.first': on((view) => void view.showSlice(0)),
    'image.last': on((view) => void view.showSlice(Number.MAX_SAFE_INTEGER)),
    'preset.auto': on((view) => view.window.auto()),
    'preset.file': on((view) => view.window.file(0)),
    'level.down': on((view) => moveWindow(view, -1, 0)),
    'level.up': on((view) => moveWindow(view, 1, 0)),
    'width.narrower': on((view) => moveWindow(view, 0, -1)),
    'width.wider': on((view) => moveWindow(view, 0, 1)),
    'invert.toggle': on((view) => view.window.invert()),
    'window.zeroBound': on((view) => view.window.toggleZeroBound()),
    'window.reset': () => session.reset((view) => view.resetWindow()),
    'zoom.in': on((view) => view.zoomBy(ZOOM_STEP)),
    'zoom.out': on((view) => view.zoomBy(1 / ZOOM_STEP)),
    'zoom.fit': on((view) => view.fit()),
    'zoom.actual': on((view) => view.oneToOne()),
    'pan.up': on((view) => view.panBy(0, -PAN_STEP)),
    'pan.down': on((view) => view.panBy(0, PAN_STEP)),
    'pan.left': on((view) => view.panBy(-PAN_STEP, 0)),
    'pan.right': on((view) => view.panBy(PAN_STEP, 0)),
    'flip.horizontal': on((view) => view.flipHorizontally()),
    'flip.vertical': on((view) => view.flipVertically()),
    'rotate.left': on((view) => view.rotateBy(-90)),
    'rotate.right': on((view) => view.rotateBy(90)),
    'view.reset': () => session.reset((view) => view.resetView()),
  };
}

function nextOf<T>(list: readonly T[], now: T): T {
  return list[(list.indexOf(now) + 1) % list.length] as T;
}

function openMenu(session: ReadingSession): void {
  const box = session.view(session.state.active)?.element.getBoundingClientRect();
  if (box !== undefined) session.set({ menu: { x: box.left + box.width / 2, y: box.top + box.height / 3 } });
}

/** Pressing a panel's key again closes it. */
function togglePanel(session: ReadingSession, panel: PanelTab): void {
  session.set({ panel: session.state.panel === panel ? null : panel });
}

/** Commands that act on the screen. */
function screenCommands(session: ReadingSession, desk: PriorDesk): Handlers {
  const tools: Handlers = Object.fromEntries(TOOL_IDS.map((tool) => [`tool.${tool}`, () => session.setTool(tool)]));
  const layouts: Handlers = Object.fromEntries(LAYOUT_IDS.map((id) => [`layout.${id}`, () => session.setLayout(id)]));
  return {
    ...tools,
    ...layouts,
    'tool.last': () => session.lastTool(),
    'segment.toggle': () => session.setSegmenting(!session.state.segmenting),
    'series.next': () => session.stepSeries(1),
    'series.previous': () => session.stepSeries(-1),
    'viewport.next': () => session.stepViewport(1),
    'viewport.previous': () => session.stepViewport(-1),
    'viewport.maximise': () => session.set({ maximised: !session.state.maximised }),
    'viewport.menu': () => openMenu(session),
    'link.toggle': () => session.set({ link: session.state.link === 'off' ? 'position' : 'off', offset: null }),
    'link.keep': () => session.set({ link: session.state.link === 'offset' ? 'off' : 'offset', offset: null }),
    'view.print': () => session.set({ asksToPrint: true }),
    'mpr.toggle': () => session.planes.toggle(),
    'slab.cycle': () => session.planes.cycleSlab(),
    'fuse.toggle': () => void session.fusion.toggle(),
    'fuse.less': () => session.fusion.fade(-1),
    'fuse.more': () => session.fusion.fade(1),
    'prior.best': () => void desk.best(),
    'prior.older': () => void desk.older(),
    'study.older': () => void otherStudy(session, 'older'),
    'study.newer': () => void otherStudy(session, 'newer'),
    'patient.previous': () => void otherStudy(session, 'previous'),
    'patient.next': () => void otherStudy(session, 'next'),
    'reference.toggle': () => {
      const references = !session.state.references;
      session.set({ references });
      session.say(references ? whyNoLines(session) : null);
    },
    'cine.toggle': () => session.set({ cine: { ...session.state.cine, playing: !session.state.cine.playing } }),
    'cine.rate': () =>
      session.set({ cine: { ...session.state.cine, rate: nextOf(CINE_RATES, session.state.cine.rate) } }),
    'overlay.cycle': () =>
      void changeSettings({ overlays: nextOf(OVERLAYS, useSettings.getState().overlays) }).catch(() => undefined),
    'overlay.hide': () => session.set({ hidden: !session.state.hidden }),
    'panel.measurements': () => togglePanel(session, 'measurements'),
    'panel.findings': () => togglePanel(session, 'findings'),
    'panel.report': () => togglePanel(session, 'report'),
    'panel.info': () => togglePanel(session, 'info'),
    'panel.toggle': () => session.set({ panel: session.state.panel === null ? 'measurements' : null }),
    'rail.toggle': () => session.set({ rail: !session.state.rail }),
  };
}

/** What the reading screen does for each command of the table that is its own. */
export function viewerCommands(session: ReadingSession, desk: PriorDesk): Handlers {
  return { ...imageCommands(session), ...screenCommands(session, desk) };
}
