import { describe, expect, it } from 'vitest';
import { ChosenFiles } from './chosen-files.ts';

describe('chosen files', () => {
  it('are known to the window by a handle that says nothing and is spent once', () => {
    const chosen = new ChosenFiles();
    const handle = chosen.add(['/scans/DOE']);
    expect(handle).toMatch(/^[0-9a-f]{32}$/);
    expect(chosen.take(handle)).toEqual(['/scans/DOE']);
    expect(() => chosen.take(handle)).toThrowError(expect.objectContaining({ code: 'import/no-such-source' }));
  });

  it('must be absolute paths, as only the preload can make them', () => {
    expect(() => new ChosenFiles().add(['../secret'])).toThrowError(
      expect.objectContaining({ code: 'ipc/bad-request' }),
    );
  });

  it('are forgotten, oldest first, when nobody imports them', () => {
    const chosen = new ChosenFiles();
    const handles = Array.from({ length: 40 }, (_, i) => chosen.add([`/${i}`]));
    expect(() => chosen.take(handles[0] ?? '')).toThrow();
    expect(chosen.take(handles[39] ?? '')).toEqual(['/39']);
  });
});
