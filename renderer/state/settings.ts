import { DEFAULT_SETTINGS } from '../../core/contract/default-settings.ts';
import type { Settings } from '../../core/contract/session.ts';
import { call } from '../bridge/bridge.ts';
import { byChord, type KeyMap, keyMap } from '../commands/profiles.ts';
import { changeLanguage, isLanguage, type Language, startText } from '../text/text.ts';
import { createState } from './stores.ts';

/** The person's choices, as main keeps them. */
export const useSettings = createState<Settings>(() => DEFAULT_SETTINGS, {
  autoLockMinutes: 'setting',
  theme: 'setting',
  language: 'setting',
  overlays: 'setting',
  keyProfile: 'setting',
  backupDays: 'setting',
  scrub: 'setting',
  scrubDays: 'setting',
  keys: 'setting',
});

/** The language that a choice stands for. `system` is the first of the system's that there are words for. */
function resolveLanguage(choice: Settings['language']): Language {
  if (choice !== 'system') return choice;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

/**
 * Reads the settings of main and prepares the texts. Defaults stay in force when that fails: a workstation without its
 * settings still reads.
 */
export async function loadSettings(): Promise<void> {
  const settings = await call('settings.get', {}).catch(() => null);
  if (settings !== null) useSettings.setState(settings);
  await startText(resolveLanguage(useSettings.getState().language));
}

/**
 * Changes settings: at once on screen, then on disk.
 * @throws UiError `settings/not-saved`; the change then stays for this run only.
 */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  useSettings.setState(change);
  if (change.language !== undefined) await changeLanguage(resolveLanguage(change.language));
  await call('settings.set', useSettings.getState());
}

let cached: { profile: string; own: Settings['keys']; map: KeyMap; chords: ReturnType<typeof byChord> } | null = null;

function current(): NonNullable<typeof cached> {
  const { keyProfile, keys } = useSettings.getState();
  if (cached === null || cached.profile !== keyProfile || cached.own !== keys) {
    const map = keyMap(keyProfile, keys);
    cached = { profile: keyProfile, own: keys, map, chords: byChord(map) };
  }
  return cached;
}

/** The keys in force. */
export function currentKeys(): KeyMap {
  return current().map;
}

/** The commands of each chord in force. */
export function currentChords(): ReturnType<typeof byChord> {
  return current().chords;
}

/** The keys in force; renders again when they change. */
export function useKeys(): KeyMap {
  useSettings((state) => state.keyProfile);
  useSettings((state) => state.keys);
  return currentKeys();
}
