import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SYSTEMS } from '../core/systems/registry.ts';
import { EVIDENCE, evidence } from './evidence.ts';
import { ROOT } from './provision/cache.ts';

describe('EVIDENCE.md', () => {
  it('is what a run prints: after a change, `npx tsx build/evidence.ts` writes it again', async () => {
    expect(await evidence()).toBe(await readFile(EVIDENCE, 'utf8'));
  }, 60_000);
});

const zoo = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(join(ROOT, 'models', 'zoo', path), 'utf8'));
const oursOf = (id: string): string =>
  (SYSTEMS.find((system) => system.id === id)?.headline ?? [])
    .map(({ ours }) => (ours !== null && 'text' in ours ? ours.text : ''))
    .join('\n');
const percent = (share: number): string => (100 * share).toFixed(1);

describe('our figures of models', () => {
  it('are those of the manifest that the training command wrote', async () => {
    const manifest = (await zoo('kumar-113/manifest.json')) as {
      metrics: { accuracy: { right: number; of: number; low: number; high: number } };
    };
    const { right, of, low, high } = manifest.metrics.accuracy;
    expect(oursOf('kumar-113')).toContain(
      `${percent(right / of)} % (${right} of ${of}; 95 % interval ${percent(low)} to ${percent(high)} %)`,
    );
    for (const topology of ['1conv', '2conv']) {
      const { metrics } = (await zoo(`pinpoint-${topology}/manifest.json`)) as {
        metrics: { meanAbsoluteError: { model: number; weekBefore: number } };
      };
      expect(oursOf('falcetta-pinpoint')).toContain(metrics.meanAbsoluteError.model.toFixed(2));
      expect(oursOf('falcetta-pinpoint')).toContain(metrics.meanAbsoluteError.weekBefore.toFixed(2));
    }
  });

  it('are those of the robustness report', async () => {
    const { rows } = (await zoo('kumar-113/robustness.json')) as {
      rows: { method: string; epsilon: number | null; robust: { right: number; of: number } }[];
    };
    for (const [id, method] of [
      ['fgsm', 'fgsm'],
      ['bim', 'bim'],
      ['pgd', 'pgd-linf'],
    ] as const)
      for (const units of [1, 4]) {
        const row = rows.find((one) => one.method === method && Math.abs((one.epsilon ?? 0) - units / 255) < 1e-4);
        expect(row, `${method} ${units}/255`).toBeDefined();
        expect(oursOf(id)).toContain(`of ${row?.robust.of} pictures`);
        expect(oursOf(id)).toContain(`${percent((row?.robust.right ?? 0) / (row?.robust.of ?? 1))} %`);
      }
  });
});

describe('the registry', () => {
  it('has every system that has a file', async () => {
    const files = (await readdir(join(ROOT, 'core'), { recursive: true })).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    );
    const texts = await Promise.all(files.map((name) => readFile(join(ROOT, 'core', name), 'utf8')));
    const declared = texts.flatMap((text) => [...text.matchAll(/^export const \w+: (Scheme|Published\w+) = \{$/gm)]);
    expect(declared).toHaveLength(SYSTEMS.length);
  });

  it('names each system once, by reference number behind the comparison line', () => {
    expect(new Set(SYSTEMS.map(({ id }) => id)).size).toBe(SYSTEMS.length);
    const references = SYSTEMS.map(({ reference }) => reference ?? 0);
    expect(references).toEqual(references.toSorted((a, b) => a - b));
  });
});
