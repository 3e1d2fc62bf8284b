import { describe, expect, it } from 'vitest';
import { ImageError } from './errors.ts';
import { type FrameSource, StudyReader } from './study-reader.ts';

const OBJECT = '0'.repeat(32);
const frame = { transferSyntaxUid: '1.2.840.10008.1.2.1', bytes: new Uint8Array(1) };

/** A vault that knows one handle at a time, as a process does. */
function vault(first: string) {
  const state = { handle: first, up: true, asked: 0 };
  const check = (handle: string): void => {
    state.asked += 1;
    if (!state.up) throw new ImageError('vault/locked', 'the port is gone');
    if (handle !== state.handle) throw new ImageError('vault/no-such-handle', 'another process');
  };
  const source: FrameSource = {
    async frame(handle) {
      check(handle);
      return frame;
    },
    async headers(handle, ids) {
      check(handle);
      return ids.map(() => '{}');
    },
  };
  return { state, source };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a study whose vault process dies', () => {
  it('waits for the next handle and gets its frames and headers', async () => {
    const { state, source } = vault('a');
    const reader = new StudyReader('a', source, true);
    state.up = false;
    const asked = reader.frame(OBJECT, 1, 0);
    const headers = reader.loadHeaders([OBJECT]);
    await soon();
    state.up = true;
    state.handle = 'b';
    reader.reopen('b');
    await expect(asked).resolves.toBe(frame);
    await headers;
    expect(reader.header(OBJECT)).toEqual({});
    expect(reader.handle).toBe('a');
    expect(reader.current).toBe('b');
  });

  it('fails what waits when the study can’t be opened again, and when it is closed', async () => {
    const { state, source } = vault('a');
    const reader = new StudyReader('a', source, true);
    state.handle = 'b';
    const first = reader.frame(OBJECT, 1, 0);
    await soon();
    reader.lost(new ImageError('vault/no-such-study', 'gone'));
    await expect(first).rejects.toMatchObject({ code: 'vault/no-such-study' });
    const second = reader.frame(OBJECT, 1, 0);
    await soon();
    reader.close();
    await expect(second).rejects.toMatchObject({ code: 'vault/locked' });
    await expect(reader.frame(OBJECT, 1, 0)).rejects.toMatchObject({ code: 'vault/no-such-handle' });
  });

  it('fails at once where nobody opens it again', async () => {
    const { state, source } = vault('a');
    state.up = false;
    const reader = new StudyReader('a', source, false);
    await expect(reader.frame(OBJECT, 1, 0)).rejects.toMatchObject({ code: 'vault/locked' });
    expect(state.asked).toBe(1);
  });
});
