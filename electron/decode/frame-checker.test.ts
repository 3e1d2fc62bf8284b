import { describe, expect, it } from 'vitest';
import type { Verdict } from './check-frame.ts';
import type { CheckAnswer } from './check-protocol.ts';
import { type CheckChannel, FrameChecker } from './frame-checker.ts';

const FRAME = { transferSyntaxUid: '1.2.840.10008.1.2.5', bytes: new Uint8Array(4), header: '{}' };

type Behaviour = Verdict | 'hangs' | 'dies';

/** A checking process that behaves as it is told, frame by frame; `starts` counts how many there were. */
function stage(behaviours: Behaviour[], comesUp = true) {
  const log = { starts: 0, kills: 0 };
  const start = (): CheckChannel => {
    log.starts += 1;
    let listener: (answer: CheckAnswer | null) => void = () => undefined;
    return {
      postMessage: ({ id }) => {
        const next = behaviours.shift() ?? 'hangs';
        if (next === 'hangs') return;
        queueMicrotask(() => listener(next === 'dies' ? null : { id, verdict: next }));
      },
      listen: (heard) => {
        listener = heard;
        queueMicrotask(() => heard(comesUp ? { ready: true } : null));
      },
      kill: () => {
        log.kills += 1;
      },
    };
  };
  return { log, start };
}

describe('checking frames', () => {
  it('goes on in one process', async () => {
    const { log, start } = stage(['sound', 'doubtful', 'damaged']);
    const checker = new FrameChecker(start);
    const verdicts = [await checker.check(FRAME), await checker.check(FRAME), await checker.check(FRAME)];
    expect(verdicts).toEqual(['sound', 'doubtful', 'damaged']);
    checker.close();
    expect(log).toEqual({ starts: 1, kills: 1 });
  });

  it.each(['hangs', 'dies'] as const)('calls a frame damaged whose decoding %s, and starts anew', async (fate) => {
    const { log, start } = stage([fate, 'sound']);
    const checker = new FrameChecker(start, 30);
    expect(await checker.check(FRAME)).toBe('damaged');
    expect(await checker.check(FRAME)).toBe('sound');
    checker.close();
    expect(log).toEqual({ starts: 2, kills: 2 });
  });

  it('says nothing about a frame where no process starts', async () => {
    const { start } = stage([], false);
    await expect(new FrameChecker(start).check(FRAME)).rejects.toMatchObject({ code: 'vault/unexpected' });
  });
});
