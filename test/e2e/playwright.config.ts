import { defineConfig } from '@playwright/test';
import { findRuntime, runtimeLine } from '../../build/provision/electron.ts';

/**
 * End-to-end: the real application on the real runtime, with a real keyring and display (`build/session.ts`), each test
 * on a profile of its own. Run through `npm run e2e`; one test: `npm run e2e -- keys.spec.ts -g "lock"`.
 */
const runtime = await findRuntime();
if (runtime === null) throw new Error('no Electron runtime: run `npm run provision` first');
// Playwright's own loader is injected only where it may choose the binary itself; without it one launch in six hung.
process.env['ELECTRON_OVERRIDE_DIST_PATH'] = runtime.dist;

export default defineConfig({
  testDir: '.',
  outputDir: '../../out/e2e',
  metadata: { runtime: runtimeLine(runtime) },
  // Two cores, and each test starts an application of six processes.
  workers: 1,
  timeout: 90_000,
  // What passes at the second try only is named as such: a timing of the machine, to be looked at.
  retries: process.env['CI'] === undefined ? 0 : 1,
  forbidOnly: true,
  expect: { timeout: 10_000, toHaveScreenshot: { maxDiffPixelRatio: 0.0005, animations: 'disabled', caret: 'hide' } },
  snapshotPathTemplate: '{testDir}/{testFileName}-snapshots/{arg}{ext}',
  // `npm test` reads the counts from the file that it names.
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? '../../out/e2e/report.json' }],
  ],
});
