/**
 * `npm run vectors -- [--suite FOLDER] [--out DIR]`: public and own known answers on every sealing engine that there is.
 * `--suite` takes another folder of Wycheproof files. Writes `<out>/report.json`; exit status 1 when a case failed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { fromHex, toHex } from '../../core/bytes.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { options, ROOT, say, writeReport } from '../command.ts';
import { namedEngines, nativeEngine, nativeTitle } from '../fixtures/engines.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { openFloe, openWhole, PUBLISHED_AAD, PUBLISHED_KEY, publishedVectors } from './floe-kit.ts';
import type { FloeVector } from './make-floe.ts';
import { runWycheproof, type SuiteReport } from './wycheproof.ts';

function empty(name: string): SuiteReport {
  return { name, cases: 0, passed: 0, rejectedAsExpected: 0, notApplicable: 0, failed: 0 };
}

/** Opens; null when it is refused. */
async function opened(engine: AeadEngine, vector: FloeVector): Promise<string | null> {
  try {
    const [key, aad, ciphertext] = [vector.key, vector.aad, vector.ciphertext].map(fromHex) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    return toHex(await openWhole(await openFloe(engine, key, aad, ciphertext, vector)));
  } catch {
    return null;
  }
}

async function ownFloe(id: string, engine: AeadEngine): Promise<SuiteReport> {
  const report = empty(`FLOE, own vectors, ${id} engine`);
  for (const name of ['opens', 'refused']) {
    const { vectors } = JSON.parse(readFileSync(new URL(`./floe/${name}.json`, import.meta.url), 'utf8')) as {
      vectors: FloeVector[];
    };
    for (const vector of vectors) {
      const plaintext = await opened(engine, vector);
      report.cases++;
      if ('refused' in vector.expect) report[plaintext === null ? 'rejectedAsExpected' : 'failed']++;
      else report[plaintext === vector.expect.plaintext ? 'passed' : 'failed']++;
    }
  }
  return report;
}

async function publishedFloe(folder: string, id: string, engine: AeadEngine): Promise<SuiteReport> {
  const report = empty(`FLOE, published vectors, ${id} engine`);
  for (const { parameters, plaintext, ciphertext } of publishedVectors(folder)) {
    const reader = await openFloe(engine, PUBLISHED_KEY, PUBLISHED_AAD, ciphertext, parameters).catch(() => null);
    const found = reader === null ? null : await openWhole(reader).catch(() => null);
    report.cases++;
    report[found !== null && toHex(found) === toHex(plaintext) ? 'passed' : 'failed']++;
  }
  return report;
}

/** The vector of RFC 9106, 5.3. hash-wasm takes no secret, so there it is not applicable; unit tests hold it to noble's. */
async function argon2id(): Promise<SuiteReport[]> {
  const fill = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
  const expected = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659';
  const cost = { t: 3, m: 32, p: 4, dkLen: 32, key: fill(8, 3), personalization: fill(12, 4) };
  const ways: Record<string, (() => Promise<Uint8Array>) | null> = {
    noble: async () => nobleArgon2id(fill(32, 1), fill(16, 2), cost),
    'hash-wasm': null,
  };
  if (nativeEngine !== null) {
    const native = nativeEngine;
    ways['native'] = async () =>
      new Uint8Array(await native.argon2id(fill(32, 1), fill(16, 2), 32, 3, 4, 32, fill(8, 3), fill(12, 4)));
  }
  const reports: SuiteReport[] = [];
  for (const [id, way] of Object.entries(ways)) {
    const found = way === null ? null : toHex(await way());
    const report = { ...empty(`RFC 9106, 5.3, Argon2id, ${id}`), cases: 1 };
    report[found === null ? 'notApplicable' : found === expected ? 'passed' : 'failed']++;
    reports.push(report);
  }
  return reports;
}

/** A file that can't be read as vectors is a failure with its name, not a gap. */
function wycheproof(folder: string): SuiteReport[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => {
    try {
      return runWycheproof(join(folder, name)).map((report) => ({ ...report, name: `${report.name} (${name})` }));
    } catch {
      return [{ ...empty(`${name}: not a file of vectors`), cases: 1, failed: 1 }];
    }
  });
}

async function main(): Promise<number> {
  const given = options({ suite: '', out: join(ROOT, 'out', 'vectors') });
  const folder = given.suite === '' ? sharedData('vectors/wycheproof') : given.suite;
  const suites: SuiteReport[] = folder === null ? [] : wycheproof(folder);
  const published = sharedData('vectors/floe');
  for (const [id, make] of namedEngines) {
    if (published !== null) suites.push(await publishedFloe(published, id, make()));
    suites.push(await ownFloe(id, make()));
  }
  suites.push(...(await argon2id()));
  for (const { name, cases, passed, rejectedAsExpected, notApplicable, failed } of suites)
    say(
      `${failed === 0 ? 'ok' : 'FAILED'}  ${name}: ${cases} cases, ${passed} passed, ${rejectedAsExpected} refused as they should be, ${notApplicable} not applicable, ${failed} failed`,
    );
  if (nativeEngine === null) say(nativeTitle);
  if (folder === null || published === null) say('public vectors are not beside the checkout: own ones only');
  say(`report: ${await writeReport(given.out, { suites })}`);
  const failed = suites.reduce((sum, suite) => sum + suite.failed, 0);
  say(failed === 0 ? 'every case ended as it should' : `BROKEN: ${failed} cases`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
