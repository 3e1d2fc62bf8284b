import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';

/** Milliseconds: until a tip comes, until it goes (the pointer may move onto it), and while the next comes at once. */
const DELAY = { show: 500, hide: 120, next: 300 } as const;
/** Pixels between a control and its tip, and between a tip and the window's edge. */
const GAP = { control: 6, edge: 8 } as const;

interface Tip {
  readonly anchor: Element;
  readonly content: ReactNode;
}

/** The one tip that is shown. It names a control and nothing else. */
const useShown = create<{ tip: Tip | null }>(() => ({ tip: null }));

let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenAt = Number.NEGATIVE_INFINITY;

function after(delay: number, tip: Tip | null): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (tip === null && useShown.getState().tip !== null) hiddenAt = performance.now();
    useShown.setState({ tip });
  }, delay);
}

function hideNow(): void {
  clearTimeout(timer);
  if (useShown.getState().tip !== null) useShown.setState({ tip: null });
}

/** What a control needs to have a tip: put these on it. */
export interface TipHandlers {
  onPointerEnter(event: PointerEvent<Element>): void;
  onPointerLeave(): void;
  onPointerDown(): void;
  onFocus(event: FocusEvent<Element>): void;
  onBlur(): void;
}

/**
 * A tip under a control, on hover and on focus by key. It repeats what the control's accessible name says, with its key
 * beside it, so it is not said twice by a screen reader. Escape and a click take it away (WCAG 1.4.13).
 */
export function tipHandlers(content: ReactNode): TipHandlers {
  return {
    onPointerEnter: ({ currentTarget, pointerType }) => {
      if (pointerType === 'touch') return;
      const isNext = performance.now() - hiddenAt < DELAY.next || useShown.getState().tip !== null;
      after(isNext ? 0 : DELAY.show, { anchor: currentTarget, content });
    },
    onPointerLeave: () => after(DELAY.hide, null),
    onPointerDown: hideNow,
    onFocus: ({ currentTarget }) => {
      if (currentTarget.matches(':focus-visible')) after(0, { anchor: currentTarget, content });
    },
    onBlur: hideNow,
  };
}

function place(tip: HTMLElement, anchor: Element): void {
  const control = anchor.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const left = control.left + control.width / 2 - width / 2;
  const below = control.bottom + GAP.control;
  const top = below + height > window.innerHeight - GAP.edge ? control.top - GAP.control - height : below;
  tip.style.left = `${Math.max(GAP.edge, Math.min(left, window.innerWidth - GAP.edge - width))}px`;
  tip.style.top = `${Math.max(GAP.edge, top)}px`;
}

/** Where tips are shown: once in a window, above everything. */
export function TipLayer() {
  const tip = useShown((state) => state.tip);
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (tip === null || layer.current === null) return;
    layer.current.showPopover();
    place(layer.current, tip.anchor);
  }, [tip]);
  useEffect(() => {
    if (tip === null) return;
    // The control may go without a word: its screen locks, its tab closes.
    const watch = new MutationObserver(() => tip.anchor.isConnected || hideNow());
    watch.observe(document.body, { childList: true, subtree: true });
    const onKey = ({ key }: KeyboardEvent): void => void (key === 'Escape' && hideNow());
    window.addEventListener('keydown', onKey, true);
    return () => {
      watch.disconnect();
      window.removeEventListener('keydown', onKey, true);
    };
  }, [tip]);
  if (tip === null) return null;
  return (
    <div
      ref={layer}
      className="tooltip"
      role="tooltip"
      popover="manual"
      onPointerEnter={() => clearTimeout(timer)}
      onPointerLeave={() => after(DELAY.hide, null)}
    >
      {tip.content}
    </div>
  );
}
