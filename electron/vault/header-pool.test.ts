import { afterEach, describe, expect, it } from 'vitest';
import { syntheticFile } from '../../test/fixtures/dicom.ts';
import { HeaderPool } from './header-pool.ts';
import { unpackText } from './records.ts';

let pool: HeaderPool;

afterEach(() => pool.close());

/** A file whose header is a great many empty sequences' items: slow to parse, and large once parsed. */
function hugeHeader(items: number): Uint8Array {
  const start = syntheticFile('sr');
  const item = [0xfe, 0xff, 0x00, 0xe0, 0x08, 0, 0, 0, 0x08, 0, 0x05, 0, 0x43, 0x53, 0, 0];
  const sequence = Buffer.alloc(12 + items * item.length);
  sequence.set([0x40, 0, 0x75, 0xa3, 0x53, 0x51, 0, 0]);
  sequence.writeUInt32LE(items * item.length, 8);
  for (let i = 0; i < items; i++) sequence.set(item, 12 + i * item.length);
  return Buffer.concat([start, sequence]);
}

describe('header pool', () => {
  it('parses many at a time', async () => {
    pool = new HeaderPool();
    const bytes = syntheticFile('mr');
    const headers = await Promise.all(Array.from({ length: 40 }, () => pool.parse(bytes, bytes.length)));
    for (const header of headers) {
      if ('need' in header) throw new Error('the whole file was given');
      expect(JSON.parse(unpackText(header.deflatedJson))['00080060'].Value).toEqual(['MR']);
    }
  });

  it('refuses a header that takes too long, and goes on with another worker', async () => {
    pool = new HeaderPool({ milliseconds: 150, workers: 1 });
    const slow = hugeHeader(3_000_000);
    const quick = syntheticFile('cr');
    const results = await Promise.allSettled([pool.parse(slow, slow.length), pool.parse(quick, quick.length)]);
    expect(results[0]).toMatchObject({
      status: 'rejected',
      reason: { code: expect.stringMatching(/^(import|dicom)\/header-too/) },
    });
    expect(results[1].status).toBe('fulfilled');
  });

  it('tries the headers again that were in one message with it', async () => {
    pool = new HeaderPool({ milliseconds: 300, workers: 1 });
    const quick = syntheticFile('cr');
    await pool.parse(quick, quick.length);
    const slow = hugeHeader(3_000_000);
    const files = [quick, quick, quick, slow, quick, quick];
    const results = await Promise.allSettled(files.map((bytes) => pool.parse(bytes, bytes.length)));
    expect(results.map(({ status }) => status)).toEqual(
      files.map((file) => (file === slow ? 'rejected' : 'fulfilled')),
    );
  });

  it('survives a worker that runs out of memory', async () => {
    pool = new HeaderPool({ heapMiB: 40, workers: 1 });
    const large = hugeHeader(900_000);
    await expect(pool.parse(large, large.length)).rejects.toMatchObject({
      code: expect.stringMatching(/^(import\/header-memory|dicom\/header-too-large|import\/header-too-slow)$/),
    });
    const quick = syntheticFile('cr');
    expect('need' in (await pool.parse(quick, quick.length))).toBe(false);
  });

  it('refuses what is asked after it was closed', async () => {
    pool = new HeaderPool();
    await pool.close();
    await expect(pool.parse(new Uint8Array(1), 1)).rejects.toMatchObject({ code: 'vault/cancelled' });
  });
});
