import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { run } from '../../build/provision/command.ts';
import { toHex } from '../../core/bytes.ts';
import { nativeEngine, nativeIsOwed, nativeTitle } from '../../test/fixtures/engines.ts';
import { loadNativeEngine, type NativeEngine } from './index.ts';

const SEGMENT = 40;
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
const aad = bytes(3, 4);

it('is there where continuous integration can build it', () => {
  expect(nativeIsOwed).toBe(false);
});

describe.skipIf(nativeEngine === null)(nativeTitle, () => {
  const engine = nativeEngine as NativeEngine;
  const sealerOf = (key = engine.NativeKey.fromBytes(bytes(32, 1))) => engine.NativeSealer.create(key, aad, SEGMENT, 2);
  const headerOf = (sealer: ReturnType<typeof sealerOf>) => {
    const header = new Uint8Array(74);
    sealer.header(header);
    return header;
  };

  it('is loaded once', () => {
    expect(loadNativeEngine()).toBe(loadNativeEngine());
    expect(loadNativeEngine().reason).toBeNull();
  });

  it('refuses wrong lengths, types and overlaps instead of reading past an end', () => {
    const key = engine.NativeKey.fromBytes(bytes(32, 1));
    for (const length of [0, 31, 33]) expect(() => engine.NativeKey.fromBytes(bytes(length, 1))).toThrow('32 bytes');
    expect(() => engine.NativeKey.fromBytes('x' as unknown as Uint8Array)).toThrow('Uint8Array');
    expect(() => engine.NativeKey.fromBytes(new Float32Array(32) as unknown as Uint8Array)).toThrow('Uint8Array');
    expect(() => engine.NativeKey.fromBytes(new Uint8Array(new SharedArrayBuffer(32)))).toThrow('shared memory');
    expect(() => engine.NativeSealer.create(key, aad, 32, 2)).toThrow('parameters');
    expect(() => engine.NativeSealer.create(key, aad, SEGMENT, 41)).toThrow('parameters');
    expect(() => engine.NativeSealer.create({} as never, aad, SEGMENT, 2)).toThrow();
    expect(() => engine.NativeOpener.create(key, aad, bytes(73, 0), SEGMENT, 2)).toThrow('74 bytes');
    const sealer = sealerOf();
    expect(() => sealer.header(new Uint8Array(75))).toThrow('74 bytes');
    expect(() => sealer.seal(bytes(7, 0), false, new Uint8Array(39))).toThrow('final segment');
    expect(() => sealer.seal(bytes(8, 0), false, new Uint8Array(39))).toThrow('length');
    expect(() => sealer.seal(bytes(8, 0), false, new Uint8Array(41))).toThrow('length');
    expect(() => sealer.seal(bytes(8, 0), false, new Uint8Array(40), bytes(11, 0))).toThrow('length');
    const shared = new Uint8Array(48);
    expect(() => sealer.seal(shared.subarray(40), false, shared.subarray(0, 40))).not.toThrow();
    expect(() => sealer.seal(shared.subarray(39, 47), false, shared.subarray(0, 40))).toThrow('share memory');
    const opener = engine.NativeOpener.create(key, aad, headerOf(sealer), SEGMENT, 2);
    for (const position of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => opener?.open(position, false, bytes(40, 0), 0, new Uint8Array(8))).toThrow('position');
    expect(() => opener?.open(0, false, bytes(40, 0), 1, new Uint8Array(8))).toThrow('holds');
    expect(() => opener?.open(0, false, bytes(39, 0), 0, new Uint8Array(0))).toThrow('segments');
    expect(() => engine.hkdfExpand(bytes(32, 0), aad, new Uint8Array(12_241))).toThrow('12240');
    expect(() => engine.aesSeal(bytes(31, 0), bytes(12, 0), aad, aad, new Uint8Array(19))).toThrow('32 bytes');
    expect(() => engine.aesSeal(bytes(32, 0), bytes(12, 0), aad, aad, new Uint8Array(18))).toThrow('16 bytes longer');
  });

  it('names the altered segment, and gives out nothing of the run', () => {
    const sealer = sealerOf();
    const sealed = new Uint8Array(4 * SEGMENT);
    sealer.seal(bytes(32, 9), true, sealed);
    const key = engine.NativeKey.fromBytes(bytes(32, 1));
    const opener = engine.NativeOpener.create(key, aad, headerOf(sealer), SEGMENT, 2);
    for (let at = 0; at < sealed.length; at++) {
      const altered = sealed.slice();
      altered[at] = (altered[at] ?? 0) ^ 0x10;
      const out = bytes(32, 7);
      expect(opener?.open(0, true, altered, 0, out)).toBe(Math.floor(at / SEGMENT));
      expect(out).toEqual(bytes(32, 0));
    }
    const out = new Uint8Array(32);
    expect(opener?.open(0, true, sealed, 0, out)).toBe(-1);
    expect(out).toEqual(bytes(32, 9));
    expect(opener?.open(1, true, sealed, 0, out)).toBe(1);
    const header = headerOf(sealer);
    expect(engine.NativeOpener.create(key, bytes(3, 5), header, SEGMENT, 2)).toBeNull();
    expect(engine.NativeOpener.create(engine.NativeKey.generate(), aad, header, SEGMENT, 2)).toBeNull();
  });

  it('uses no handle after its end, and lets what was made from a closed key go on', () => {
    const key = engine.NativeKey.generate();
    const sealer = sealerOf(key);
    const header = headerOf(sealer);
    const opener = engine.NativeOpener.create(key, aad, header, SEGMENT, 2);
    key.close();
    key.close();
    expect(() => key.derive(aad)).toThrow('closed');
    expect(() => engine.NativeSealer.create(key, aad, SEGMENT, 2)).toThrow('closed');
    expect(() => engine.NativeKey.generate().wrap(key, bytes(24, 0), aad, new Uint8Array(48))).toThrow('closed');
    const sealed = new Uint8Array(SEGMENT);
    sealer.seal(bytes(8, 3), true, sealed);
    expect(() => sealer.seal(bytes(8, 3), true, sealed)).toThrow('finished');
    expect(opener?.open(0, true, sealed, 0, new Uint8Array(8))).toBe(-1);
    sealer.close();
    opener?.close();
    expect(() => sealer.seal(bytes(8, 3), true, sealed)).toThrow('closed');
    expect(() => opener?.open(0, true, sealed, 0, new Uint8Array(8))).toThrow('closed');
  });

  it('keeps many objects apart that are sealed in turns', () => {
    const all = Array.from({ length: 50 }, (_, n) => ({ n, key: engine.NativeKey.fromBytes(bytes(32, n)) }));
    const sealers = all.map(({ key }) => sealerOf(key));
    const parts = sealers.map(() => new Uint8Array(4 * SEGMENT));
    for (let step = 0; step < 4; step++)
      for (const [n, sealer] of sealers.entries())
        sealer.seal(bytes(8, n), step === 3, (parts[n] as Uint8Array).subarray(step * SEGMENT, (step + 1) * SEGMENT));
    for (const [n, sealer] of sealers.entries()) {
      const out = new Uint8Array(32);
      const key = engine.NativeKey.fromBytes(bytes(32, n));
      const opener = engine.NativeOpener.create(key, aad, headerOf(sealer), SEGMENT, 2);
      expect(opener?.open(0, true, parts[n] as Uint8Array, 0, out)).toBe(-1);
      expect(out).toEqual(bytes(32, n));
    }
    expect(new Set(sealers.map((sealer) => toHex(headerOf(sealer)))).size).toBe(50);
  });

  it('works in several threads at once', async () => {
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      const engine = require(workerData);
      const key = engine.NativeKey.fromBytes(new Uint8Array(32).fill(1));
      let opened = 0;
      for (let n = 0; n < 300; n++) {
        const sealer = engine.NativeSealer.create(key, new Uint8Array(3), 4096, 2);
        const [header, sealed, out] = [74, 5 * 4096, 5 * 4064].map((length) => new Uint8Array(length));
        sealer.header(header);
        sealer.seal(out.fill(n), true, sealed);
        const opener = engine.NativeOpener.create(key, new Uint8Array(3), header, 4096, 2);
        out.fill(0);
        if (opener.open(0, true, sealed, 0, out) === -1 && out.every((byte) => byte === n % 256)) opened++;
      }
      parentPort.postMessage(opened);`;
    const path = createRequire(import.meta.url).resolve('./vitrine-engine.node');
    const results = await Promise.all(
      [0, 1, 2, 3].map(
        () =>
          new Promise((resolve, reject) => {
            const worker = new Worker(script, { eval: true, workerData: path });
            worker.once('message', resolve);
            worker.once('error', reject);
          }),
      ),
    );
    expect(results).toEqual([300, 300, 300, 300]);
  });

  it('gives Argon2id of RFC 9106, 5.3, off the calling thread, and refuses what the RFC does', async () => {
    const derive = (iterations: number, memoryKiB = 32) =>
      engine.argon2id(bytes(32, 1), bytes(16, 2), memoryKiB, iterations, 4, 32, bytes(8, 3), bytes(12, 4));
    expect(toHex(new Uint8Array(await derive(3)))).toBe(
      '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659',
    );
    await expect(derive(0)).rejects.toThrow();
    await expect(derive(3, 31)).rejects.toThrow();
    let turned = false;
    const long = derive(3, 65_536);
    setImmediate(() => {
      turned = true;
    });
    await long;
    expect(turned).toBe(true);
  });

  it('opens a wrap as the key that was wrapped, and no altered one', () => {
    const wrapping = engine.NativeKey.fromBytes(bytes(32, 1));
    const out = new Uint8Array(48);
    wrapping.wrap(engine.NativeKey.fromBytes(bytes(32, 3)), bytes(24, 2), aad, out);
    const key = wrapping.unwrap(bytes(24, 2), aad, out);
    const derived = [key, engine.NativeKey.fromBytes(bytes(32, 3))].map((each) => {
      const sealed = new Uint8Array(SEGMENT);
      if (each === null) throw new Error('the wrap opens');
      engine.NativeSealer.create(each, aad, SEGMENT, 2, bytes(32, 0)).seal(bytes(8, 0), true, sealed, bytes(12, 0));
      return toHex(sealed);
    });
    expect(derived[0]).toBe(derived[1]);
    for (let at = 0; at < out.length; at++) {
      const altered = out.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(wrapping.unwrap(bytes(24, 2), aad, altered)).toBeNull();
    }
  });

  it('fills with random bytes, all of them', () => {
    const seen = new Set(
      Array.from({ length: 100 }, () => {
        const out = new Uint8Array(16);
        engine.randomFill(out);
        return toHex(out);
      }),
    );
    expect(seen.size).toBe(100);
  });

  it.runIf(process.platform === 'linux')('turns core dumps and debuggers away', async () => {
    const path = createRequire(import.meta.url).resolve('./vitrine-engine.node');
    const script = `
      const engine = require(${JSON.stringify(path)});
      const fs = require('node:fs');
      const reached = engine.hardenProcess();
      const limits = fs.readFileSync('/proc/self/limits', 'utf8');
      // A process that may not be dumped belongs to root under /proc, whoever runs it (proc(5)).
      console.log(JSON.stringify({ ...reached, core: /Max core file size +0 +0/.test(limits) }));`;
    const { output } = await run(process.execPath, ['-e', script]);
    expect(JSON.parse(output)).toMatchObject({ coreDumpsOff: true, debuggersRefused: true, core: true });
  });
});
