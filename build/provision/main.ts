import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../exit.ts';
import { ROOT } from './cache.ts';
import { debian } from './debian.ts';
import { electron } from './electron.ts';
import type { Found, Item } from './item.ts';
import { KEYTAR_ADD_ON, keytar } from './keytar.ts';
import { nativeEngine, nativeEngineSources } from './native-engine.ts';
import { tfjsNode } from './tfjs-node.ts';

/** What is to run on this machine: a window on its desktop, the same on a virtual display, every test, or training. */
export type Purpose = 'window' | 'virtual-display' | 'tests' | 'training';

/** In this order: the libraries first, since the runtime and keytar need them. */
function itemsFor(purpose: Purpose): Item[] {
  if (purpose === 'training') return [tfjsNode];
  const items = [debian.window, debian.building];
  if (purpose !== 'window') items.push(debian.session);
  if (purpose === 'tests') items.push(debian.tests);
  return [...items, electron, keytar, nativeEngine];
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/**
 * Changes whenever a finished provisioning may have come undone: `npm ci` (which wipes the add-on), another lock file,
 * another Node, another list of items, other sources of the native engine.
 */
async function stampKey(items: readonly Item[]): Promise<string> {
  const times = await Promise.all(
    [join(ROOT, 'package-lock.json'), KEYTAR_ADD_ON].map((file) =>
      stat(file).then(
        (s) => s.mtimeMs,
        () => null,
      ),
    ),
  );
  return JSON.stringify([process.version, items.map(({ name }) => name), times, await nativeEngineSources()]);
}

async function settle(item: Item): Promise<{ found: Found; changed: boolean }> {
  const there = await item.find();
  if (there !== null) return { found: there, changed: false };
  say(`${item.name}: not there yet`);
  const started = performance.now();
  try {
    const found = await item.provide((line) => say(`${item.name}: ${line}`));
    say(`${item.name}: ${found.state} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return { found, changed: true };
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error);
    return { found: { state: 'missing', where }, changed: true };
  }
}

function table(rows: readonly { item: Item; found: Found }[]): void {
  const width = Math.max(...rows.map(({ item }) => item.name.length));
  say('');
  for (const { item, found } of rows) {
    say(`  ${item.name.padEnd(width)}  ${found.state.padEnd(7)}  ${found.where}`);
    if (found.hint) say(`  ${' '.repeat(width)}           type: ${found.hint}`);
  }
  say('');
}

/**
 * Makes this machine ready: quick and silent where everything is there, with a progress line each and a table where
 * something had to be done.
 * @param verbose prints the table in any case.
 * @returns false when something required is missing; the table says what to type.
 */
export async function provision(purpose: Purpose, verbose = false): Promise<boolean> {
  const items = itemsFor(purpose);
  const stamp = await stampKey(items);
  const stampFile = join(ROOT, '.cache', `provisioned-${purpose}`);
  if (!verbose && (await readFile(stampFile, 'utf8').catch(() => '')) === stamp && (await electron.find())) {
    return true;
  }
  const rows: { item: Item; found: Found }[] = [];
  let changed = false;
  for (const item of items) {
    const settled = await settle(item);
    rows.push({ item, found: settled.found });
    changed ||= settled.changed;
  }
  if (changed || verbose) table(rows);
  const complete = rows.every(({ item, found }) => found.state === 'ready' || !item.required);
  if (complete) {
    await mkdir(join(ROOT, '.cache'), { recursive: true });
    await writeFile(stampFile, await stampKey(items));
  }
  return complete;
}

/** `tsx build/provision/main.ts [training]`: everything, tests included; or what training wants. */
await command(import.meta.url, async () => {
  return (await provision(process.argv[2] === 'training' ? 'training' : 'tests', true)) ? 0 : 1;
});
