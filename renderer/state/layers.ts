import { createState } from './stores.ts';

export type Layer = 'palette' | 'help' | 'settings' | 'import';

/** The dialog that is open, if any. One at a time. */
export const useLayer = createState<{ layer: Layer | null }>(() => ({ layer: null }), { layer: 'screen' });

export function openLayer(layer: Layer): void {
  useLayer.setState({ layer });
}

export function closeLayer(): void {
  useLayer.setState({ layer: null });
}
