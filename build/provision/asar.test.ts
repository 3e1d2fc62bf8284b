import { describe, expect, it } from 'vitest';
import { packAsar } from './asar.ts';

describe('packAsar', () => {
  it('writes what the format says: sizes, index, files one after the other', () => {
    const archive = packAsar({ 'package.json': '{}', 'main.mjs': 'x = "ü"' });
    const [pickle, header, padded, json] = [0, 4, 8, 12].map((at) => archive.readUInt32LE(at));
    expect(pickle).toBe(4);
    expect(header).toBe((padded ?? 0) + 4);
    const index = JSON.parse(archive.subarray(16, 16 + (json ?? 0)).toString());
    expect(index).toEqual({
      files: { 'package.json': { size: 2, offset: '0' }, 'main.mjs': { size: 8, offset: '2' } },
    });
    expect(archive.subarray(8 + (header ?? 0)).toString()).toBe('{}x = "ü"');
  });
});
