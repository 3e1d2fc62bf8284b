import type { Vector } from '../../cornerstone/geometry.ts';
import type { ToolId } from '../../cornerstone/tools.ts';
import type { TextKey, TextValues } from '../../text/text.ts';
import type { Fusion } from './fusion-mode.ts';
import type { LayoutId } from './layouts.ts';
import type { LinkMode } from './linking.ts';
import type { Planes } from './planes-mode.ts';
import type { Prior } from './priors.ts';
import { type OpenedStudy, type SeriesStack, shownSeries } from './study.ts';

/** Tabs of the study panel, in their order. */
export const PANEL_TABS = ['measurements', 'findings', 'report', 'info'] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

/** A sentence for the reader, with what stands in it. */
export interface Notice {
  readonly key: TextKey;
  readonly values: TextValues;
}

/** What the reading screen shows, besides the images themselves. */
export interface ReadingState {
  readonly layout: LayoutId;
  /** Every series that can be shown: those of the study, of the priors that are open, and planes. Places are kept. */
  readonly series: readonly SeriesStack[];
  readonly priors: readonly Prior[];
  /** Planes on screen in place of slices; null for slices. */
  readonly mpr: Planes | null;
  /** What lies over the series of viewports, by viewport. */
  readonly fusions: ReadonlyMap<number, Fusion>;
  readonly notice: Notice | null;
  /** Counts viewports that came, so that what looks at the others looks again. */
  readonly attached: number;
  /** The view is being printed: overlays are full. */
  readonly printing: boolean;
  /** The question before printing is open. */
  readonly asksToPrint: boolean;
  /** Where the crosshair was set, in patient space. */
  readonly crosshair: { readonly point: Vector; readonly frameOfReferenceUid: string } | null;
  /** Series (by place in `series`) of each viewport; null is empty. */
  readonly cells: readonly (number | null)[];
  readonly active: number;
  readonly maximised: boolean;
  readonly tool: ToolId;
  /** Segments are painted: the keys of that mode go before the others. */
  readonly segmenting: boolean;
  /** Overlays and marks are hidden while the reader looks under them. */
  readonly hidden: boolean;
  readonly panel: PanelTab | null;
  readonly rail: boolean;
  readonly link: LinkMode;
  /** Images by which a linked viewport is off; null while it follows by position. */
  readonly offset: number | null;
  readonly references: boolean;
  readonly cine: { readonly playing: boolean; readonly rate: number };
  /** Where the viewport's menu is open, in window coordinates. */
  readonly menu: { readonly x: number; readonly y: number } | null;
  readonly seen: ReadonlySet<number>;
}

/** How a study opens: its first series, alone. */
export function openingState(study: OpenedStudy): ReadingState {
  const [first = null] = shownSeries(study);
  return {
    layout: '1x1',
    series: study.series,
    priors: study.details.priors.map((row) => ({ row, state: 'closed', expanded: false, study: null })),
    mpr: null,
    fusions: new Map(),
    notice: null,
    attached: 0,
    printing: false,
    asksToPrint: false,
    crosshair: null,
    cells: [first],
    active: 0,
    maximised: false,
    tool: 'window',
    segmenting: false,
    hidden: false,
    panel: 'measurements',
    rail: true,
    link: 'off',
    offset: null,
    references: false,
    cine: { playing: false, rate: 15 },
    menu: null,
    seen: new Set(first === null ? [] : [first]),
  };
}
