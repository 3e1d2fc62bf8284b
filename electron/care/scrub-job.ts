import type { MainVault } from '../../core/vault/main-vault.ts';
import type { JobSpec } from '../jobs.ts';
import { listed, type Made, observer, resultOf } from './job-results.ts';

/** Bytes a second that a scrub reads at most: a disk gives far more, and nobody notices this. */
const SCRUB_RATE = 32 * 1024 * 1024;

/** The scrub as a job in the background: it doesn't keep the vault from locking. @param found told when damage was found */
export function scrubJob(vault: MainVault, found: () => void): JobSpec<Made> {
  return {
    kind: 'care.scrub',
    background: true,
    run: async (control) => {
      const { objects, problems } = await vault.care('scrub', { bytesPerSecond: SCRUB_RATE }, observer(control));
      if (problems.length > 0) found();
      return { result: resultOf(listed(problems, 'found')), facts: { objects, problems: problems.length } };
    },
    facts: ({ facts }) => facts,
  };
}
