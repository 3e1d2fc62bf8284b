import { createState } from './stores.ts';

export type Layer = 'palette' | 'help' | 'settings' | 'import' | 'shred' | 'rule';

/** The dialog that is open, if any. One at a time. */
export const useLayer = createState<{ layer: Layer | null }>(() => ({ layer: null }), { layer: 'screen' });

/** Where the focus was when the dialog was asked for. */
let returnTo: HTMLElement | null = null;

/**
 * Opens a dialog. The focus leaves its field at once, so that what is typed while the dialog is still on its way doesn't
 * land in a search for patients.
 */
export function openLayer(layer: Layer): void {
  if (useLayer.getState().layer === null && document.activeElement instanceof HTMLElement) {
    returnTo = document.activeElement;
    returnTo.blur();
  }
  useLayer.setState({ layer });
}

/** Closes the dialog; the focus goes back to where it was. */
export function closeLayer(): void {
  useLayer.setState({ layer: null });
  setTimeout(() => returnTo?.focus());
}
