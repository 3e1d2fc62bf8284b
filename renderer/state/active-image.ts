import { createState } from './stores.ts';

/** The image that the reader has in front of them, for what works on one image: by Vitrine's own ids. */
export interface ActiveImage {
  readonly studyId: string;
  readonly objectId: string;
  /** Counted from 1. */
  readonly frame: number;
  /** "CT chest, image 61 of 148": nothing of the patient. */
  readonly label: string;
  /** The window that it is shown with, in stored values; null for colour. */
  readonly window: { readonly low: number; readonly high: number } | null;
}

/** It stays when the reader goes to another place, and goes with a lock. */
export const useActiveImage = createState<{ image: ActiveImage | null }>(() => ({ image: null }), { image: 'patient' });

/** Called by whatever shows images when another one comes forward. */
export function setActiveImage(image: ActiveImage): void {
  useActiveImage.setState({ image });
}
