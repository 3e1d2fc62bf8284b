import type { Settings } from './session.ts';

/**
 * What holds until the person chooses. Beside the schema and not in its file: the page takes this value at its start and
 * loads no schema.
 */
export const DEFAULT_SETTINGS: Settings = {
  autoLockMinutes: 10,
  theme: 'dark',
  language: 'system',
  overlays: 'full',
  keyProfile: 'vitrine',
  backupDays: 7,
  scrub: true,
  scrubDays: 30,
  keys: {},
};
