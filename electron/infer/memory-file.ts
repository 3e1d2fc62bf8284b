import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { BACK_ENDS } from '../../core/infer/model.ts';
import type { BackEndMemory } from './choose.ts';

const stored = z.record(z.string(), z.enum(BACK_ENDS));

/** The user's cache: what lies there can be lost, and says nothing of a patient. */
function defaultFile(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches', 'Vitrine', 'back-ends.json');
  if (platform() === 'win32')
    return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Vitrine', 'cache', 'back-ends.json');
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vitrine', 'back-ends.json');
}

/** Remembers in a file which back end was fastest. A file that can't be read counts as empty. */
export function backEndFile(file = defaultFile()): BackEndMemory {
  const all = async (): Promise<z.infer<typeof stored>> => {
    try {
      return stored.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      return {};
    }
  };
  return {
    read: async (key) => (await all())[key] ?? null,
    write: async (key, backEnd) => {
      const text = JSON.stringify({ ...(await all()), [key]: backEnd }, null, 2);
      const partial = `${file}.partial-${process.pid}`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(partial, `${text}\n`);
        await rename(partial, file);
      } catch {
        // A cache that can't be written costs the next start a measurement and nothing else.
      }
    },
  };
}
