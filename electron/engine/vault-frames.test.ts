import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortAnswer } from '../../core/contract/port.ts';
import { FIXTURE_KINDS, syntheticFile } from '../../test/fixtures/dicom.ts';
import { sharedData } from '../../test/fixtures/shared-data.ts';
import { importPaths, listAll, TempVault } from '../../test/fixtures/temp-vault.ts';
import { memoryReader, type StoredFrame, storedFrame } from '../decode/pixels-of.ts';
import { FileVault } from '../vault/file-vault.ts';
import { answerWindow } from '../vault/window-port.ts';
import { VaultFrames } from './vault-frames.ts';

let temp: TempVault;
let vault: FileVault;
const frames = new VaultFrames();

beforeAll(async () => {
  temp = await TempVault.make();
  vault = await FileVault.create(temp.open);
  // The vault process's end of the port.
  const answer = { postMessage: (message: PortAnswer) => frames.receive(structuredClone(message)) };
  frames.connect({ postMessage: (message) => void answerWindow(answer, vault, structuredClone(message)) });
});
afterAll(async () => {
  await vault.dispose();
  await temp.remove();
});

/** Imports one file and answers its first frame, by port and from the file itself. */
async function both(bytes: Uint8Array, name: string) {
  const { report } = await importPaths(vault, [await temp.file(name, bytes)]);
  const [imported] = report.imported;
  if (imported === undefined) return null;
  const [object] = vault.objectsOf(imported.sopInstanceUid);
  if (object === undefined) throw new Error('imported and not there');
  const { handle } = await vault.open(object.studyId);
  const byPort = await frames.frame({ handle, objectId: object.objectId, frame: 1 }).catch((error: unknown) => error);
  const itself = await storedFrame(memoryReader(bytes), 0).catch((error: unknown) => error);
  return { byPort, itself };
}

/** The samples of a frame that was read; the words of what went wrong otherwise. */
function hex(frame: unknown): string {
  return frame instanceof Error ? frame.message : Buffer.from((frame as StoredFrame).bytes).toString('hex');
}

describe('frames for the engine', () => {
  it.each(FIXTURE_KINDS)('are what the file holds: %s', async (kind) => {
    const found = await both(syntheticFile(kind, { seed: `engine-${kind}` }), `${kind}.dcm`);
    if (found === null) return;
    if (found.itself instanceof Error) expect(found.byPort).toMatchObject({ code: expect.any(String) });
    else expect(hex(found.byPort)).toBe(hex(found.itself));
  });

  it.skipIf(sharedData('dicom/syntaxes') === null)(
    'are what the file holds, for every transfer syntax of the public data',
    async () => {
      const folder = sharedData('dicom/syntaxes') ?? '';
      const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(dcm|dicom)$/i.test(name));
      let equal = 0;
      for (const name of names) {
        const found = await both(await readFile(join(folder, name)), basename(name));
        if (found === null || found.itself instanceof Error) continue;
        expect(hex(found.byPort), name).toBe(hex(found.itself));
        equal += 1;
      }
      expect(equal).toBeGreaterThan(names.length / 2);
    },
    120_000,
  );

  it('are refused with the vault’s own code, and without a port', async () => {
    const [row] = await listAll(vault);
    const { handle } = await vault.open(row?.studyId ?? '');
    const place = { handle, objectId: 'ab'.repeat(16), frame: 1 };
    await expect(frames.frame(place)).rejects.toMatchObject({ code: 'vault/no-such-object' });
    await expect(new VaultFrames().frame(place)).rejects.toMatchObject({ code: 'engine/no-frame' });
    frames.receive({ kind: 'frame', request: 999, nonsense: true });
  });
});
