import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditLog } from './audit-log.ts';
import { AuditForwarder } from './forwarder.ts';

const VAULT = '0123456789abcdef0123456789abcdef';
let keys = '';
let folder = '';
let log: AuditLog;
let server: Server;
let heard = '';

/** A certificate of its own for one name, as a hospital's collector has one. */
async function certificate(name: string, host: string) {
  const [key, cert] = [join(keys, `${name}.key`), join(keys, `${name}.pem`)];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
}

let ours: { key: string; cert: string };
let others: { key: string; cert: string };

beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), 'vitrine-collector-'));
  [ours, others] = [await certificate('ours', 'localhost'), await certificate('others', 'localhost')];
});
afterAll(() => rm(keys, { recursive: true }));

function listen(port = 0): Promise<number> {
  server = createServer(ours, (socket) => {
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      heard += String(text);
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end());
  });
  server.on('tlsClientError', () => undefined);
  return new Promise((resolve) => {
    server.listen(port, 'localhost', () => resolve((server.address() as { port: number }).port));
  });
}
const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));

beforeEach(async () => {
  heard = '';
  folder = await mkdtemp(join(tmpdir(), 'vitrine-forward-'));
  await mkdir(join(folder, 'vault'));
  const place = { vault: join(folder, 'vault'), vaultId: VAULT, checkpoints: null };
  log = new AuditLog(place, new Uint8Array(32).fill(1), { user: 'tester', application: 'vitrine test' });
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

function forwarder(): AuditForwarder {
  const made = new AuditForwarder(join(folder, 'forwarding.json'), () => undefined);
  made.opened(log, VAULT);
  return made;
}

/** The frames that arrived, taken apart by their own lengths. */
function frames(): string[] {
  const found: string[] = [];
  for (let rest = Buffer.from(heard); rest.length > 0; ) {
    const head = /^(\d+) /.exec(rest.toString('latin1'));
    const [start, length] = [head?.[0].length ?? 0, Number(head?.[1])];
    found.push(rest.subarray(start, start + length).toString());
    rest = rest.subarray(start + length);
  }
  return found;
}

describe('the forwarder', () => {
  it('sends every entry once and in order, later ones when they come, and remembers how far it is', async () => {
    const port = await listen();
    log.record({ kind: 'unlocked' });
    log.record({ kind: 'settings-changed', code: null });
    await log.flush();
    const first = forwarder();
    await first.choose({ host: 'localhost', port, certificate: ours.cert });
    await vi.waitFor(() => expect(frames()).toHaveLength(2));
    expect(frames()[0]).toMatch(/^<85>1 .*Login/);
    expect(frames()[1]).toContain('Software Configuration');
    expect(await first.state()).toMatchObject({ sent: 2, waiting: 0, problem: null, ownCertificate: true });
    await first.closed();
    log.record({ kind: 'locked' });
    await log.flush();
    const second = forwarder();
    await second.send();
    await vi.waitFor(() => expect(frames()).toHaveLength(3));
    expect(frames()[2]).toContain('Logout');
    await second.closed();
    await stop();
  });

  it('keeps what the collector does not take, says so, and sends it when it is back', async () => {
    const port = await listen();
    const made = forwarder();
    await made.choose({ host: 'localhost', port, certificate: ours.cert });
    await stop();
    log.record({ kind: 'unlocked' });
    await log.flush();
    await made.send();
    expect(await made.state()).toMatchObject({ sent: 0, waiting: 1, problem: 'audit/unreachable' });
    await listen(port);
    await made.send();
    await vi.waitFor(() => expect(frames()).toHaveLength(1));
    expect(await made.state()).toMatchObject({ sent: 1, waiting: 0, problem: null });
    await made.closed();
    await stop();
  });

  it('takes no collector whose certificate does not hold, and stays with the former choice', async () => {
    const port = await listen();
    const made = forwarder();
    const to = { host: 'localhost', port };
    await expect(made.choose({ ...to, certificate: others.cert })).rejects.toMatchObject({ code: 'audit/untrusted' });
    await expect(made.choose({ ...to, certificate: null })).rejects.toMatchObject({ code: 'audit/untrusted' });
    await stop();
    await expect(made.choose({ ...to, certificate: ours.cert })).rejects.toMatchObject({ code: 'audit/unreachable' });
    expect(await made.state()).toMatchObject({ to: null });
    await made.closed();
  });
});
