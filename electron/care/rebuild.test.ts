import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CareVault, flip } from '../../test/fixtures/care-vault.ts';
import { listAll, verifyAll } from '../../test/fixtures/temp-vault.ts';

let care: CareVault;

beforeEach(async () => {
  care = await CareVault.make(2);
});
afterEach(() => care.remove());

/** Loses the catalogue, and opens the vault again. */
async function loseCatalogue(): Promise<void> {
  await care.vault.dispose();
  await rm(join(care.dir, 'catalogue.db'));
  await care.reopen();
}

it('a catalogue that is lost together with an object, a note and a manifest is made anew from the rest', {
  timeout: 60_000,
}, async () => {
  const target = care.path('backup');
  await care.backUp(target);
  const [one, two] = await listAll(care.vault);
  const path = async (studyId: string, ending: string): Promise<string> => {
    const name = (await care.files(studyId)).find((file) => file.endsWith(ending)) ?? '';
    return join(care.dir, 'studies', studyId, name);
  };
  await flip(await path(one?.studyId ?? '', '.instance'));
  await flip(await path(one?.studyId ?? '', '.note'));
  await flip(await path(two?.studyId ?? '', '.manifest'));
  await loseCatalogue();
  const rows = await listAll(care.vault);
  // What a damaged manifest named is shown all the same; a damaged image is not.
  expect(rows.map((row) => row.instanceCount).sort()).toEqual([2, 3]);
  expect((await verifyAll(care.vault)).problems.length).toBeGreaterThan(0);
  await care.care('repair', { from: { backup: target } });
  await loseCatalogue();
  expect((await listAll(care.vault)).map((row) => row.instanceCount)).toEqual([3, 3]);
  expect((await verifyAll(care.vault)).problems).toEqual([]);
});
