import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LabOutcome } from '../../core/contract/laboratory.ts';
import { labOutcome } from '../../core/contract/laboratory.ts';
import { Engine, type EngineChannel } from './engine.ts';
import { startNodeEngine } from './node-channel.ts';
import type { TaskProgress, ToEngine } from './protocol.ts';

const phantom = (side: number) => ({ picture: { from: 'phantom', side } as const, window: null });
const options = (signal: AbortSignal, heard: TaskProgress[] = []) => ({
  answer: labOutcome,
  signal,
  progress: (at: TaskProgress) => void heard.push(at),
});
const patient = (): AbortSignal => new AbortController().signal;

let engine: Engine | null = null;
afterEach(() => engine?.stop());

describe('the engine process', () => {
  it('runs a task, says how far it is, and answers with pictures', async () => {
    engine = new Engine(startNodeEngine);
    const heard: TaskProgress[] = [];
    const input = { ...phantom(64), system: 'aes-256-gcm', parameters: {} };
    const made = (await engine.run('lab.run', input, options(patient(), heard))) as LabOutcome & { kind: 'run' };
    expect(made.report.run.labels.fidelity).toBe('lossless');
    expect(made.recovered.samples).toEqual(made.original.samples);
    expect(made.cipher.samples).toHaveLength(64 * 64);
    expect(heard.at(-1)?.done).toBe(heard.at(-1)?.total);
    expect(heard.length).toBeGreaterThan(2);
  }, 30_000);

  it('passes the sentence of a refusal on', async () => {
    engine = new Engine(startNodeEngine);
    const run = engine.run('lab.run', { ...phantom(64), system: 'rot13', parameters: {} }, options(patient()));
    await expect(run).rejects.toMatchObject({
      code: 'systems/unknown-system',
      message: expect.stringContaining('rot13'),
    });
  }, 30_000);

  it('is ended within a second by a cancel that the task does not hear, and a new one works', async () => {
    engine = new Engine(startNodeEngine);
    const abort = new AbortController();
    const slow = { ...phantom(2048), system: 'ahmad-perceptual', parameters: {} };
    const running = engine.run('lab.run', slow, options(abort.signal));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const asked = performance.now();
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(engine.isUp).toBe(false);
    const input = { ...phantom(32), system: 'aes-256-gcm', parameters: {} };
    await expect(engine.run('lab.run', input, options(patient()))).resolves.toMatchObject({ kind: 'run' });
  }, 30_000);
});

/** An engine that a test plays. */
class PlayedChannel implements EngineChannel {
  readonly sent: ToEngine[] = [];
  readonly #listeners = { message: (_message: unknown): void => undefined, exit: (): void => undefined };
  killed = false;
  bytes: number | null = null;

  postMessage(message: ToEngine): void {
    this.sent.push(message);
  }
  connect(): void {
    this.sent.push({ type: 'connect' });
  }
  on(event: 'message' | 'exit', listener: (message: never) => void): void {
    Object.assign(this.#listeners, { [event]: listener });
  }
  kill(): void {
    this.killed = true;
    this.#listeners.exit();
  }
  async residentBytes(): Promise<number | null> {
    return this.bytes;
  }
  say(message: unknown): void {
    this.#listeners.message(message);
  }
  die(): void {
    this.#listeners.exit();
  }
}

/** An engine over played channels, in the order of their start. */
function played(limits: Partial<ConstructorParameters<typeof Engine>[1]> = {}) {
  const channels: PlayedChannel[] = [];
  const made = new Engine(() => {
    const channel = new PlayedChannel();
    channels.push(channel);
    return channel;
  }, limits);
  engine = made;
  const start = (signal = patient()): Promise<number> =>
    made.run(
      'lab.run',
      { ...phantom(16), system: 'aes-256-gcm', parameters: {} },
      {
        answer: z.number(),
        signal,
        progress: () => undefined,
      },
    );
  const ready = (count: number): Promise<PlayedChannel> =>
    expect
      .poll(() => channels[count - 1]?.sent.length ?? 0)
      .toBeGreaterThan(0)
      .then(() => channels[count - 1] as PlayedChannel);
  return { made, channels, start, ready };
}

describe('the engine as main holds it', () => {
  it('runs one task at a time in one process and ends it when idle', async () => {
    const { made, channels, start, ready } = played({ idle: 30 });
    const both = [start(), start()];
    const channel = await ready(1);
    expect(channel.sent.filter(({ type }) => type === 'run')).toHaveLength(1);
    channel.say({ type: 'done', id: 1, value: 7 });
    expect(await both[0]).toBe(7);
    await expect.poll(() => channel.sent.filter(({ type }) => type === 'run').length).toBe(2);
    channel.say({ type: 'done', id: 2, value: 8 });
    expect(await both[1]).toBe(8);
    expect(channels).toHaveLength(1);
    await expect.poll(() => made.isUp).toBe(false);
    expect(channel.killed).toBe(true);
  });

  it('says a crash, and gives the next task a new process', async () => {
    const { channels, start, ready } = played();
    const first = start();
    (await ready(1)).die();
    await expect(first).rejects.toMatchObject({ code: 'engine/crashed' });
    const second = start();
    (await ready(2)).say({ type: 'done', id: 2, value: 1 });
    expect(await second).toBe(1);
    expect(channels).toHaveLength(2);
  });

  it('ends a process that takes too much memory', async () => {
    const { start, ready } = played({ memory: 1000, look: 10 });
    const running = start();
    const channel = await ready(1);
    channel.bytes = 1001;
    await expect(running).rejects.toMatchObject({ code: 'engine/memory' });
    expect(channel.killed).toBe(true);
  });

  it('trusts no answer: another shape, or no message of the protocol, ends the process', async () => {
    const { start, ready } = played();
    const wrong = start();
    const first = await ready(1);
    first.say({ type: 'done', id: 1, value: 'seven' });
    await expect(wrong).rejects.toMatchObject({ code: 'engine/answer' });
    expect(first.killed).toBe(true);
    const garbled = start();
    const second = await ready(2);
    second.say({ type: 'open', path: '/etc/passwd' });
    await expect(garbled).rejects.toMatchObject({ code: 'engine/answer' });
    expect(second.killed).toBe(true);
  });

  it('starts nothing for what was cancelled before its turn, and a lock ends what runs', async () => {
    const { made, channels, start, ready } = played();
    const running = start();
    const waiting = new AbortController();
    const late = start(waiting.signal);
    waiting.abort();
    await ready(1);
    made.stop();
    await expect(running).rejects.toMatchObject({ code: 'engine/cancelled' });
    await expect(late).rejects.toMatchObject({ code: 'engine/cancelled' });
    expect(channels).toHaveLength(1);
  });
});
