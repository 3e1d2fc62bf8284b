import { describe, expect, it } from 'vitest';
import { mark } from '../../test/fixtures/marks.ts';
import { type JournalEntry, replay } from './annotation.ts';
import { History } from './history.ts';

describe('annotation history', () => {
  it('gives journal entries whose replay equals the screen after draw, edit, undo, redo, delete', () => {
    const history = new History();
    const journal: JournalEntry[] = [];
    journal.push(history.record({ before: null, after: mark('a') }));
    journal.push(history.record({ before: mark('a'), after: mark('a', { label: 'nodule' }) }));
    journal.push(history.record({ before: null, after: mark('b') }));
    expect(replay(journal).map((m) => m.uid)).toEqual(['a', 'b']);

    const undone = history.undo();
    expect(undone?.entry).toEqual({ op: 'remove', uid: 'b' });
    if (undone) journal.push(undone.entry);
    const edited = history.undo();
    if (edited) journal.push(edited.entry);
    expect(replay(journal)).toEqual([mark('a')]);

    const redone = history.redo();
    if (redone) journal.push(redone.entry);
    expect(replay(journal)).toEqual([mark('a', { label: 'nodule' })]);

    journal.push(history.record({ before: mark('a', { label: 'nodule' }), after: null }));
    expect(replay(journal)).toEqual([]);
    expect(history.canRedo).toBe(false);
    expect(history.redo()).toBeNull();
  });

  it('has nothing to undo at the start', () => {
    expect(new History().undo()).toBeNull();
  });

  it('refuses a change of nothing into nothing', () => {
    expect(() => new History().record({ before: null, after: null })).toThrow(RangeError);
  });
});
