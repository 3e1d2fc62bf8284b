import { call, isUiError } from '../bridge/bridge.ts';
import { openLayer } from './layers.ts';
import { createState } from './stores.ts';
import { closeStudy, type OpenStudy, useTabs } from './tabs.ts';

/** The studies that the person is being asked about. */
export const useShredding = createState<{ asked: readonly OpenStudy[] }>(() => ({ asked: [] }), { asked: 'patient' });

/** Asks whether studies are really to be shredded. */
export function askShred(asked: readonly OpenStudy[]): void {
  if (asked.length === 0) return;
  useShredding.setState({ asked });
  openLayer('shred');
}

/** Closes the tabs of studies that aren't there any more. */
export async function closeGone(): Promise<void> {
  for (const { studyId } of useTabs.getState().open) {
    const isGone = await call('studies.details', { studyId }).then(
      () => false,
      (error: unknown) => isUiError(error, 'vault/no-such-study'),
    );
    if (isGone) closeStudy(studyId);
  }
}
