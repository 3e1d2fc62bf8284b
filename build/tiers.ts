import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runScript } from './launch.ts';
import { ROOT } from './provision/cache.ts';
import { runInSession } from './session.ts';

/** How many checks of a tier went which way. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One storey of `npm test`. */
export interface Tier {
  readonly name: string;
  /** True: it starts the real application, so it is worth nothing when the machine or the app isn't ready. */
  readonly needsApp: boolean;
  run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Count>;
}

const REPORTS = join(ROOT, 'out', 'test');

/** A check without counts of its own counts as one. */
const asOne = (code: number): Count => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** The command of a development dependency, without the cost of npx. */
const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

function spawned(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const check = (name: string, command: string, fixed: readonly string[] = []): Tier => ({
  name,
  needsApp: false,
  run: async (args, env) => asOne(await spawned(command, [...fixed, ...args], env)),
});

async function report(file: string): Promise<Record<string, unknown> | null> {
  return await readFile(file, 'utf8').then(
    (text) => JSON.parse(text),
    () => null,
  );
}

/** A run that failed without a failed test (a file that doesn't load, no test at all) still is a failure. */
function counted(code: number, passed: unknown, failed: unknown, skipped: unknown): Count {
  const failures = Number(failed ?? 0);
  return {
    passed: Number(passed ?? 0),
    failed: code !== 0 && failures === 0 ? 1 : failures,
    skipped: Number(skipped ?? 0),
  };
}

const unit: Tier = {
  name: 'unit',
  needsApp: false,
  async run(args, env) {
    const file = join(REPORTS, 'unit.json');
    await rm(file, { force: true });
    const code = await spawned(bin('vitest'), ['run', ...args], { ...env, VITRINE_UNIT_REPORT: file });
    const found = await report(file);
    return counted(code, found?.['numPassedTests'], found?.['numFailedTests'], found?.['numPendingTests']);
  },
};

const e2e: Tier = {
  name: 'e2e',
  needsApp: true,
  async run(args, env) {
    const file = join(REPORTS, 'e2e.json');
    await rm(file, { force: true });
    await mkdir(REPORTS, { recursive: true });
    const command = [bin('playwright'), 'test', '--config', 'test/e2e/playwright.config.ts', ...args] as const;
    const code = await runInSession([...command], { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file } });
    const stats = ((await report(file))?.['stats'] ?? {}) as Record<string, unknown>;
    const flaky = Number(stats['flaky'] ?? 0);
    if (flaky > 0) console.log(`${flaky} passed at the second try only`);
    return counted(code, Number(stats['expected'] ?? 0) + flaky, stats['unexpected'], stats['skipped']);
  },
};

/** A tier that proves one promise and leaves `out/<name>/report.json`. */
const promise = (name: string, script = `test/${name}/run.ts`): Tier => ({
  name,
  needsApp: true,
  async run(args, env) {
    const out = args.includes('--out') ? [] : ['--out', join(ROOT, 'out', name)];
    return asOne(await runScript(script, [...out, ...args], env));
  },
});

/** The application closes its memory to everybody but root, and only Linux shows it as files. */
const hygiene: Tier = {
  ...promise('hygiene'),
  async run(args, env) {
    if (process.platform === 'linux' && process.getuid?.() === 0) return promise('hygiene').run(args, env);
    console.log('not run: the memory of other processes is read by root alone, and on Linux');
    return { passed: 0, failed: 0, skipped: 1 };
  },
};

/** Every tier by its name, in the order of `npm test`. */
export const tiers = {
  lint: check('lint', bin('biome'), ['check', '--error-on-warnings']),
  typecheck: check('typecheck', process.execPath, ['--import', 'tsx', 'build/typecheck.ts']),
  imports: check('imports', bin('depcruise'), ['--config', 'build/imports.cjs', '.']),
  knip: check('knip', bin('knip')),
  unit,
  e2e,
  forensic: promise('forensic'),
  crash: promise('crash'),
  fuzz: promise('fuzz'),
  vectors: promise('vectors'),
  hygiene,
  tamper: promise('tamper'),
  bench: promise('bench'),
  /** The pictures of README. */
  screenshots: promise('screenshots', 'test/e2e/screenshots.ts'),
} satisfies Record<string, Tier>;
