import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { command } from './exit.ts';
import { ready, runScript } from './launch.ts';
import { ROOT } from './provision/cache.ts';

interface DemoReport {
  readonly runtime: string;
  readonly steps: readonly {
    readonly id: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly detail: string;
  }[];
  readonly screenshots: readonly string[];
}

/**
 * Drives the real application through its main job on a virtual display. The scenario is `test/e2e/demo.ts`; it leaves
 * `report.json` and screenshots in the folder.
 * @returns the exit code: 0 only when the report is there and every step of it went well.
 */
export async function runDemonstration(out = join(ROOT, 'out', 'demo')): Promise<number> {
  const env = await ready('virtual-display', ['main', 'preload', 'renderer']);
  if (env === null) return 1;
  await rm(join(out, 'report.json'), { force: true });
  const code = await runScript('test/e2e/demo-main.ts', [out], env);
  const report = await readFile(join(out, 'report.json'), 'utf8').then(
    (text): DemoReport => JSON.parse(text),
    () => null,
  );
  if (report === null) {
    process.stderr.write('the demonstration ended without a report\n');
    return 1;
  }
  for (const { id, ok, ms, detail } of report.steps) {
    console.log(`${ok ? 'ok  ' : 'FAIL'}  ${id.padEnd(24)} ${String(Math.round(ms)).padStart(6)} ms  ${detail}`);
  }
  console.log(`${report.screenshots.length} screenshots and report.json are in ${out}`);
  return code === 0 && report.steps.every(({ ok }) => ok) ? 0 : 1;
}

/** `tsx build/demo.ts [--out DIR]` */
await command(import.meta.url, async () => {
  const at = process.argv.indexOf('--out');
  const out = at < 0 ? undefined : process.argv[at + 1];
  return await runDemonstration(out === undefined ? undefined : resolve(out));
});
