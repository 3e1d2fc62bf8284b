import { afterEach, describe, expect, it } from 'vitest';
import type { PortAnswer, PortRequest } from '../../core/contract/port.ts';
import { UiError } from './bridge.ts';
import { VaultPort } from './vault-port.ts';

const OBJECT = '00112233445566778899aabbccddeeff';
const open: MessagePort[] = [];

/** A port whose far end records requests and answers only when told. */
function farEnd(): {
  port: MessagePort;
  asked: PortRequest[];
  answer: (answer: PortAnswer) => void;
  settled: () => Promise<void>;
} {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const asked: PortRequest[] = [];
  port1.onmessage = (event) => asked.push(event.data as PortRequest);
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 15));
  return { port: port2, asked, answer: (answer) => port1.postMessage(answer), settled };
}

const frame = (request: number, byte: number): PortAnswer => ({
  kind: 'frame',
  request,
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bytes: new Uint8Array([byte]),
});

afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

describe('VaultPort', () => {
  it('gives each request its own answer, in whatever order they come', async () => {
    const client = new VaultPort();
    const far = farEnd();
    client.attach(far.port);
    const first = client.requestFrame('h', OBJECT, 1);
    const second = client.requestFrame('h', OBJECT, 2);
    await far.settled();
    const [a, b] = far.asked;
    far.answer(frame(b?.request ?? -1, 2));
    far.answer(frame(a?.request ?? -1, 1));
    expect((await first).bytes[0]).toBe(1);
    expect((await second).bytes[0]).toBe(2);
  });

  it('waits for the port, then sends by priority and no more than six at once', async () => {
    const client = new VaultPort();
    const far = farEnd();
    for (let n = 1; n <= 8; n++) client.requestFrame('h', OBJECT, n, { priority: n === 8 ? 5 : 0 }).catch(() => {});
    client.attach(far.port);
    await far.settled();
    expect(far.asked.map((asked) => (asked.kind === 'frame' ? asked.frame : 0))).toEqual([8, 1, 2, 3, 4, 5]);
    far.answer(frame(far.asked[0]?.request ?? -1, 0));
    await far.settled();
    expect(far.asked).toHaveLength(7);
    client.close();
  });

  it('forgets what is aborted: a queued request is never sent, a sent one drops its answer', async () => {
    const client = new VaultPort();
    const far = farEnd();
    client.attach(far.port);
    const abort = new AbortController();
    const sent = client.requestFrame('h', OBJECT, 1, { signal: abort.signal });
    for (let n = 2; n <= 6; n++) client.requestFrame('h', OBJECT, n).catch(() => {});
    const queued = client.requestFrame('h', OBJECT, 7, { signal: abort.signal });
    await far.settled();
    abort.abort(new Error('scrolled on'));
    await expect(sent).rejects.toThrow('scrolled on');
    await expect(queued).rejects.toThrow('scrolled on');
    far.answer(frame(far.asked[0]?.request ?? -1, 1));
    await far.settled();
    expect(far.asked).toHaveLength(6);
    client.close();
  });

  it('fails with the code that the vault gave', async () => {
    const client = new VaultPort();
    const far = farEnd();
    client.attach(far.port);
    const asked = client.requestHeaders('h', [OBJECT]);
    await far.settled();
    far.answer({
      kind: 'failure',
      request: far.asked[0]?.request ?? -1,
      error: { code: 'seal/altered', details: { segment: 3 } },
    });
    await expect(asked).rejects.toMatchObject({ code: 'seal/altered', details: { segment: 3 } });
  });

  it('fails what is owed when it locks or when the port is replaced, and works on with the new port', async () => {
    const client = new VaultPort();
    const first = farEnd();
    client.attach(first.port);
    const owed = client.requestFrame('h', OBJECT, 1);
    const second = farEnd();
    client.attach(second.port);
    await expect(owed).rejects.toBeInstanceOf(UiError);
    const headers = client.requestHeaders('h', [OBJECT]);
    await second.settled();
    second.answer({ kind: 'headers', request: second.asked[0]?.request ?? -1, headers: ['{}'] });
    expect(await headers).toEqual(['{}']);
    const last = client.requestFrame('h', OBJECT, 1);
    client.close();
    await expect(last).rejects.toMatchObject({ code: 'vault/locked' });
  });
});
