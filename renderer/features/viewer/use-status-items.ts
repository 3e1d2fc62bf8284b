import { useEffect } from 'react';
import { useStore } from 'zustand';
import { rendererName } from '../../cornerstone/engine.ts';
import { setStatusItem } from '../../state/status.ts';
import { useText } from '../../text/text.ts';
import type { ReadingSession } from './session.ts';

/** `+3`, `−12`, `±0`. */
function signed(images: number): string {
  if (images === 0) return '±0';
  return images > 0 ? `+${images}` : `\u2212${-images}`;
}

/** What the reading screen says in the status bar: how viewports are linked, what draws, how fast it plays. */
export function useStatusItems(session: ReadingSession): void {
  const t = useText();
  const mode = useStore(session.store, (state) => (state.mpr === null ? state.link : 'off'));
  const offset = useStore(session.store, (state) => state.offset);
  const cine = useStore(session.store, (state) => state.cine);
  const link =
    mode === 'off'
      ? t('viewer.link.off')
      : offset === null && mode === 'position'
        ? t('viewer.link.position')
        : t('viewer.link.offset', { images: signed(offset ?? 0) });
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
