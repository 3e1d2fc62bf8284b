import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base64Forms, createMarkers, needlesOf, storedRow } from './markers.ts';
import { Searcher } from './search.ts';

const markers = createMarkers(['familyName', 'label']);
const needles = needlesOf(markers, -1024);
const searcher = new Searcher(needles);
const name = markers.words['familyName'] ?? '';

function encodings(bytes: Buffer): string[] {
  return searcher.search('x', bytes).map((hit) => `${hit.marker} ${hit.encoding}`);
}

describe('the forensic sweep', () => {
  it('finds each needle anywhere in noise and nothing in noise alone', () => {
    const noise = Buffer.alloc(100_000);
    for (let i = 0; i < noise.length; i++) noise[i] = (i * 7919 + (i >> 8) * 31) & 255;
    expect(searcher.search('x', noise)).toEqual([]);
    for (const [i, needle] of needles.entries()) {
      const bytes = Buffer.from(noise);
      needle.bytes.copy(bytes, 1000 + i * 13);
      expect(searcher.search('x', bytes)).toContainEqual({
        file: 'x',
        offset: 1000 + i * 13,
        marker: needle.marker,
        encoding: needle.encoding,
      });
    }
  });

  it('finds a word in Base64 whatever surrounds it', () => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      for (const after of ['', 'y', 'yz']) {
        const text = Buffer.from(`${before}${name}${after}`).toString('base64');
        expect(encodings(Buffer.from(`{"v":"${text}"}`))).toContain('familyName base64');
      }
    }
    expect(base64Forms(Buffer.from('any carnal pleas'))).toHaveLength(3);
  });

  it('finds a word in UTF-16 of either order and in hexadecimal', () => {
    expect(encodings(Buffer.from(`"${name.toLowerCase()}"`, 'utf16le'))).toContain('familyName utf-16le');
    expect(encodings(Buffer.from(`x${name}`, 'utf16le').swap16())).toContain('familyName utf-16be');
    expect(encodings(Buffer.from(Buffer.from(name).toString('hex').toUpperCase()))).toContain('familyName hex');
  });

  it('finds the marked pixels as stored, as Hounsfield units and as shown', () => {
    expect(encodings(storedRow(markers.row, -1024))).toContain('pixels 16-bit row');
    expect(encodings(storedRow(markers.row, 0))).toContain('pixels 16-bit row');
    const shown = Buffer.from(markers.row.flatMap((bright) => (bright ? [255, 255, 255, 255] : [0, 0, 0, 255])));
    expect(encodings(shown)).toContain('pixels 8-bit rgba row');
  });

  it('finds what lies across the windows that a large file is read in, once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-search-'));
    try {
      const bytes = Buffer.alloc(33 * 1024 * 1024);
      const places = [16 * 1024 * 1024 - 5, 32 * 1024 * 1024 - 1, bytes.length - name.length];
      for (const place of places) bytes.write(name, place, 'utf8');
      const path = join(folder, 'large');
      await writeFile(path, bytes);
      const found = await searcher.searchFile(path);
      expect(found.bytes).toBe(bytes.length);
      expect(found.hits.map((hit) => hit.offset)).toEqual(places);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
