import { describe, expect, it } from 'vitest';
import { VitrineError } from '../core/errors.ts';
import { checkedEvent, createDispatch } from './dispatch.ts';
import type { Handlers } from './handlers/context.ts';

const STUDY = '0123456789abcdef0123456789abcdef';

function stage(handlers: Partial<Handlers>) {
  const answered: [string, string | null][] = [];
  const unexpected: unknown[] = [];
  const dispatch = createDispatch(handlers as Handlers, () => 'handle', {
    answered: (operation, code) => answered.push([operation, code]),
    permit: (operation) => {
      if (operation === 'session.repairKeychain')
        throw new VitrineError('users/not-permitted', 'no', { details: { needs: 'administrator' } });
    },
    isUnlocked: () => true,
    unexpected: (_operation, error) => unexpected.push(error),
  });
  return { dispatch, answered, unexpected };
}

describe('the dispatcher', () => {
  it('answers what the handler answers, and tells the audit', async () => {
    const { dispatch, answered } = stage({ 'studies.open': async ({ studyId }) => ({ handle: `for ${studyId}` }) });
    expect(await dispatch('studies.open', { studyId: STUDY })).toEqual({ ok: true, value: { handle: `for ${STUDY}` } });
    expect(answered).toEqual([['studies.open', null]]);
  });

  it('asks whether who is signed in may, before the handler runs', async () => {
    let calls = 0;
    const { dispatch, answered } = stage({
      'session.repairKeychain': async () => {
        calls += 1;
        throw new VitrineError('vault/locked', 'not reached');
      },
    });
    expect(await dispatch('session.repairKeychain', {})).toEqual({
      ok: false,
      error: { code: 'users/not-permitted', details: { needs: 'administrator' } },
    });
    expect(calls).toBe(0);
    expect(answered).toEqual([['session.repairKeychain', 'users/not-permitted']]);
  });

  it('refuses requests that break the schema before the handler sees them', async () => {
    let calls = 0;
    const { dispatch, answered } = stage({
      'studies.open': async () => {
        calls += 1;
        return { handle: '' };
      },
    });
    for (const request of [undefined, null, 'x', {}, { studyId: '../../etc' }, { studyId: STUDY, path: '/etc' }, []])
      expect(await dispatch('studies.open', request)).toEqual({
        ok: false,
        error: { code: 'ipc/bad-request', details: {} },
      });
    expect(calls).toBe(0);
    expect(answered[0]).toEqual(['studies.open', 'ipc/bad-request']);
  });

  it('does not let a response out that the contract does not know', async () => {
    const leak = { handle: 'h', masterKey: 'x' };
    const { dispatch, unexpected } = stage({ 'studies.open': async () => leak });
    expect(await dispatch('studies.open', { studyId: STUDY })).toEqual({
      ok: false,
      error: { code: 'ipc/bad-response', details: {} },
    });
    expect(unexpected).toHaveLength(1);
  });

  it('keeps code and details of our errors, and nothing of others', async () => {
    const { dispatch, unexpected } = stage({
      'studies.open': async () => {
        throw new VitrineError('vault/no-such-study', 'message with /a/path', {
          details: { count: 3 },
          cause: 'cause',
        });
      },
      'session.lock': async () => {
        throw new Error('ENOENT: /home/ada/DOE^JANE.dcm');
      },
    });
    expect(await dispatch('studies.open', { studyId: STUDY })).toEqual({
      ok: false,
      error: { code: 'vault/no-such-study', details: { count: 3 } },
    });
    const other = await dispatch('session.lock', {});
    expect(other).toEqual({ ok: false, error: { code: 'ipc/unexpected', details: {} } });
    expect(JSON.stringify(other)).not.toContain('DOE');
    expect(unexpected).toHaveLength(1);
  });

  it('answers no channel that is not in the contract', async () => {
    const { dispatch, answered } = stage({});
    for (const channel of ['get-key', '__proto__', 'toString', ''])
      expect(await dispatch(channel, {})).toEqual({ ok: false, error: { code: 'ipc/forbidden', details: {} } });
    expect(answered[0]).toEqual(['unknown.channel', 'ipc/forbidden']);
  });

  it('leaves what says something of a patient to the vault process, and hears none of it', async () => {
    const { dispatch, answered } = stage({});
    expect(await dispatch('studies.search', null)).toEqual({ ok: true, value: null });
    expect(await dispatch('annotations.append', { studyId: STUDY, entries: [] })).toEqual({ ok: true, value: null });
    expect(answered).toEqual([]);
  });

  it('turns dropped paths into a handle', async () => {
    const { dispatch } = stage({});
    expect(await dispatch('preload.registerDrop', { paths: ['/a'] })).toEqual({
      ok: true,
      value: { source: 'handle' },
    });
    expect(await dispatch('preload.registerDrop', { paths: [''] })).toMatchObject({ ok: false });
  });
});

describe('events', () => {
  it('leave only in the shape of the contract', () => {
    expect(checkedEvent('command', { id: 'import.open' })).toEqual({ id: 'import.open' });
    expect(() => checkedEvent('command', { id: 'x', name: 'DOE' } as never)).toThrow('contract');
  });
});
