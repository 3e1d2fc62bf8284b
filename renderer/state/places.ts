import { createState } from './stores.ts';

/** What the window can show beside the study list and open studies. */
export type Place = 'laboratory' | 'forecast' | 'vault';

/** The place that is shown; null means the list or the study in front. Open studies stay open behind it. */
export const usePlace = createState<{ place: Place | null }>(() => ({ place: null }), { place: 'screen' });

/** Goes to a place. */
export function showPlace(place: Place): void {
  usePlace.setState({ place });
}

/** Goes back to the list or the study in front. */
export function leavePlace(): void {
  usePlace.setState({ place: null });
}
