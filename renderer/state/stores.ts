import { create, type StoreApi, type UseBoundStore } from 'zustand';

/**
 * Where a key of the window's state may go (practice 20). The only two kinds that can hold patient data are memory and
 * are cleared at lock; nothing writes a store to disk but `settings`.
 *
 * - `patient`: patient data or something that names it. Memory, cleared at lock.
 * - `screen`: what the person was doing. Memory, cleared at lock, because it says what was read.
 * - `session`: true of the app and not of a patient. Memory, stays while locked.
 * - `setting`: disk (the settings file of main), stays while locked.
 */
export type Placement = 'patient' | 'screen' | 'session' | 'setting';

interface Cleared {
  clear(): void;
}

const stores: Cleared[] = [];
const hooks = new Set<() => void>();

/** A store each key of which says where it may go. */
export function createState<T extends object>(
  initial: () => T,
  places: Readonly<Record<keyof T, Placement>>,
): UseBoundStore<StoreApi<T>> {
  const store = create<T>(initial);
  stores.push({
    clear() {
      const fresh = initial();
      const cleared: Partial<T> = {};
      for (const key of Object.keys(places) as (keyof T)[]) {
        if (places[key] === 'patient' || places[key] === 'screen') cleared[key] = fresh[key];
      }
      store.setState(cleared);
    },
  });
  return store;
}

/** Registers what else must go at lock (decoded images, workers, textures). @returns the function that takes it back. */
export function onLock(clear: () => void): () => void {
  hooks.add(clear);
  return () => hooks.delete(clear);
}

/** Empties whatever may hold patient data. One part that fails doesn't keep the others from being emptied. */
export function clearForLock(): void {
  const parts = [...stores.map((store) => store.clear), ...hooks];
  const failed: unknown[] = [];
  for (const clear of parts) {
    try {
      clear();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) reportError(new AggregateError(failed, 'a part of the window was not emptied at lock'));
}
