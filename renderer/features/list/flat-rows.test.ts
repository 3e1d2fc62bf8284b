import { describe, expect, it } from 'vitest';
import { lineAt, lineCount, lineOf } from './flat-rows.ts';

describe('the lines of the list', () => {
  const unfolded = [
    { index: 1, lines: 2 },
    { index: 3, lines: 1 },
  ];

  it('are studies with the lines of unfolded ones between them', () => {
    const lines = Array.from({ length: lineCount(5, unfolded) }, (_, line) => lineAt(line, unfolded));
    expect(lines.map(({ index, below }) => `${index}${below === null ? '' : `.${below}`}`)).toEqual([
      '0',
      '1',
      '1.0',
      '1.1',
      '2',
      '3',
      '3.0',
      '4',
    ]);
  });

  it('find each study again', () => {
    for (let index = 0; index < 5; index++)
      expect(lineAt(lineOf(index, unfolded), unfolded)).toEqual({ index, below: null });
  });
});
