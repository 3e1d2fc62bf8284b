import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './command.ts';

/** Processes that tests kill, feed or measure, bundled as the product is: they start at once and run what ships. */
const ENTRIES = {
  'crash-worker': 'test/crash/worker.ts',
  'fuzz-importer': 'test/fuzz/importer.ts',
  'header-worker': 'electron/vault/header-worker.ts',
} as const;

export type Victim = Exclude<keyof typeof ENTRIES, 'header-worker'>;

/** Packages that load a file beside them stay outside, as in the product's own bundle (build/bundle-targets.ts). */
const EXTERNAL = ['electron', 'keytar', '@signalapp/sqlcipher', /^@cornerstonejs\/codec-/];

const HEADER_WORKER = /new URL\(\s*'[./\w-]*header-worker\.ts',\s*import\.meta\.url,?\s*\)/g;

/** Bundles the victims into `out/test/victims` and answers where one of them is. */
export async function buildVictims(): Promise<(name: Victim) => string> {
  const outDir = join(ROOT, 'out', 'test', 'victims');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'vitrine-header-worker',
        enforce: 'pre',
        transform: (code) => code.replaceAll(HEADER_WORKER, "new URL('./header-worker.js', import.meta.url)"),
      },
    ],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)])),
        external: [...EXTERNAL, ...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  return (name) => join(outDir, `${name}.js`);
}
