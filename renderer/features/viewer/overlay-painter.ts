import { TAG, text } from '../../cornerstone/dataset.ts';
import type { FrameFacts } from '../../cornerstone/facts.ts';
import { rangeOf } from '../../cornerstone/image-loader.ts';
import { slabOf } from '../../cornerstone/reformat/reformat-images.ts';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { formatValue, symbolOf } from '../../cornerstone/units.ts';
import type { ViewState } from '../../cornerstone/view-state.ts';
import { text as say, type Text } from '../../text/text.ts';
import { edgeLetters } from './orientation.ts';
import { badgesOf, type Corners, cornerTexts, fitsHeight, mustBeWhole, type OverlayWords } from './overlay-text.ts';
import { isOutside } from './presets.ts';
import { scaleBar } from './scale-bar.ts';
import type { Faults } from './study.ts';

const NO_FAULTS: Faults = { doubts: [], warnings: [], conflict: false };
/** Below this width only the minimal overlay has room, in CSS pixels. */
const NARROW = 200;
/** Below this width the value under the pointer stands without the words before it, in CSS pixels. */
const ROOMY = 600;
const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;
const EDGES = ['top', 'right', 'bottom', 'left'] as const;
const DIRECTIONS = { top: [0, -1], right: [1, 0], bottom: [0, 1], left: [-1, 0] } as const;

function words(t: Text): OverlayWords {
  // The view itself knows no words: its own two windows are called by what they are.
  const name = (key: string): string => {
    if (key === 'file' || key === 'auto') return t(`viewer.preset.${key}`);
    return key.startsWith('viewer.preset.') ? t(key as 'viewer.preset.lung') : key;
  };
  return {
    image: (index, count) => t('viewer.image', { index, count }),
    zoom: (percent) => t('viewer.zoom', { percent }),
    window: (width, level, key) => t('viewer.window', { width, level, name: name(key) }).trim(),
    series: (number) => t('viewer.series', { number }),
    thickness: (value) => t('viewer.thickness', { value }),
    location: (value) => t('viewer.location', { value }),
    contrast: (agent) => t('viewer.contrast', { agent }),
    sex: (code) => (code === 'M' || code === 'F' || code === 'O' ? t(`viewer.sex.${code}`) : ''),
  };
}

function child(parent: HTMLElement, className: string): HTMLElement {
  const node = document.createElement('div');
  node.className = className;
  parent.append(node);
  return node;
}

/**
 * Text over one image. It follows the picture frame by frame, so it writes into its own elements and touches only what
 * changed; React sees none of it.
 */
export class OverlayPainter {
  readonly #corners: Readonly<Record<(typeof CORNERS)[number], HTMLElement>>;
  readonly #edges: Readonly<Record<(typeof EDGES)[number], HTMLElement>>;
  readonly #badges: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #barText: HTMLElement;
  #pointer: readonly [number, number] | null = null;

  readonly #faults: (imageId: string) => Faults;

  /** `faults` tells what must be said of an image besides what it shows. */
  constructor(root: HTMLElement, faults: (imageId: string) => Faults) {
    this.#faults = faults;
    root.replaceChildren();
    const corner = (name: string): HTMLElement => child(root, `overlay-corner overlay-${name}`);
    this.#badges = document.createElement('div');
    this.#badges.className = 'overlay-badges';
    this.#corners = {
      topLeft: corner('top-left'),
      topRight: corner('top-right'),
      bottomLeft: corner('bottom-left'),
      bottomRight: corner('bottom-right'),
    };
    root.append(this.#badges);
    const edge = (name: string): HTMLElement => child(root, `overlay-edge overlay-edge-${name}`);
    this.#edges = { top: edge('top'), right: edge('right'), bottom: edge('bottom'), left: edge('left') };
    this.#bar = child(root, 'overlay-scale');
    this.#barText = child(this.#bar, 'overlay-scale-text');
  }

  /** Canvas position of the pointer, or null when it left. */
  point(at: readonly [number, number] | null): void {
    this.#pointer = at;
  }

  #value(view: StackView, facts: FrameFacts): string {
    const under = this.#pointer === null ? null : view.valueUnder(this.#pointer);
    if (under === null) return '';
    const value = formatValue(under.value, facts.unit);
    const [column, row] = under.pixel.map(Math.round);
    const bare = symbolOf(facts.unit) === '' && view.element.clientWidth >= ROOMY;
    const named = bare ? `${say('viewer.pixelValue')} ${value}` : value;
    return say('viewer.value', { value: named, column: column ?? 0, row: row ?? 0 });
  }

  /**
   * Writes what the view shows now. `mode` is the person's choice; `hidden` takes all but the badges away. `standing` says
   * how the image stands to the study that is read, and goes before the other badges.
   */
  paint(view: StackView, mode: 'full' | 'minimal' | 'off', hidden: boolean, standing: readonly string[]): void {
    const { facts } = view;
    const state = view.state;
    if (facts === null || state.stack === null) {
      this.#clear();
      return;
    }
    const off = mode === 'off' || hidden;
    const { clientWidth, clientHeight } = view.element;
    const written = (minimal: boolean): Corners =>
      cornerTexts(facts, state, minimal, words(say), this.#value(view, facts));
    const full = mode === 'full' && clientWidth >= NARROW ? written(false) : null;
    const hasRoom = full !== null && fitsHeight(full, this.#badges.childElementCount, clientHeight);
    const corners = off ? null : hasRoom ? full : written(true);
    for (const name of CORNERS) lines(this.#corners[name], corners?.[name] ?? []);
    this.#paintBadges(view, facts, state, standing);
    this.#paintEdges(view, facts, off || state.error !== null);
    this.#paintBar(view, facts, off);
  }

  #clear(): void {
    for (const name of CORNERS) lines(this.#corners[name], []);
    for (const name of EDGES) write(this.#edges[name], '');
    lines(this.#badges, []);
    this.#bar.hidden = true;
  }

  #paintBadges(view: StackView, facts: FrameFacts, state: ViewState, standing: readonly string[]): void {
    const range = view.imageId === null ? null : rangeOf(view.imageId);
    const outside = state.window !== null && range !== null && isOutside(state.window, range.smallest, range.largest);
    const faults = view.imageId === null ? NO_FAULTS : this.#faults(view.imageId);
    const slab = view.imageId === null ? null : slabOf(view.imageId);
    const made = slab === null ? [] : [say(`viewer.slab.${slab.mode}`, { millimetres: slab.millimetres })];
    const badges = badgesOf(facts, state, outside, faults).map((badge) => say(badge));
    lines(this.#badges, [...standing, ...made, ...badges]);
    this.#badges.style.top = `${this.#corners.topLeft.offsetTop + this.#corners.topLeft.offsetHeight + 4}px`;
  }

  #paintEdges(view: StackView, facts: FrameFacts, off: boolean): void {
    const orientation = text(facts.dataset, TAG.patientOrientation);
    const { clientWidth, clientHeight } = view.element;
    const center = [clientWidth / 2, clientHeight / 2] as const;
    const from = view.toPixel(center);
    for (const name of EDGES) {
      const [right, down] = DIRECTIONS[name];
      const to = view.toPixel([center[0] + right * 100, center[1] + down * 100]);
      if (off || from === null || to === null) write(this.#edges[name], '');
      else {
        const across = (to[0] - from[0]) * facts.plane.columnSpacing;
        const along = (to[1] - from[1]) * facts.plane.rowSpacing;
        write(this.#edges[name], edgeLetters(facts.plane, orientation, across, along));
      }
    }
  }

  #paintBar(view: StackView, facts: FrameFacts, off: boolean): void {
    const { calibration, columnSpacing } = facts.plane;
    const regions = calibration.kind === 'regions' ? calibration.regions : [];
    const spacing =
      calibration.kind === 'patient' || calibration.kind === 'detector'
        ? columnSpacing
        : regions.length === 1
          ? (regions[0]?.columnSpacing ?? null)
          : null;
    const bar = off || spacing === null ? null : scaleBar(view.state.zoom / spacing, view.element.clientWidth);
    this.#bar.hidden = bar === null;
    if (bar === null) return;
    this.#bar.style.width = `${bar.pixels}px`;
    write(this.#barText, bar.text);
  }
}

function write(node: HTMLElement, content: string): void {
  if (node.textContent !== content) node.textContent = content;
}

function lines(node: HTMLElement, content: Corners['topLeft']): void {
  while (node.childElementCount > content.length) node.lastElementChild?.remove();
  while (node.childElementCount < content.length) node.append(document.createElement('div'));
  for (const [index, line] of content.entries()) {
    const row = node.children[index] as HTMLElement;
    write(row, line);
    row.classList.toggle('overlay-whole', mustBeWhole(line));
  }
}
