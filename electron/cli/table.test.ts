import { describe, expect, it } from 'vitest';
import { bytesText, dateText, nameText, printable, table } from './table.ts';

describe('printed values', () => {
  it('are tidy', () => {
    expect(bytesText(999)).toBe('999 B');
    expect(bytesText(1_500)).toBe('1.5 KB');
    expect(bytesText(77_000_000)).toBe('77 MB');
    expect(dateText('20261120')).toBe('2026-11-20');
    expect(dateText('')).toBe('');
    expect(nameText('DOE^JANE^^DR=漢字')).toBe('DOE, JANE DR');
    expect(nameText('DOE')).toBe('DOE');
  });

  it('carry no command to the terminal', () => {
    expect(printable('a\u001b[2Jb\u202ec')).toBe('a [2Jb c');
  });

  it('stand in columns', () => {
    const columns = [
      { title: 'NAME', value: (row: { name: string; count: number }) => row.name, width: 6 },
      { title: 'N', value: (row: { name: string; count: number }) => String(row.count), align: 'right' as const },
    ];
    expect(
      table(columns, [
        { name: 'DOE', count: 7 },
        { name: 'LONGNAME', count: 148 },
      ]),
    ).toBe(['NAME      N', 'DOE       7', 'LONGN…  148', ''].join('\n'));
  });
});
