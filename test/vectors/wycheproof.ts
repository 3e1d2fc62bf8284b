/**
 * The product's cryptography against files of C2SP/wycheproof. A case that is about other parameters than ours, or an
 * algorithm that we don't use, is not applicable and counted as such; a case that should be refused and opens is a failure.
 */
import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { concatBytes, fromHex, toHex } from '../../core/bytes.ts';
import type { AeadEngine } from '../../core/seal/engine.ts';
import { verifySignature } from '../../electron/audit/ed25519.ts';
import { namedEngines } from '../fixtures/engines.ts';

/** How one suite of vectors went. The five counts add up: cases = passed + rejectedAsExpected + notApplicable + failed. */
export interface SuiteReport {
  readonly name: string;
  cases: number;
  passed: number;
  rejectedAsExpected: number;
  notApplicable: number;
  failed: number;
}

/** What one case came to: opened or computed as it should be, refused, or not for us. */
type Outcome = 'right' | 'wrong' | 'refused' | 'not-applicable';
type Hex = Readonly<Record<string, string>>;
type Test = Hex & { readonly tcId: number; readonly result: 'valid' | 'invalid' | 'acceptable'; readonly size: number };
interface Group {
  readonly [field: string]: unknown;
  readonly tests: readonly Test[];
}
interface File {
  readonly algorithm: string;
  readonly numberOfTests: number;
  readonly testGroups: readonly Group[];
}
type Runner = (test: Test, group: Group) => Outcome;

/** The byte strings of a test, in the order of `names`. */
function bytesOf(test: Hex, ...names: readonly string[]): Uint8Array[] {
  return names.map((name) => fromHex(test[name] ?? ''));
}

/** `refused` when `compute` throws or finds nothing. */
function compared(compute: () => Uint8Array | null, expected: string | undefined): Outcome {
  let found: Uint8Array | null;
  try {
    found = compute();
  } catch {
    return 'refused';
  }
  if (found === null) return 'refused';
  return toHex(found) === expected ? 'right' : 'wrong';
}

function aesGcm(engine: AeadEngine): Runner {
  return (test, group) => {
    // FLOE fixes the lengths of key, IV and tag.
    if (group['keySize'] !== 256 || group['ivSize'] !== 96 || group['tagSize'] !== 128) return 'not-applicable';
    const [key, iv, aad, msg, ct, tag] = bytesOf(test, 'key', 'iv', 'aad', 'msg', 'ct', 'tag') as Six;
    const opened = compared(() => engine.openSegment(key, iv, aad, ct, tag), test['msg']);
    if (opened !== 'right') return opened;
    return compared(() => concatBytes(...engine.sealSegment(key, iv, aad, msg)), `${test['ct']}${test['tag']}`);
  };
}
type Six = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

const xchacha: Runner = (test) => {
  const [key, iv, aad, msg] = bytesOf(test, 'key', 'iv', 'aad', 'msg') as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const sealed = `${test['ct']}${test['tag']}`;
  const opened = compared(() => xchacha20poly1305(key, iv, aad).decrypt(fromHex(sealed)), test['msg']);
  return opened === 'right' ? compared(() => xchacha20poly1305(key, iv, aad).encrypt(msg), sealed) : opened;
};

/** Several ways to one answer: all refuse, or all are right. */
function agreed(outcomes: readonly Outcome[]): Outcome {
  const [first = 'wrong'] = outcomes;
  return outcomes.every((outcome) => outcome === first) ? first : 'wrong';
}

function hkdfWith(digest: 'sha256' | 'sha384', engine: AeadEngine | null): Runner {
  const hash = digest === 'sha256' ? sha256 : sha384;
  return (test) => {
    const [ikm, salt, info] = bytesOf(test, 'ikm', 'salt', 'info') as [Uint8Array, Uint8Array, Uint8Array];
    const extracted = () => hmac(hash, salt.length === 0 ? new Uint8Array(hash.outputLen) : salt, ikm);
    const ways = [
      () => hkdf(hash, ikm, salt, info, test.size),
      () => new Uint8Array(hkdfSync(digest, ikm, salt, info, test.size)),
      ...(engine === null ? [] : [() => engine.hkdfExpandSha384(extracted(), info, test.size)]),
    ];
    return agreed(ways.map((way) => compared(way, test['okm'])));
  };
}

const hmacSha384: Runner = (test, group) => {
  const [key, msg] = bytesOf(test, 'key', 'msg') as [Uint8Array, Uint8Array];
  const tag = () => hmac(sha384, key, msg).subarray(0, Number(group['tagSize']) / 8);
  const found = compared(tag, test['tag']);
  // An altered tag is what a check of ours refuses: the computed one differs.
  return found === 'wrong' && test.result === 'invalid' ? 'refused' : found;
};

const diffieHellman: Runner = (test) => {
  const [secret, peer] = bytesOf(test, 'private', 'public') as [Uint8Array, Uint8Array];
  return compared(() => x25519.getSharedSecret(secret, peer), test['shared']);
};

const kem: Runner = (test, group) => {
  if (group['type'] !== 'MLKEMTest' || group['parameterSet'] !== 'ML-KEM-768') return 'not-applicable';
  const [seed, ciphertext] = bytesOf(test, 'seed', 'c') as [Uint8Array, Uint8Array];
  const open = (): Uint8Array => {
    const { secretKey, publicKey } = ml_kem768.keygen(seed);
    if (test['ek'] !== undefined && toHex(publicKey) !== test['ek']) throw new Error('another public key');
    return ml_kem768.decapsulate(ciphertext, secretKey);
  };
  return compared(open, test['K']);
};

const ed25519: Runner = (test, group) => {
  const key = group['publicKey'] as { readonly pk?: string } | undefined;
  if (group['type'] !== 'EddsaVerify' || key?.pk?.length !== 64) return 'not-applicable';
  const [msg, signature] = bytesOf(test, 'msg', 'sig') as [Uint8Array, Uint8Array];
  try {
    return verifySignature(fromHex(key.pk), msg, signature) ? 'right' : 'refused';
  } catch {
    return 'refused';
  }
};

/** One runner for each engine that there is. */
const perEngine = (make: (engine: AeadEngine) => Runner): (readonly [string, Runner])[] =>
  namedEngines.map(([id, engine]) => [`, ${id} engine`, make(engine())]);

const RUNNERS: Readonly<Record<string, () => readonly (readonly [string, Runner])[]>> = {
  'AES-GCM': () => perEngine(aesGcm),
  'XCHACHA20-POLY1305': () => [['', xchacha]],
  'HKDF-SHA-256': () => [['', hkdfWith('sha256', null)]],
  'HKDF-SHA-384': () => perEngine((engine) => hkdfWith('sha384', engine)),
  HMACSHA384: () => [['', hmacSha384]],
  XDH: () => [['', diffieHellman]],
  'ML-KEM': () => [['', kem]],
  EDDSA: () => [['', ed25519]],
};

function counted(name: string, file: File, run: Runner): SuiteReport {
  const report: SuiteReport = { name, cases: 0, passed: 0, rejectedAsExpected: 0, notApplicable: 0, failed: 0 };
  for (const group of file.testGroups) {
    for (const test of group.tests) {
      const outcome = run(test, group);
      report.cases++;
      if (outcome === 'not-applicable') report.notApplicable++;
      else if (outcome === 'right' && test.result !== 'invalid') report.passed++;
      else if (outcome === 'refused' && test.result !== 'valid') report.rejectedAsExpected++;
      else report.failed++;
    }
  }
  // A file that says another number than it holds was cut short.
  report.failed += Math.abs(report.cases - file.numberOfTests);
  return report;
}

/**
 * Runs one file. An algorithm that the product doesn't use gives one report whose cases are all not applicable.
 * @throws SyntaxError or TypeError when it is no Wycheproof file
 */
export function runWycheproof(path: string): SuiteReport[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as File;
  if (!Array.isArray(file.testGroups)) throw new TypeError('not a Wycheproof file');
  const isX448 = file.testGroups.some((group) => group['curve'] !== undefined && group['curve'] !== 'curve25519');
  const runners = isX448 ? undefined : RUNNERS[file.algorithm];
  if (runners === undefined) return [counted(file.algorithm, file, () => 'not-applicable')];
  return runners().map(([engine, run]) => counted(`${file.algorithm}${engine}`, file, run));
}
