import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { download, fileDigest } from './download.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function served(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/runtime.zip`;
}

async function target(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-download-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'runtime.zip');
}

describe('download', () => {
  it('writes what the server sends', async () => {
    const file = await target();
    await download(await served((_request, response) => response.end('abc')), file);
    expect(await readFile(file, 'utf8')).toBe('abc');
  });

  it('says what the server answered', async () => {
    const url = await served((_request, response) => response.writeHead(404).end());
    await expect(download(url, await target())).rejects.toThrow('answered 404');
  });

  it.each([
    ['before the first byte', () => undefined],
    ['half way', (_request, response) => void response.write('a')],
  ] satisfies [string, RequestListener][])('gives a silent server up (%s)', async (_when, answer) => {
    const started = performance.now();
    await expect(download(await served(answer), await target(), 200)).rejects.toThrow('no answer within 0.2 s');
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('says why a host is out of reach', async () => {
    await expect(download('http://127.0.0.1:9/x.zip', await target())).rejects.toThrow(/ECONNREFUSED|bad port/);
  });
});

describe('fileDigest', () => {
  it('is the published SHA-256 and SHA-512 of "abc" (FIPS 180-4)', async () => {
    const file = await target();
    await writeFile(file, 'abc');
    expect(await fileDigest(file, 'sha256', 'hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(await fileDigest(file, 'sha512', 'base64')).toMatch(/^3a81oZNherrMQXNJriBBMRLm\+k6JqX6iCp7u5ktV/);
  });
});
