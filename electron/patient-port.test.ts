import { describe, expect, it } from 'vitest';
import { type PagePort, PatientPort } from './patient-port.ts';
import type { PatientRequest } from './vault/operations-port.ts';

/** The vault process' end. */
function farEnd() {
  const asked: PatientRequest[] = [];
  let closed: () => void = () => undefined;
  const port: PagePort = {
    postMessage: (message) => asked.push(message),
    onmessage: null,
    addEventListener: (_type, listener) => {
      closed = listener;
    },
    close: () => undefined,
  };
  const give = (request: number, value: unknown) =>
    port.onmessage?.({ data: { request, answer: { ok: true, value } } });
  return { port, asked, give, end: () => closed() };
}

const there = async () => ({ ok: true, value: null }) as const;
const locked = { ok: false, error: { code: 'vault/locked', details: {} } } as const;

describe("the preload's port for a patient's data", () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const patients = new PatientPort();
    const far = farEnd();
    patients.attach(far.port);
    const first = patients.call('studies.search', { text: 'a' }, there);
    const second = patients.call('studies.details', { studyId: 'b' }, there);
    await Promise.resolve();
    expect(far.asked.map(({ operation, body }) => [operation, body])).toEqual([
      ['studies.search', { text: 'a' }],
      ['studies.details', { studyId: 'b' }],
    ]);
    far.give(far.asked[1]?.request ?? 0, 2);
    far.give(far.asked[0]?.request ?? 0, 1);
    far.give(99, 3);
    expect([await first, await second]).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
  });

  it('waits for a port that main says is on its way, and not while the vault is locked', async () => {
    const patients = new PatientPort();
    expect(await patients.call('studies.search', {}, async () => locked)).toEqual(locked);
    const waiting = patients.call('studies.search', {}, there);
    const far = farEnd();
    await new Promise((resolve) => setTimeout(resolve));
    patients.attach(far.port);
    await expect.poll(() => far.asked).toHaveLength(1);
    far.give(far.asked[0]?.request ?? 0, 'rows');
    expect(await waiting).toEqual({ ok: true, value: 'rows' });
  });

  it('owes "locked" when the port ends or another takes its place', async () => {
    const patients = new PatientPort();
    const first = farEnd();
    patients.attach(first.port);
    const owed = patients.call('studies.search', {}, there);
    await Promise.resolve();
    patients.attach(farEnd().port);
    expect(await owed).toEqual(locked);
    first.end();
    const second = farEnd();
    patients.attach(second.port);
    const last = patients.call('studies.search', {}, there);
    await Promise.resolve();
    second.end();
    expect(await last).toEqual(locked);
    expect(await patients.call('studies.search', {}, async () => locked)).toEqual(locked);
  });
});
