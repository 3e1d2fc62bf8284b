import { createState } from './stores.ts';

/** Whether everything that the reader did is on disk. */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: string | null }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly code: string };

interface StatusStore {
  save: SaveState;
  /** Further items of the status bar, in order of their names: link mode, renderer, … No patient data. */
  items: Readonly<Record<string, string>>;
  /** What a screen reader is told next. */
  announcement: string;
}

export const useStatus = createState<StatusStore>(
  () => ({ save: { kind: 'saved', at: null }, items: {}, announcement: '' }),
  { save: 'screen', items: 'screen', announcement: 'patient' },
);

/** Says what became of the reader's marks. `at` is ISO 8601, and given only after the durable write. */
export function setSaveState(save: SaveState): void {
  useStatus.setState({ save });
}

/** Sets an item of the status bar; null takes it away. */
export function setStatusItem(name: string, text: string | null): void {
  const { [name]: _old, ...others } = useStatus.getState().items;
  useStatus.setState({ items: text === null ? others : { ...others, [name]: text } });
}

/** Tells a screen reader, politely. */
export function announce(announcement: string): void {
  useStatus.setState({ announcement });
}
