import {
  AngleTool,
  ArrowAnnotateTool,
  addTool,
  annotation,
  BaseTool,
  BidirectionalTool,
  CobbAngleTool,
  EllipticalROITool,
  Enums,
  LabelTool,
  LengthTool,
  PanTool,
  PlanarFreehandROITool,
  ProbeTool,
  RectangleROITool,
  ToolGroupManager,
  type Types,
  ZoomTool,
} from '@cornerstonejs/tools';
import { DRAWN_KINDS } from '../../core/annotate/annotation.ts';
import { toolNameOf } from './annotation-map.ts';

/** What the left button does besides drawing. */
const POINTER_TOOLS = ['window', 'scroll', 'zoom', 'pan', 'crosshair', 'brush', 'eraser'] as const;

/** Everything that the left button can do: the kinds of marks are those of core/annotate. */
export const TOOL_IDS = [...POINTER_TOOLS, ...DRAWN_KINDS] as const;
export type ToolId = (typeof TOOL_IDS)[number];

const DRAWING: ReadonlySet<string> = new Set(DRAWN_KINDS);

/** True for a tool that makes marks. */
export function isDrawing(tool: ToolId): boolean {
  return DRAWING.has(tool);
}

/** Drags in CSS pixels, for the view that they happen in. */
export interface DragTarget {
  dragWindow(right: number, up: number): void;
  dragScroll(down: number): void;
  /** The crosshair is set at a place of the canvas, CSS pixels. */
  pointAt(canvas: readonly [number, number]): void;
  /** The brush comes down, goes on, or is lifted at a place of the canvas, CSS pixels. */
  brushAt(stage: BrushStage, canvas: readonly [number, number]): void;
}

export type BrushStage = 'down' | 'drag' | 'up';

/** Ctrl makes a drag this much faster (ui.md section 1). */
const FASTER = 4;

const targets = new Map<string, DragTarget>();

/** Routes drags in a viewport to its view. */
export function setDragTarget(viewportId: string, target: DragTarget | null): void {
  if (target === null) targets.delete(viewportId);
  else targets.set(viewportId, target);
}

function movement(event: Types.EventTypes.InteractionEventType): { target: DragTarget | null; x: number; y: number } {
  const { viewportId, deltaPoints, event: source } = event.detail as Types.EventTypes.MouseDragEventDetail;
  const factor = source instanceof MouseEvent && source.ctrlKey ? FASTER : 1;
  const [x, y] = deltaPoints.canvas;
  return { target: targets.get(viewportId) ?? null, x: x * factor, y: y * factor };
}

class WindowTool extends BaseTool {
  static override toolName = 'Window';
  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse'] });
  }
  mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
    const { target, x, y } = movement(event);
    target?.dragWindow(x, -y);
  }
}

class ScrollTool extends BaseTool {
  static override toolName = 'Scroll';
  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse'] });
  }
  mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
    const { target, y } = movement(event);
    target?.dragScroll(y);
  }
}

class CrosshairTool extends BaseTool {
  static override toolName = 'Crosshair';
  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse'] });
  }
  #point(event: Types.EventTypes.InteractionEventType): void {
    const { viewportId, currentPoints } = event.detail as Types.EventTypes.MouseDragEventDetail;
    targets.get(viewportId)?.pointAt(currentPoints.canvas);
  }
  preMouseDownCallback(event: Types.EventTypes.InteractionEventType): boolean {
    this.#point(event);
    return true;
  }
  mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
    this.#point(event);
  }
}

/** Brush and eraser are one tool here: what is painted is not this room's. */
class BrushTool extends BaseTool {
  static override toolName = 'Brush';
  constructor() {
    super({}, { supportedInteractionTypes: ['Mouse'] });
  }
  #tell(stage: BrushStage, event: Types.EventTypes.InteractionEventType): void {
    const { viewportId, currentPoints } = event.detail as Types.EventTypes.MouseDragEventDetail;
    targets.get(viewportId)?.brushAt(stage, currentPoints.canvas);
  }
  preMouseDownCallback(event: Types.EventTypes.InteractionEventType): boolean {
    this.#tell('down', event);
    return true;
  }
  mouseDragCallback(event: Types.EventTypes.InteractionEventType): void {
    this.#tell('drag', event);
  }
  mouseUpCallback(event: Types.EventTypes.InteractionEventType): void {
    this.#tell('up', event);
  }
  mouseClickCallback(event: Types.EventTypes.InteractionEventType): void {
    this.#tell('up', event);
  }
}

/** Places a text. The words are drawn by us beside the point; the library would set an inline style that the policy forbids. */
class TextTool extends LabelTool {
  constructor(...props: ConstructorParameters<typeof LabelTool>) {
    super(...props);
    this.renderAnnotation = () => false;
  }
}

const GROUP = 'vitrine';
const { MouseBindings, KeyboardBindings } = Enums;

const OWN_TOOLS = [WindowTool, ScrollTool, CrosshairTool, BrushTool] as const;

const MARK_TOOLS = [
  LengthTool,
  BidirectionalTool,
  AngleTool,
  CobbAngleTool,
  RectangleROITool,
  EllipticalROITool,
  PlanarFreehandROITool,
  ArrowAnnotateTool,
  TextTool,
  ProbeTool,
] as const;

function nameOf(tool: ToolId): string {
  if (tool === 'window') return WindowTool.toolName;
  if (tool === 'scroll') return ScrollTool.toolName;
  if (tool === 'zoom') return ZoomTool.toolName;
  if (tool === 'pan') return PanTool.toolName;
  if (tool === 'crosshair') return CrosshairTool.toolName;
  if (tool === 'brush' || tool === 'eraser') return BrushTool.toolName;
  return toolNameOf(tool) ?? WindowTool.toolName;
}

/** Text is edited in place beside the mark: the tools' own prompt is answered at once and never shown. */
function answerAtOnce(done: (text: string) => void): void {
  done(' ');
}

const NO_PROMPT = {
  getTextCallback: answerAtOnce,
  changeTextCallback: () => undefined,
  actions: {},
};

/** Lines of the marks: ui.md section 5. Texts are drawn by us, so that they obey the page's style policy. */
const STYLES = {
  color: '#ffe14d',
  colorHighlighted: '#ffe14d',
  colorSelected: '#ffffff',
  colorLocked: '#ffe14d',
  lineWidth: '1.5',
  lineWidthSelected: '2',
  lineDash: '',
  shadow: false,
  textBoxVisibility: false,
  markerSize: '10',
};

/** Registers the tools and the one group that every viewport belongs to. Called once, after Cornerstone's start. */
export function registerTools(): void {
  for (const tool of [...OWN_TOOLS, ZoomTool, PanTool, ...MARK_TOOLS]) addTool(tool);
  annotation.config.style.setDefaultToolStyles({ global: STYLES });
  const group = ToolGroupManager.createToolGroup(GROUP);
  if (group === undefined) return;
  for (const tool of OWN_TOOLS) group.addTool(tool.toolName);
  group.addTool(ZoomTool.toolName, { zoomToCenter: false, pan: true });
  group.addTool(PanTool.toolName);
  for (const tool of MARK_TOOLS) {
    group.addTool(tool.toolName, {
      ...NO_PROMPT,
      calculateStats: false,
      storePointData: false,
      preventHandleOutsideImage: false,
    });
    group.setToolPassive(tool.toolName);
    widenHandles(group.getToolInstance(tool.toolName));
  }
  setActiveTool('window');
}

/** Handles are drawn small and caught in a square of 24 CSS pixels (ui.md section 5); the library's own reach is 6. */
const HANDLE_REACH = 12;

interface HandleFinder {
  getHandleNearImagePoint(element: unknown, mark: unknown, canvas: unknown, proximity: number): unknown;
}

function widenHandles(tool: HandleFinder): void {
  const find = tool.getHandleNearImagePoint.bind(tool);
  tool.getHandleNearImagePoint = (element, mark, canvas, proximity) =>
    find(element, mark, canvas, Math.max(proximity, HANDLE_REACH));
}

/** Gives the left button to a tool. Middle stays pan and right stays zoom. */
export function setActiveTool(tool: ToolId): void {
  const group = ToolGroupManager.getToolGroup(GROUP);
  if (group === undefined) return;
  const all = [...OWN_TOOLS, ZoomTool, PanTool, ...MARK_TOOLS].map((known) => known.toolName);
  for (const name of all) group.setToolPassive(name, { removeAllBindings: true });
  group.setToolActive(PanTool.toolName, { bindings: [{ mouseButton: MouseBindings.Auxiliary }] });
  group.setToolActive(ZoomTool.toolName, { bindings: [{ mouseButton: MouseBindings.Secondary }] });
  group.setToolActive(nameOf(tool), {
    bindings: [
      { mouseButton: MouseBindings.Primary },
      { mouseButton: MouseBindings.Primary, modifierKey: KeyboardBindings.Ctrl },
    ],
  });
}

/** Lets the tools act in a viewport. */
export function addToTools(viewportId: string, engineId: string): void {
  ToolGroupManager.getToolGroup(GROUP)?.addViewport(viewportId, engineId);
}

/** Takes a viewport out of the tools' reach, before it is disabled. */
export function removeFromTools(viewportId: string, engineId: string): void {
  ToolGroupManager.getToolGroup(GROUP)?.removeViewports(engineId, viewportId);
}

/** Viewports in which the tools act. */
export function viewIdsInTools(): string[] {
  return ToolGroupManager.getToolGroup(GROUP)?.getViewportIds() ?? [];
}
