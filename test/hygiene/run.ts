/**
 * `npm run hygiene -- [--out DIR]`: a session of the real application with a marked patient; then the vault is locked, and the
 * memory of every process of the application is searched for the keys and the markers, in every encoding. Writes
 * `<out>/report.json`. Exit status 1 when one is found, or when the same search doesn't find them while the vault is open.
 *
 * Needs Linux and the right to read the memory of another process (root). Words that the test itself would have to type are
 * not searched for: the driver's own messages carry them through the application.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_OFFSET } from '../../core/dicom/phantom/paint.ts';
import { deriveVaultKeys } from '../../core/keys/derive.ts';
import { openWithPassphrase, parseHeader } from '../../core/keys/header.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import { argon2idDirect } from '../../electron/crypto/argon2.ts';
import { options, ROOT, say, writeReport } from '../command.ts';
import { createProfile, launch, quit, type Vitrine } from '../e2e/app.ts';
import { drawLength } from '../e2e/draw.ts';
import * as steps from '../e2e/steps.ts';
import { base64Forms, createMarkers, type Needle, needlesOf } from '../forensic/markers.ts';
import { Searcher } from '../forensic/search.ts';
import { MARKED_PLACES, writeMarkedStudy } from '../forensic/study.ts';
import { PASSPHRASE } from '../vault.ts';
import { processName, processTree, searchMemory } from './memory.ts';

/** Milliseconds after the lock: the page goes on in a new process, and main collects and overwrites what is left in it. */
const SETTLE = 10_000;

interface Found {
  readonly process: string;
  readonly marker: string;
  readonly encoding: string;
  readonly places: number;
}

interface Search {
  readonly found: readonly Found[];
  readonly processes: readonly string[];
  readonly bytes: number;
}

/** The keys that the passphrase leads to, as bytes and in the forms that a program might make of them. */
async function keyNeedles(vault: string): Promise<Needle[]> {
  const header = parseHeader(await readFile(join(vault, 'vault.json'), 'utf8'));
  const { masterKey } = await openWithPassphrase(header, passphraseBytes(PASSPHRASE), argon2idDirect);
  const keys: Record<string, Uint8Array> = { masterKey, ...deriveVaultKeys(masterKey) };
  return Object.entries(keys).flatMap(([marker, key]) => {
    const bytes = Buffer.from(key);
    const forms = [bytes, Buffer.from(bytes.toString('hex')), ...base64Forms(bytes)];
    return forms.map((form, i) => ({ marker, encoding: ['raw', 'hex', 'base64'][Math.min(i, 2)] ?? '', bytes: form }));
  });
}

async function searchAll({ electron }: Vitrine, searcher: Searcher): Promise<Search> {
  const pid = electron.process().pid;
  if (pid === undefined) throw new Error('the application has no process');
  const counted = new Map<string, Found>();
  const processes: string[] = [];
  let bytes = 0;
  for (const one of await processTree(pid)) {
    const name = await processName(one);
    const searched = await searchMemory(one, searcher).catch(() => null);
    if (searched === null) continue;
    processes.push(name);
    bytes += searched.bytes;
    for (const { marker, encoding } of searched.hits) {
      const key = `${name} ${marker} ${encoding}`;
      counted.set(key, { process: name, marker, encoding, places: (counted.get(key)?.places ?? 0) + 1 });
    }
  }
  return { found: [...counted.values()], processes, bytes };
}

/** Imports and opens the marked study, draws on it: names, pixels and keys are where the application keeps them. */
async function read(vitrine: Vitrine, source: string): Promise<void> {
  const { page } = vitrine;
  await steps.createVault(page);
  await steps.importFromDialog(vitrine, 'folder', [source]);
  await steps.importSummary(page);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await steps.openFirst(page);
  for (const key of ['End', 'Home', '2', '1']) await page.keyboard.press(key);
  await drawLength(page, [100, 100], [160, 120], 256);
}

async function main(): Promise<number> {
  const { out } = options({ out: join(ROOT, 'out', 'hygiene') });
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-hygiene-'));
  const markers = createMarkers(MARKED_PLACES);
  const source = join(folder, 'source');
  await writeMarkedStudy(source, markers);
  const vitrine = await launch(await createProfile(folder));
  try {
    await read(vitrine, join(source, 'study'));
    const { label: _typed, ...words } = markers.words;
    const patient = needlesOf({ ...markers, words }, -STORED_OFFSET);
    const keys = await keyNeedles(vitrine.profile.vault);
    const searcher = new Searcher([...patient, ...keys]);
    const open = await searchAll(vitrine, searcher);
    await vitrine.page.keyboard.press('Control+l');
    await steps.onScreen(vitrine.page, 'locked');
    await new Promise((resolve) => setTimeout(resolve, SETTLE));
    const locked = await searchAll(vitrine, searcher);
    const provedOn = new Set(open.found.map(({ marker }) => marker));
    const isProved = provedOn.has('familyName') && provedOn.has('pixels') && provedOn.has('wrappingKey');
    const report = {
      processes: locked.processes,
      bytesSearched: locked.bytes,
      needles: patient.length + keys.length,
      hits: locked.found,
      foundWhileOpen: [...provedOn].sort(),
    };
    say(
      `open: ${(open.bytes / 1e6).toFixed(0)} MB of ${open.processes.length} processes, ${provedOn.size} markers found`,
    );
    say(`locked: ${(locked.bytes / 1e6).toFixed(0)} MB of ${locked.processes.length} processes`);
    for (const { process: name, marker, encoding, places } of locked.found)
      say(`  ${marker} as ${encoding} in the ${name} process, ${places} places`);
    if (!isProved) say('NOT PROVED: the search does not find names, pixels and keys while the vault is open');
    say(`report: ${await writeReport(out, report)}`);
    say(locked.found.length === 0 ? 'nothing of keys or patients is left in memory' : 'BROKEN: see above');
    return locked.found.length === 0 && isProved ? 0 : 1;
  } finally {
    await quit(vitrine);
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
