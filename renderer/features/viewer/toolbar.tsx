import {
  ArrowUpRight,
  Axis3d,
  Box,
  Brush,
  Circle,
  CirclePlay,
  Columns2,
  Contrast,
  Crosshair,
  Diameter,
  DraftingCompass,
  FlipHorizontal2,
  FlipVertical2,
  Grid2x2,
  Hand,
  History,
  Lasso,
  Link,
  type LucideIcon,
  MoveVertical,
  PanelLeft,
  PanelRight,
  Pipette,
  Printer,
  Redo2,
  RotateCcw,
  RotateCw,
  Rows2,
  Ruler,
  Scan,
  Square,
  SquareDashed,
  Star,
  SunDim,
  TriangleRight,
  Type,
  Undo2,
  ZoomIn,
} from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { CommandId } from '../../commands/table.ts';
import { useText } from '../../text/text.ts';
import { CommandButton } from '../../ui/command-button.tsx';
import type { ReadingState } from './reading-state.ts';
import type { ReadingSession } from './session.ts';

interface Item {
  readonly id: CommandId;
  readonly icon: LucideIcon;
  /** For toggles and tools: whether it is on. */
  readonly isOn?: (state: ReadingState) => boolean;
}

const tool = (name: ReadingState['tool'], icon: LucideIcon): Item => ({
  id: `tool.${name}`,
  icon,
  isOn: (state) => state.tool === name,
});

const layout = (name: '1x1' | '1x2' | '2x1' | '2x2', icon: LucideIcon): Item => ({
  id: `layout.${name}`,
  icon,
  isOn: (state) => state.layout === name,
});

/** A prior is on screen. */
function isComparing({ cells, series, priors }: ReadingState): boolean {
  const ids = new Set(priors.map(({ row }) => row.studyId));
  return cells.some((place) => place !== null && ids.has(series[place]?.studyId ?? ''));
}

const GROUPS: readonly (readonly Item[])[] = [
  [
    tool('window', Contrast),
    tool('scroll', MoveVertical),
    tool('zoom', ZoomIn),
    tool('pan', Hand),
    tool('crosshair', Crosshair),
  ],
  [
    tool('length', Ruler),
    tool('bidirectional', Diameter),
    tool('angle', TriangleRight),
    tool('cobb', DraftingCompass),
    tool('ellipse', Circle),
    tool('rectangle', SquareDashed),
    tool('freehand', Lasso),
    tool('arrow', ArrowUpRight),
    tool('text', Type),
    tool('probe', Pipette),
    { id: 'segment.toggle', icon: Brush, isOn: (state) => state.segmenting },
  ],
  [
    { id: 'mark.undo', icon: Undo2 },
    { id: 'mark.redo', icon: Redo2 },
  ],
  [
    { id: 'invert.toggle', icon: SunDim },
    { id: 'flip.horizontal', icon: FlipHorizontal2 },
    { id: 'flip.vertical', icon: FlipVertical2 },
    { id: 'rotate.left', icon: RotateCcw },
    { id: 'rotate.right', icon: RotateCw },
    { id: 'view.reset', icon: Scan },
  ],
  [layout('1x1', Square), layout('1x2', Columns2), layout('2x1', Rows2), layout('2x2', Grid2x2)],
  [
    { id: 'prior.best', icon: History, isOn: isComparing },
    { id: 'link.toggle', icon: Link, isOn: (state) => state.link !== 'off' },
    { id: 'reference.toggle', icon: Axis3d, isOn: (state) => state.references },
    { id: 'mpr.toggle', icon: Box, isOn: (state) => state.mpr !== null },
    { id: 'cine.toggle', icon: CirclePlay, isOn: (state) => state.cine.playing },
    { id: 'keyImage.toggle', icon: Star },
  ],
  [
    { id: 'view.print', icon: Printer },
    { id: 'rail.toggle', icon: PanelLeft, isOn: (state) => state.rail },
    { id: 'panel.toggle', icon: PanelRight, isOn: (state) => state.panel !== null },
  ],
];

function Tool({ item, session }: { readonly item: Item; readonly session: ReadingSession }): ReactNode {
  const { id, icon: Icon, isOn } = item;
  const pressed = useStore(session.store, (state) => isOn?.(state) ?? false);
  const icon = <Icon size={18} aria-hidden="true" />;
  return isOn === undefined ? (
    <CommandButton id={id} icon={icon} tabIndex={-1} />
  ) : (
    <CommandButton id={id} icon={icon} pressed={pressed} tabIndex={-1} />
  );
}

function buttonsOf(bar: HTMLElement): HTMLButtonElement[] {
  return [...bar.querySelectorAll<HTMLButtonElement>('button')];
}

/** Keys inside the bar (WAI-ARIA toolbar pattern): one tab stop, arrows, Home and End. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const buttons = buttonsOf(event.currentTarget);
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const last = buttons.length - 1;
  const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[(target + buttons.length) % buttons.length]?.focus();
}

function keepOneStop(bar: HTMLElement, stop: Element | null): void {
  const buttons = buttonsOf(bar);
  const chosen = buttons.find((button) => button === stop) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === chosen ? 0 : -1;
}

/** The tools of the reading screen. A click with the mouse gives the keyboard back to the images. */
export function Toolbar({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const bar = useRef<HTMLDivElement>(null);
  const stop = useRef<Element | null>(null);
  // Buttons render again with the state they show, so the one tab stop is set after every render.
  useEffect(() => {
    if (bar.current !== null) keepOneStop(bar.current, stop.current);
  });
  const focused = (event: FocusEvent<HTMLElement>): void => {
    stop.current = event.target;
    keepOneStop(event.currentTarget, event.target);
  };
  return (
    <div
      ref={bar}
      className="viewer-toolbar"
      role="toolbar"
      aria-label={t('viewer.toolbar')}
      onKeyDown={moveFocus}
      onFocus={focused}
      onClick={(event) => {
        if (event.detail > 0) session.focusGrid();
      }}
    >
      {GROUPS.map((group) => (
        <div key={group[0]?.id} className="viewer-tools">
          {group.map((item) => (
            <Tool key={item.id} item={item} session={session} />
          ))}
        </div>
      ))}
    </div>
  );
}
