import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PortAnswer } from '../../core/contract/port.ts';
import { portAnswer } from '../../core/contract/port.ts';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { putMark, TempVault } from '../../test/fixtures/temp-vault.ts';
import type { FromVault, ToVault } from './protocol.ts';
import { VaultProxy } from './proxy.ts';
import { VaultService } from './service.ts';

/** Main and vault process in one, with every message cloned as between processes. */
function wire() {
  const events = new EventEmitter<{ message: [FromVault] }>();
  let exit: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    exit = resolve;
  });
  const service = new VaultService(
    (message) => setImmediate(() => events.emit('message', structuredClone(message))),
    () => exit(),
  );
  const channel = {
    postMessage: (message: ToVault) => setImmediate(() => service.receive(structuredClone(message))),
    on: (_: 'message', listener: (message: FromVault) => void) => events.on('message', listener),
  };
  return { service, proxy: new VaultProxy(channel), exited };
}

async function ask(service: VaultService, message: unknown): Promise<PortAnswer> {
  return new Promise((resolve) => {
    service.answerWindow({ postMessage: (answer) => resolve(structuredClone(answer)) }, message);
  });
}

describe('the vault process', () => {
  let temp: TempVault;
  let pair: ReturnType<typeof wire>;

  beforeEach(async () => {
    temp = await TempVault.make();
    pair = wire();
    await pair.proxy.openVault(temp.open, { create: true });
  });

  afterEach(async () => {
    pair.proxy.shutdown();
    await pair.exited;
    await temp.remove();
  });

  it('answers calls, progress and errors, and gives frames over a port', async () => {
    const { proxy, service } = pair;
    const path = await temp.file('x.dcm', syntheticFile('mr'));
    const phases: string[] = [];
    const observer = { signal: new AbortController().signal, progress: (p: { phase: string }) => phases.push(p.phase) };
    const { outcome } = await proxy.import({ job: 'j', from: { paths: [path] } }, observer);
    expect(outcome.counts.imported).toBe(1);
    expect(phases).toContain('committing');
    await expect(proxy.details('f'.repeat(32))).rejects.toMatchObject({ code: 'vault/no-such-study' });
    const studyId = outcome.studyIds[0] as string;
    await proxy.append(studyId, [putMark('m')]);
    expect((await proxy.annotations(studyId)).annotations).toHaveLength(1);
    const objectId = (await proxy.details(studyId)).series[0]?.instances[0]?.objectId as string;
    const { handle } = await proxy.open(studyId);
    const frame = await ask(service, { kind: 'frame', request: 1, handle, objectId, frame: 1 });
    expect(portAnswer.parse(frame)).toMatchObject({ kind: 'frame', request: 1 });
    if (frame.kind === 'frame') expect(frame.bytes.buffer.byteLength).toBe(frame.bytes.length);
    const headers = await ask(service, { kind: 'headers', request: 2, handle, objectIds: [objectId] });
    expect(portAnswer.parse(headers)).toMatchObject({ kind: 'headers', request: 2 });
    await proxy.close(handle);
    const late = await ask(service, { kind: 'frame', request: 3, handle, objectId, frame: 1 });
    expect(late).toMatchObject({ kind: 'failure', request: 3, error: { code: 'vault/no-such-handle' } });
    const bad = await ask(service, { kind: 'frame', request: 4, handle, objectId: '../../etc', frame: 1 });
    expect(bad).toMatchObject({ kind: 'failure', request: 4, error: { code: 'vault/bad-request' } });
  });

  it('cancels an import that is under way', async () => {
    const stop = new AbortController();
    stop.abort();
    const { outcome } = await pair.proxy.import(
      { job: 'j', from: { sample: true } },
      { signal: stop.signal, progress: () => undefined },
    );
    expect(outcome.outcome).toBe('cancelled');
  });

  it('says locked to whoever waits when it ends', async () => {
    const { proxy } = pair;
    const waiting = proxy.search({
      text: '',
      modality: '',
      since: '',
      sort: 'studyDate',
      descending: true,
      offset: 0,
      limit: 1,
    });
    proxy.ended();
    await expect(waiting).rejects.toMatchObject({ code: 'vault/locked' });
    await expect(proxy.details('f'.repeat(32))).rejects.toMatchObject({ code: 'vault/locked' });
  });

  it('says why a vault can not be opened', async () => {
    const second = wire();
    await expect(second.proxy.openVault(temp.open, { create: false })).rejects.toMatchObject({ code: 'vault/in-use' });
    await expect(second.proxy.details('f'.repeat(32))).rejects.toMatchObject({ code: 'vault/locked' });
    second.proxy.shutdown();
    await second.exited;
  });
});
