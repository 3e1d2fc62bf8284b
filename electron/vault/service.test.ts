import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, OperationName, Request, Response } from '../../core/contract/operations.ts';
import type { PortAnswer } from '../../core/contract/port.ts';
import { portAnswer } from '../../core/contract/port.ts';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { putMark, TempVault } from '../../test/fixtures/temp-vault.ts';
import type { Entered, FromVault, ToVault } from './protocol.ts';
import { VaultProxy } from './proxy.ts';
import { VaultService } from './service.ts';

const OWNER: Entered = { roles: null, name: 'reader' };

/** Main and vault process in one, with every message cloned as between processes. */
function wire() {
  const events = new EventEmitter<{ message: [FromVault] }>();
  let exit: () => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    exit = resolve;
  });
  const said: FromVault[] = [];
  const service = new VaultService(
    (message) => {
      said.push(structuredClone(message));
      // Main looks whether the vault is an older copy, and finds that it isn't.
      if (message.type === 'change') setImmediate(() => service.receive({ type: 'may-change', id: message.id }));
      setImmediate(() => events.emit('message', structuredClone(message)));
    },
    () => exit(),
  );
  const channel = {
    postMessage: (message: ToVault) => setImmediate(() => service.receive(structuredClone(message))),
    on: (_: 'message', listener: (message: FromVault) => void) => events.on('message', listener),
  };
  return { service, proxy: new VaultProxy(channel), exited, said };
}

const EVERYTHING = {
  text: '',
  modality: '',
  since: '',
  sort: 'studyDate',
  descending: true,
  offset: 0,
  limit: 9,
} as const;

/** A page with its port for operations. */
function pageOf({ service }: ReturnType<typeof wire>) {
  const answer = (operation: string, body: unknown) =>
    new Promise<Answer<unknown>>((resolve) => {
      const port = { postMessage: (message: { answer: Answer<unknown> }) => resolve(structuredClone(message.answer)) };
      void service.answerOperation(port, { request: 1, operation, body });
    });
  const ask = async <Name extends OperationName>(name: Name, request: Request<Name>): Promise<Response<Name>> => {
    const given = (await answer(name, request)) as Answer<Response<Name>>;
    if (!given.ok) throw new Error(given.error.code);
    return given.value;
  };
  return { answer, ask };
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
    await pair.proxy.openVault(temp.open, { create: true, entered: OWNER });
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
    const page = pageOf(pair);
    const none = await page.ask('studies.details', { studyId: 'f'.repeat(32) }).catch((error: Error) => error.message);
    expect(none).toBe('vault/no-such-study');
    const studyId = outcome.studyIds[0] as string;
    await page.ask('annotations.append', { studyId, entries: [putMark('m')] });
    expect((await page.ask('annotations.load', { studyId })).annotations).toHaveLength(1);
    const objectId = (await page.ask('studies.details', { studyId })).series[0]?.instances[0]?.objectId as string;
    expect(await proxy.modalityOf(studyId, objectId)).toBe('MR');
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
    const waiting = proxy.open('f'.repeat(32));
    proxy.ended();
    await expect(waiting).rejects.toMatchObject({ code: 'vault/locked' });
    await expect(proxy.open('f'.repeat(32))).rejects.toMatchObject({ code: 'vault/locked' });
  });

  it('gives a page what says something of a patient, and main counts and ids', async () => {
    const path = await temp.file('DOE_JANE.exe', new TextEncoder().encode('MZ'));
    const { said, proxy } = pair;
    const observer = { signal: new AbortController().signal, progress: () => undefined };
    await proxy.import({ job: 'j', from: { sample: true } }, observer);
    const finished = await proxy.import({ job: 'k', from: { paths: [path] } }, observer);
    expect(finished.outcome.counts.refused).toBe(1);
    const page = pageOf(pair);
    expect((await page.ask('import.names', { job: 'k' })).refused).toEqual([
      { name: 'DOE_JANE.exe', code: 'dicom/not-dicom' },
    ]);
    const { rows } = await page.ask('studies.search', { ...EVERYTHING, text: 'phantom' });
    expect(rows).toHaveLength(1);
    const toMain = JSON.stringify(said);
    expect(toMain).not.toContain('DOE_JANE');
    expect(toMain).not.toContain(rows[0]?.patientName);
    expect(toMain).not.toContain('phantom');
    expect(said).toContainEqual({ type: 'told', operation: 'studies.search', code: null, studyId: null });
  });

  it('asks main before a page changes something, and refuses what the account may not do', async () => {
    const { said, proxy, service } = pair;
    const observer = { signal: new AbortController().signal, progress: () => undefined };
    const { outcome } = await proxy.import({ job: 'j', from: { sample: true } }, observer);
    const studyId = outcome.studyIds[0] as string;
    await pageOf(pair).ask('annotations.append', { studyId, entries: [putMark('m')] });
    expect(said.filter(({ type }) => type === 'change')).toHaveLength(1);
    expect(said.at(-1)).toMatchObject({ type: 'told', operation: 'annotations.append', studyId });
    for (const message of [null, 'x', {}, { request: 'a', operation: 'studies.search' }])
      await service.answerOperation({ postMessage: () => expect.unreachable() }, message);
    const foreign = await pageOf(pair).answer('session.lock', {});
    expect(foreign).toEqual({ ok: false, error: { code: 'ipc/forbidden', details: {} } });
    const clerk = wire();
    const other = await TempVault.make();
    const entered: Entered = { roles: ['technologist'], name: 'clerk' };
    await clerk.proxy.openVault(other.open, { create: true, entered });
    expect(await pageOf(clerk).answer('annotations.load', { studyId })).toMatchObject({
      error: { code: 'users/not-permitted' },
    });
    expect((await pageOf(clerk).ask('studies.search', EVERYTHING)).all).toBe(0);
    clerk.proxy.shutdown();
    await clerk.exited;
    await other.remove();
  });

  it('says why a vault can not be opened', async () => {
    const second = wire();
    await expect(second.proxy.openVault(temp.open, { create: false, entered: OWNER })).rejects.toMatchObject({
      code: 'vault/in-use',
    });
    await expect(second.proxy.open('f'.repeat(32))).rejects.toMatchObject({ code: 'vault/locked' });
    second.proxy.shutdown();
    await second.exited;
  });
});
