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
  it('serves the page with a fresh nonce that its policy allows', () => {
    const serve = createAppProtocol(root);
    const first = serve({ method: 'GET', url: 'vitrine://app/' });
    const nonce = /content="([^"]+)"/.exec(first.data.toString())?.[1] ?? '';
    expect(nonce).toHaveLength(24);
    expect(first.headers['Content-Security-Policy']).toContain(`'nonce-${nonce}'`);
    expect(first.headers['Content-Security-Policy']).not.toMatch(/unsafe-inline|unsafe-eval'.*unsafe-eval|blob:|\*/);
    expect(first.headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
    expect(first.headers['Cross-Origin-Embedder-Policy']).toBe('require-corp');
    expect(first.headers['Cache-Control']).toBe('no-store');
    const second = serve({ method: 'GET', url: 'vitrine://app/index.html' });
    expect(second.data.toString()).not.toContain(nonce);
  });

  it('serves assets with their type', () => {
    const answer = createAppProtocol(root)({ method: 'GET', url: 'vitrine://app/assets/codec.wasm' });
    expect(answer.headers['Content-Type']).toBe('application/wasm');
    expect(new Uint8Array(answer.data)).toEqual(new Uint8Array([0, 97, 115, 109]));
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

  it('refuses other methods and absent files', () => {
    const serve = createAppProtocol(root);
    expect(serve({ method: 'POST', url: 'vitrine://app/' }).statusCode).toBe(405);
    expect(serve({ method: 'GET', url: 'vitrine://app/assets/none.js' }).statusCode).toBe(404);
  });
});
