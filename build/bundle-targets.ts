import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, createLogger, type InlineConfig, type Logger, type Plugin } from 'vite';
import type { Target } from './bundle.ts';
import { fillFolder, ROOT } from './provision/cache.ts';

const ENTRIES = {
  main: 'electron/main.ts',
  'vault-process': 'electron/vault/process.ts',
  'kdf-worker': 'electron/vault/kdf-worker.ts',
  'header-worker': 'electron/vault/header-worker.ts',
  'private-owner': 'electron/private/owner-process.ts',
  'private-evaluator': 'electron/private/evaluator-worker.ts',
  engine: 'electron/engine/process.ts',
  'model-cloud': 'electron/infer/cloud-process.ts',
  'check-process': 'electron/decode/check-process.ts',
  cli: 'electron/cli.ts',
  preload: 'electron/preload.ts',
  'compute-preload': 'electron/compute-preload.ts',
} as const;
type EntryName = keyof typeof ENTRIES;

/**
 * Packages that stay outside the Node bundles: they load a file that lies beside them (an add-on, a WebAssembly codec),
 * so they are resolved from node_modules at run time.
 */
const EXTERNAL = ['electron', 'keytar', /^@cornerstonejs\/codec-/, /^@tensorflow\//, 'onnxruntime-node'];

/**
 * SQLCipher too, but by `require`: an import of it makes Node start the WebAssembly parser that looks for the names which a
 * CommonJS module exports, 40 ms between the start of the vault process and an open catalogue.
 */
function requiredSqlcipher(): Plugin {
  const name = '@signalapp/sqlcipher';
  const required = '\0vitrine-required-sqlcipher';
  return {
    name: 'vitrine-required-sqlcipher',
    enforce: 'pre',
    resolveId: (id) => (id === name ? required : null),
    load: (id) =>
      id === required
        ? `import { createRequire } from 'node:module';
export default createRequire(import.meta.url)('${name}').default;`
        : null,
  };
}

/**
 * Rewrites `new URL('./vault/process.ts', import.meta.url)`, which names an entry by its place in the sources, to the
 * built file. Entries and chunks lie in one flat folder, so this holds in whichever chunk the code ends.
 */
function entryAddresses(entries: readonly EntryName[]): Plugin {
  return {
    name: 'vitrine-entry-addresses',
    enforce: 'pre',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('import.meta.url')) return null;
      return code.replaceAll(/new URL\(\s*['"]([^'"]+\.ts)['"],\s*import\.meta\.url,?\s*\)/g, (_call, path: string) => {
        const source = relative(ROOT, join(dirname(id), path)).replaceAll('\\', '/');
        const name = entries.find((entry) => ENTRIES[entry] === source);
        if (name === undefined) throw new Error(`${source} is not there, or not an entry of build/bundle-targets.ts`);
        return `new URL('./${name}.js', import.meta.url)`;
      });
    },
  };
}

/**
 * VTK's reader and writer of its own XML files come along with Cornerstone and bring `xmlbuilder2`, which needs Node's
 * `events` and would end the page at load time. Vitrine reads no VTK file: the package is replaced by one that refuses.
 */
function withoutVtkFiles(): Plugin {
  const stub = '\0vitrine-no-vtk-files';
  return {
    name: 'vitrine-without-vtk-files',
    enforce: 'pre',
    resolveId: (id) => (id === 'xmlbuilder2' ? stub : null),
    load: (id) => (id === stub ? `export function create() { throw new Error('VTK files are not read here'); }` : null),
  };
}

/**
 * What Emscripten's glue asks for on Node and never reaches in a browser, true of every codec; and what one part of the
 * application loads late and another, bundled with it, at once.
 */
const EXPECTED_WARNING =
  /"(fs|path)" has been externalized for browser compatibility, imported by ".*@cornerstonejs.codec-|INEFFECTIVE_DYNAMIC_IMPORT/;

function quietLogger(): Logger {
  const logger = createLogger('warn');
  return {
    ...logger,
    info: () => undefined,
    warn: (line, options) => (EXPECTED_WARNING.test(line) ? undefined : logger.warn(line, options)),
  };
}

function nodeConfig(outDir: string, entry: EntryName, entries: readonly EntryName[]): InlineConfig {
  return {
    plugins: [entryAddresses(entries), requiredSqlcipher()],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir,
      // Electron 33 carries Node 20.18; the command line runs on that or newer.
      target: 'node20',
      rolldownOptions: {
        input: { [entry]: join(ROOT, ENTRIES[entry]) },
        external: [...EXTERNAL, ...builtinModules, /^node:/],
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          // Less to read at every start; names stay, since a crash of main and the log's error classes speak of them.
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
}

/** A sandboxed preload is one CommonJS file whose only run-time import is `electron`. */
function preloadConfig(outDir: string, entry: EntryName): InlineConfig {
  return {
    ssr: { noExternal: true, target: 'webworker' },
    build: {
      ssr: true,
      outDir,
      target: 'chrome130',
      minify: false,
      rolldownOptions: {
        input: { [entry]: join(ROOT, ENTRIES[entry]) },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  };
}

/** A page runs under a policy without `eval`, inline scripts or `data:` addresses: everything ends as a file. */
const pageBuild = (outDir: string): NonNullable<InlineConfig['build']> => ({
  outDir,
  target: 'chrome130',
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  chunkSizeWarningLimit: 10_000,
  rolldownOptions: { checks: { pluginTimings: false } },
});

/** The workstation's own page. */
function rendererConfig(outDir: string): InlineConfig {
  return {
    root: join(ROOT, 'renderer'),
    base: './',
    publicDir: false,
    plugins: [react(), withoutVtkFiles()],
    worker: {
      format: 'es',
      plugins: () => [withoutVtkFiles()],
      rolldownOptions: { checks: { pluginTimings: false } },
    },
    build: pageBuild(outDir),
  };
}

/** The compute window's page: TensorFlow.js on WebGPU, one script beside it. */
function computeConfig(outDir: string): InlineConfig {
  return {
    root: join(ROOT, 'renderer', 'compute'),
    base: './',
    publicDir: false,
    build: pageBuild(outDir),
  };
}

function present(...entries: EntryName[]): EntryName[] {
  return entries.filter((name) => existsSync(join(ROOT, ENTRIES[name])));
}

/**
 * The builds that make up a part; none when its entry doesn't exist. Each process and worker of Node gets a build of its
 * own: a chunk that two of them share is read whole by both, and the vault process would read a worker's DICOM
 * dictionary, a megabyte, before it opens the catalogue.
 */
function configsOf(target: Target, outDir: string): InlineConfig[] {
  if (target === 'renderer') return existsSync(join(ROOT, 'renderer', 'index.html')) ? [rendererConfig(outDir)] : [];
  if (target === 'compute') return [computeConfig(outDir)];
  if (target === 'preload') return present('preload', 'compute-preload').map((entry) => preloadConfig(outDir, entry));
  if (present(target).length === 0) return [];
  const others: readonly EntryName[] =
    target === 'main'
      ? [
          'vault-process',
          'kdf-worker',
          'header-worker',
          'private-owner',
          'private-evaluator',
          'engine',
          'check-process',
        ]
      : ['kdf-worker', 'header-worker', 'private-evaluator', 'engine', 'check-process', 'model-cloud'];
  const entries = present(target, ...others);
  return entries.map((entry) => nodeConfig(outDir, entry, entries));
}

/** Builds one part into `folder`, all or nothing. False when its entry doesn't exist. */
export async function buildTarget(target: Target, folder: string): Promise<boolean> {
  if (configsOf(target, folder).length === 0) return false;
  const building = fillFolder(folder, async (partial) => {
    const common: InlineConfig = {
      root: ROOT,
      configFile: false,
      envDir: false,
      logLevel: 'warn',
      customLogger: quietLogger(),
    };
    for (const { build: options, ...rest } of configsOf(target, partial))
      await build({ ...common, ...rest, build: { emptyOutDir: false, reportCompressedSize: false, ...options } });
  });
  await building.catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${target} does not build: ${reason}`, { cause: error });
  });
  return true;
}

/** The manifest that Electron reads: name, version and main module of the built application. */
export async function writeManifest(app: string): Promise<void> {
  const { name, version, license } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  await mkdir(app, { recursive: true });
  const manifest = { name, productName: 'Vitrine', version, license, type: 'module', main: 'main/main.js' };
  await writeFile(join(app, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
