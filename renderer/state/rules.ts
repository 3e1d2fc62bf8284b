import { openLayer } from './layers.ts';
import { createState } from './stores.ts';
import type { OpenStudy } from './tabs.ts';

/** The study whose access rule is shown. */
export const useRule = createState<{ study: OpenStudy | null }>(() => ({ study: null }), { study: 'patient' });

/** Shows who opens a study, and lets an administrator change it. */
export function askRule(study: OpenStudy): void {
  useRule.setState({ study });
  openLayer('rule');
}
