import type { viewer as english } from '../en/viewer.ts';

/** German words of the reading screen. */
export const viewer: Readonly<Record<keyof typeof english, string>> = {
  'viewer.opening': 'Studie wird geöffnet',
};
