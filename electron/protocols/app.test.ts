import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAppProtocol, resolveAsset } from './app.ts';

let root = '';
beforeAll(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'vitrine-app-')), 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'index.html'), '<meta name="csp-nonce" content=""><title>Vitrine</title>');
  await writeFile(join(root, 'assets', 'codec.wasm'), new Uint8Array([0, 97, 115, 109]));
  await writeFile(join(root, '..', 'secret.json'), '{}');
});
afterAll(() => rm(join(root, '..'), { recursive: true, force: true }));

describe('vitrine://app', () => {
  it('serves the page with a fresh nonce that its policy allows', async () => {
    const serve = createAppProtocol(root);
    const first = await serve({ method: 'GET', url: 'vitrine://app/' });
    const nonce = /content="([^"]+)"/.exec(await first.text())?.[1] ?? '';
    expect(nonce).toHaveLength(24);
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(first.headers.get('content-security-policy')).not.toMatch(
      /unsafe-inline|unsafe-eval'.*unsafe-eval|blob:|\*/,
    );
    expect(first.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(first.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const second = await serve({ method: 'GET', url: 'vitrine://app/index.html' });
    expect(await second.text()).not.toContain(nonce);
  });

  it('serves assets with their type', async () => {
    const answer = await createAppProtocol(root)({ method: 'GET', url: 'vitrine://app/assets/codec.wasm' });
    expect(answer.headers.get('content-type')).toBe('application/wasm');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array([0, 97, 115, 109]));
  });

  it('names no file outside of its folder', () => {
    for (const address of [
      'vitrine://app/../secret.json',
      'vitrine://app/%2e%2e/secret.json',
      'vitrine://app/assets/..%2f..%2fsecret.json',
      'vitrine://app/assets/%5c..%5c..%5csecret.json',
      'vitrine://app/index.html%00.js',
      'vitrine://other/index.html',
      'file:///etc/passwd',
      'vitrine://app/%',
      'vitrine://app/study.dcm',
    ]) {
      const file = resolveAsset(root, address);
      expect(file === null || file.startsWith(`${root}/`)).toBe(true);
    }
    expect(resolveAsset(root, 'vitrine://app/assets/..%2f..%2fsecret.json')).toBeNull();
  });

  it('refuses other methods and absent files', async () => {
    const serve = createAppProtocol(root);
    expect((await serve({ method: 'POST', url: 'vitrine://app/' })).status).toBe(405);
    expect((await serve({ method: 'GET', url: 'vitrine://app/assets/none.js' })).status).toBe(404);
  });
});
