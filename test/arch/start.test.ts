import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** `import … from`, `export … from` and bare imports; not those of types, which are gone when the program runs. */
const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)(?:([^'";]*?)\sfrom\s+)?['"]([^'"]+)['"]/gm;

function importsOf(text: string): string[] {
  return [...text.matchAll(STATIC_IMPORT)]
    .filter(([, clause = '*']) => !/^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(clause.trim()))
    .map(([, , from = '']) => from);
}

/** The package of a name such as `zod/v4` or `@noble/hashes/hkdf.js`. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Loaded {
  readonly files: string[];
  /** Each with a file that imports it. */
  readonly packages: (readonly [name: string, by: string])[];
  /** Own sources, bytes. */
  readonly bytes: number;
}

/** What is loaded before the first line of `entry` runs: everything that it imports by `import … from`, however far. */
async function loadedBy(entry: string): Promise<Loaded> {
  const files = new Set<string>();
  const packages = new Map<string, string>();
  let bytes = 0;
  const waiting = [join(ROOT, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const text = await readFile(file, 'utf8');
    bytes += text.length;
    for (const name of importsOf(text)) {
      if (!name.startsWith('.')) packages.set(packageOf(name), relative(ROOT, file));
      else if (/\.tsx?$/.test(name)) waiting.push(join(dirname(file), name));
    }
  }
  const own = [...files].map((file) => relative(ROOT, file).replaceAll('\\', '/')).sort();
  return { files: own, packages: [...packages].filter(([name]) => !name.startsWith('node:')), bytes };
}

/**
 * What each process may load before the study list is on the screen. A start is measured (`npm run bench -- --only
 * start-to-list`), and it stays what it is because of this list: whoever adds a screen, an operation or a library loads it
 * with `import()` when it is wanted, or writes here what the list needs it for.
 */
const BEFORE_THE_LIST: Readonly<Record<string, { packages: readonly string[]; kilobytes: number; never: RegExp }>> = {
  'electron/main.ts': {
    packages: ['electron'],
    kilobytes: 60,
    never: /^core\/contract\/operations|^electron\/vault\/file-vault/,
  },
  // Main's rest, which is loaded while the page is.
  'electron/main/desktop.ts': {
    packages: ['electron', 'zod', '@noble/ciphers', '@noble/hashes'],
    kilobytes: 640,
    never: /^core\/keys\/(hybrid|study-access|abe\/)|^electron\/(decode\/|vault\/(import|file-vault|catalogue))/,
  },
  'electron/preload.ts': { packages: ['electron'], kilobytes: 10, never: /^core\// },
  'electron/vault/process.ts': {
    // noble wraps study keys where there is no native engine.
    packages: ['@noble/ciphers', '@signalapp/sqlcipher'],
    kilobytes: 400,
    never: /-schema\.ts$|^core\/contract\/(operations|port|annotations)|^core\/dicom\/(read-header|dataset|part10)/,
  },
  'renderer/main.tsx': {
    packages: [
      '@fontsource-variable/inter',
      '@fontsource/ibm-plex-mono',
      '@tanstack/react-virtual',
      'i18next',
      'lucide-react',
      'react',
      'react-dom',
      'react-i18next',
      'zustand',
    ],
    kilobytes: 300,
    never:
      /^renderer\/(cornerstone|text\/de|features\/(viewer|annotate|help|palette|settings|keys|users|care|laboratory|forecast))|-screen\.tsx$(?<!list-screen\.tsx)/,
  },
};

describe('before the study list', () => {
  it.each(Object.entries(BEFORE_THE_LIST))('%s loads only what the list needs', async (entry, allowed) => {
    const { files, packages, bytes } = await loadedBy(entry);
    expect(packages.filter(([name]) => !allowed.packages.includes(name))).toEqual([]);
    expect(files.filter((file) => allowed.never.test(file))).toEqual([]);
    expect(Math.ceil(bytes / 1000)).toBeLessThanOrEqual(allowed.kilobytes);
  });

  it('is judged by a reader of imports that knows them all', () => {
    const text = [
      "import a from 'a';",
      "import { b, type C } from 'b/deep.js';",
      "import type { D } from 'd';",
      "import { type E, type F } from 'e';",
      "import {\n  g,\n  type H,\n} from './g.ts';",
      "export { i } from './i.ts';",
      "export type { J } from './j.ts';",
      "import './k.css';",
      "const later = () => import('./l.ts');",
    ].join('\n');
    expect(importsOf(text)).toEqual(['a', 'b/deep.js', './g.ts', './i.ts', './k.css']);
    expect(['zod/v4', '@noble/hashes/hkdf.js'].map(packageOf)).toEqual(['zod', '@noble/hashes']);
  });
});
