import { ready } from './launch.ts';
import { type Count, type Tier, tiers } from './tiers.ts';

/** The tiers of `npm test`; the last ones are samples of what `npm run crash`, `fuzz`, `tamper` and `forensic` do at length. */
const ORDER: readonly { tier: Tier; args?: readonly string[] }[] = [
  { tier: tiers.lint },
  { tier: tiers.typecheck },
  { tier: tiers.imports },
  { tier: tiers.knip },
  { tier: tiers.unit },
  { tier: tiers.vectors },
  { tier: tiers.e2e },
  {
    tier: tiers.crash,
    args: ['--kills', '10', '--points', '5', '--failures', '5', '--full', '0', '--power', '4'],
  },
  { tier: tiers.fuzz, args: ['--files', '150'] },
  { tier: tiers.tamper, args: ['--every', '29'] },
  { tier: tiers.forensic },
  { tier: tiers.hygiene },
];

const FAILED: Count = { passed: 0, failed: 1, skipped: 0 };

/** `ready` fails with an exception when the app does not build: one failure, and the tiers without the app still run. */
async function machine(): Promise<NodeJS.ProcessEnv | null> {
  try {
    return await ready('tests');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

const env = await machine();
const rows: { name: string; count: Count; seconds: number }[] = [];
rows.push({
  name: 'provision and bundle',
  count: { ...FAILED, ...(env && { passed: 1, failed: 0 }) },
  seconds: process.uptime(),
});
for (const { tier, args = [] } of ORDER) {
  console.log(`\n== ${tier.name} ${args.join(' ')}`);
  const started = performance.now();
  const blocked = tier.needsApp && env === null;
  if (blocked) console.log('not run: the machine or the app is not ready');
  const count = blocked ? FAILED : await tier.run(args, env ?? process.env);
  rows.push({ name: tier.name, count, seconds: (performance.now() - started) / 1000 });
}

console.log('');
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { name, count, seconds } of rows) {
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const figures = `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`;
  console.log(
    `${count.failed === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(22)} ${seconds.toFixed(1).padStart(6)} s  ${figures}`,
  );
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
