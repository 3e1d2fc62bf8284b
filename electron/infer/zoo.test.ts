import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kumar113 } from '../../core/infer/classifiers.ts';
import { SIGNED_CONTEXT } from '../../core/infer/manifest.ts';
import { explain } from '../cli/words.ts';
import { listReport, modelReportOf } from './reports.ts';
import { listModels, readModel } from './zoo.ts';

const OWN = fileURLToPath(new URL('../../models/zoo/', import.meta.url));
const ID = 'kumar-113';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const testKey = {
  id: 'test',
  publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-zoo-'));
  await cp(join(OWN, ID), join(folder, ID), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const file = (name: string): string => join(folder, ID, name);
const read = () => readModel(ID, { folder });
const readOwn = () => readModel(ID, { folder, keys: [testKey] });

async function alter(name: string, at: number): Promise<void> {
  const bytes = await readFile(file(name));
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(file(name), bytes);
}

/** Writes manifest and signature as somebody would who holds a trusted key. */
async function resign(change: (manifest: Record<string, unknown>) => unknown, key: KeyObject = privateKey) {
  const manifest = JSON.parse(await readFile(file('manifest.json'), 'utf8'));
  const text = JSON.stringify(change(manifest) ?? manifest);
  const signature = sign(null, Buffer.from(SIGNED_CONTEXT + text), key).toString('base64');
  await writeFile(file('manifest.json'), text);
  await writeFile(file('manifest.sig.json'), JSON.stringify({ algorithm: 'Ed25519', key: 'test', signature }));
}

async function weigh(weights: Uint8Array): Promise<void> {
  await writeFile(file('weights.bin'), weights);
  await resign((manifest) => {
    Object.assign(manifest['weights'] as object, { sha256: createHash('sha256').update(weights).digest('hex') });
  });
}

describe('the zoo', () => {
  it('reads every model that is shipped', async () => {
    expect(await listModels()).toContain(ID);
    for (const id of await listModels()) {
      const { manifest, card } = await readModel(id);
      expect(manifest.metrics.confusion.flat().reduce((a, b) => a + b, 0)).toBe(manifest.metrics.pictures.validation);
      expect(card).toContain(`${manifest.metrics.accuracy.right} of ${manifest.metrics.accuracy.of}`);
    }
  });

  it('has the figure in the registry that its manifest has', async () => {
    const { accuracy } = (await readModel(ID)).manifest.metrics;
    const [headline] = kumar113.headline;
    expect(JSON.stringify(headline?.ours)).toContain(`${accuracy.right} of ${accuracy.of}`);
  });

  it('knows no other', async () => {
    await expect(readModel('../etc', { folder })).rejects.toMatchObject({ code: 'infer/unknown-model' });
  });

  it('refuses an altered byte of the manifest, anywhere', async () => {
    const { length } = await readFile(file('manifest.json'));
    for (const at of [0, Math.floor(length / 2), length - 1]) {
      await alter('manifest.json', at);
      await expect(read()).rejects.toMatchObject({ code: 'infer/signature' });
      await alter('manifest.json', at);
    }
    await expect(read()).resolves.toMatchObject({ manifest: { id: ID } });
  });

  it('refuses an altered byte of the weights, anywhere', async () => {
    const { length } = await readFile(file('weights.bin'));
    for (const at of [0, Math.floor(length / 2), length - 1]) {
      await alter('weights.bin', at);
      await expect(read()).rejects.toMatchObject({ code: 'infer/weights-altered' });
      await alter('weights.bin', at);
    }
  });

  it('refuses a signature that is missing, damaged, of another manifest or by a stranger', async () => {
    const refused = { code: 'infer/signature' };
    await alter('manifest.sig.json', 60);
    await expect(read()).rejects.toMatchObject(refused);
    await writeFile(file('manifest.sig.json'), 'nonsense');
    await expect(read()).rejects.toMatchObject(refused);
    await unlink(file('manifest.sig.json'));
    await expect(read()).rejects.toMatchObject(refused);
    await resign(() => undefined);
    await expect(read()).rejects.toMatchObject(refused);
    await expect(readOwn()).resolves.toMatchObject({ signedBy: 'test' });
    await resign(() => undefined, generateKeyPairSync('ed25519').privateKey);
    await expect(readOwn()).rejects.toMatchObject(refused);
  });

  it('refuses another spelling of the same signature', async () => {
    const whole = JSON.parse(await readFile(file('manifest.sig.json'), 'utf8')) as { signature: string };
    for (const signature of [
      ` ${whole.signature}`,
      whole.signature.slice(0, -1),
      whole.signature.replace('==', '=,'),
    ]) {
      await writeFile(file('manifest.sig.json'), JSON.stringify({ ...whole, signature }));
      await expect(read()).rejects.toMatchObject({ code: 'infer/signature' });
    }
  });

  it.each([
    ['manifest.json', 'infer/manifest'],
    ['weights.bin', 'infer/weights-missing'],
  ])('says that %s is missing', async (name, code) => {
    await unlink(file(name));
    await expect(read()).rejects.toMatchObject({ code });
  });

  it('refuses weights that are no numbers or of another network, however well they are signed', async () => {
    const weights = await readFile(file('weights.bin'));
    weights.writeUInt16LE(0x7e00, 100);
    await weigh(weights);
    await expect(readOwn()).rejects.toMatchObject({ code: 'infer/weights-not-finite' });
    await weigh(weights.subarray(2));
    await expect(readOwn()).rejects.toMatchObject({ code: 'infer/weights-shape' });
  });

  it('refuses a manifest of another model, of an unknown network, and a report that is not there', async () => {
    await resign((manifest) => ({ ...manifest, id: 'another' }));
    await expect(readOwn()).rejects.toMatchObject({ code: 'infer/manifest' });
    await resign((manifest) => ({ ...manifest, id: ID, network: 'unheard-of' }));
    await expect(readOwn()).rejects.toMatchObject({ code: 'infer/manifest' });
    const robustness = { file: 'robustness.json', sha256: '0'.repeat(64) };
    await resign((manifest) => ({ ...manifest, network: 'kumar-cnn', robustness }));
    await expect(readOwn()).rejects.toMatchObject({ code: 'infer/report' });
  });

  it('lists a damaged model with the reason', async () => {
    await alter('weights.bin', 5);
    const { models } = await listReport(explain, { folder });
    expect(models).toEqual([expect.objectContaining({ state: 'refused', id: ID, code: 'infer/weights-altered' })]);
  });

  it('reports what is known of a model', async () => {
    const { report } = await modelReportOf(ID, { folder });
    expect(report).toMatchObject({ id: ID, signedBy: 'development-2026' });
  });
});
