import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asGiven } from './import.ts';

describe('paths of an import report', () => {
  it('are those that were given, whatever the vault made of them', () => {
    const name = asGiven(['scans/', 'mr.zip', join('scans', 'deep')]);
    expect(name(resolve('scans', 'a.dcm'))).toBe(join('scans', 'a.dcm'));
    expect(name(resolve('scans', 'deep', 'b.dcm'))).toBe(join('scans', 'deep', 'b.dcm'));
    expect(name(`${resolve('mr.zip')}!IM/0001`)).toBe('mr.zip!IM/0001');
    expect(name(resolve('mr.zip'))).toBe('mr.zip');
    expect(name(resolve('mr.zippy'))).toBe(resolve('mr.zippy'));
  });
});
