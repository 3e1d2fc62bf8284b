import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isForecastManifest, parseForecastManifest } from '../core/infer/forecast-manifest.ts';
import { parseManifest, SIGNED_CONTEXT } from '../core/infer/manifest.ts';
import { TRUSTED_MODEL_KEYS } from '../core/infer/trusted-keys.ts';
import { command } from './exit.ts';
import { ROOT } from './provision/cache.ts';

/** The raw 32 bytes stand at the end of the DER form (RFC 8410). */
const RAW = 32;

/** Makes an Ed25519 key in a file that only its owner reads; prints the public half for `core/infer/trusted-keys.ts`. */
async function makeKey(file: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  console.log(publicKey.export({ type: 'spki', format: 'der' }).subarray(-RAW).toString('base64'));
}

async function signModel(id: string, keyFile: string): Promise<void> {
  const folder = join(ROOT, 'models', 'zoo', id);
  const manifest = await readFile(join(folder, 'manifest.json'));
  const text = manifest.toString('utf8');
  const { weights } = isForecastManifest(text) ? parseForecastManifest(text) : parseManifest(text);
  const found = createHash('sha256')
    .update(await readFile(join(folder, weights.file)))
    .digest('hex');
  if (found !== weights.sha256) throw new Error('the weights have another hash than the manifest says');
  const privateKey = createPrivateKey(await readFile(keyFile));
  const raw = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-RAW).toString('base64');
  const key = TRUSTED_MODEL_KEYS.find(({ publicKey }) => publicKey === raw);
  if (!key) throw new Error(`Vitrine does not trust this key; its public half is ${raw}`);
  const signature = sign(null, Buffer.concat([Buffer.from(SIGNED_CONTEXT), manifest]), privateKey).toString('base64');
  const signed = JSON.stringify({ algorithm: 'Ed25519', key: key.id, signature }, null, 2);
  await writeFile(join(folder, 'manifest.sig.json'), `${signed}\n`);
  console.log(`signed ${id} with ${key.id}`);
}

/** `tsx build/sign-model.ts <id> --key FILE`, or `--new-key FILE`. The private key stays outside of the repository. */
await command(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string' }, 'new-key': { type: 'string' } },
  });
  if (values['new-key'] !== undefined) await makeKey(values['new-key']);
  else if (positionals[0] !== undefined && values.key !== undefined) await signModel(positionals[0], values.key);
  else throw new Error('usage: tsx build/sign-model.ts <id> --key FILE | --new-key FILE');
  return 0;
});
