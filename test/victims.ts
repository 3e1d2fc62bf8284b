import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './command.ts';

/** Packages that load a file beside them stay outside, as in the product's own bundle (build/bundle-targets.ts). */
const EXTERNAL = ['electron', 'keytar', '@signalapp/sqlcipher', /^@cornerstonejs\/codec-/];

const HEADER_WORKER = /new URL\(\s*'[./\w-]*header-worker\.ts',\s*import\.meta\.url,?\s*\)/g;

/** Bundles TypeScript for Node as the product is bundled. `outDir` keeps what else is in it. */
export async function bundleNode(options: {
  readonly entries: Readonly<Record<string, string>>;
  readonly outDir: string;
  /** Puts another module in the place of one; null leaves it. */
  readonly resolveId?: (id: string, from: string | undefined) => string | null;
}): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'vitrine-tests',
        enforce: 'pre',
        resolveId: (id, from) => options.resolveId?.(id, from) ?? null,
        transform: (code) => code.replaceAll(HEADER_WORKER, "new URL('./header-worker.js', import.meta.url)"),
      },
    ],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: options.outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(options.entries).map(([name, path]) => [name, join(ROOT, path)])),
        external: [...EXTERNAL, ...builtinModules, /^node:/],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

/** Processes that tests kill or feed, bundled as the product is: they start at once and run what ships. */
const VICTIMS = { 'crash-worker': 'test/crash/worker.ts', 'fuzz-importer': 'test/fuzz/importer.ts' } as const;
export type Victim = keyof typeof VICTIMS;

/** Bundles the victims into `out/test/victims` and answers where one of them is. */
export async function buildVictims(): Promise<(name: Victim) => string> {
  const outDir = join(ROOT, 'out', 'test', 'victims');
  await bundleNode({ entries: { ...VICTIMS, 'header-worker': 'electron/vault/header-worker.ts' }, outDir });
  return (name) => join(outDir, `${name}.js`);
}
