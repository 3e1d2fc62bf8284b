import { test as base, expect } from '@playwright/test';
import { createProfile, launch, type Profile, quit, removeProfile, type Vitrine } from './app.ts';

interface Fixtures {
  /** Set by tests that provoke the policy: only then may the page say that it had to refuse something. */
  readonly provokes: boolean;
  /** A profile of its own for each test. */
  readonly profile: Profile;
  /** Starts the application on that profile; what is still running at the end is closed. */
  readonly start: () => Promise<Vitrine>;
}

/** What no page of ours may ever say: an error that nobody caught, or something that the policy had to stop. */
function watch({ page }: Vitrine, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) faults.push(message.text());
  });
}

/** Playwright's test with a fresh profile and applications that never outlive it. */
export const test = base.extend<Fixtures>({
  provokes: [false, { option: true }],
  profile: async ({}, use) => {
    const profile = await createProfile();
    await use(profile);
    await removeProfile(profile);
  },
  start: async ({ profile, provokes }, use) => {
    const running: Vitrine[] = [];
    const faults: string[] = [];
    await use(async () => {
      const vitrine = await launch(profile);
      running.push(vitrine);
      watch(vitrine, faults);
      return vitrine;
    });
    for (const vitrine of running) await quit(vitrine).catch(() => undefined);
    if (!provokes) expect(faults, 'errors of the page').toEqual([]);
  },
});

export { expect };
