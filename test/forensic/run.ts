/**
 * `npm run forensic -- [--out DIR]`: a session of the real application with a marked patient, every write of its process
 * tree recorded, and then a search of all that is left and all that was written for the markers in every encoding. Writes
 * `<out>/report.json`. Exit status 1 on a hit, or when a leak that was planted on purpose isn't found.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_OFFSET } from '../../core/dicom/phantom/paint.ts';
import { options, ROOT, say, writeReport } from '../command.ts';
import { createMarkers, needlesOf } from './markers.ts';
import { type Plant, plantsFor } from './plants.ts';
import { Searcher } from './search.ts';
import type { SessionTask } from './session.ts';
import { MARKED_PLACES, writeMarkedStudy } from './study.ts';
import { type Sweep, Sweeper } from './sweep.ts';
import { traceCommand } from './trace.ts';

function runTraced(log: string, task: SessionTask): Promise<number> {
  const script = join(ROOT, 'test', 'forensic', 'session.ts');
  const [name, ...args] = traceCommand(log, [process.execPath, '--import', 'tsx', script]);
  // The markers go by a pipe: a file or an argument of theirs would be a leak of the test's own making.
  const child = spawn(name, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: task.temp },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin?.end(JSON.stringify(task));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

async function sweepAll(folder: string, searcher: Searcher, log: string): Promise<Sweep> {
  const sweeper = new Sweeper(searcher, [join(folder, 'source'), log]);
  await sweeper.searchFolder(folder);
  // The session's keyring, which no process of the app's own tree writes.
  for (const name of ['XDG_DATA_HOME', 'XDG_RUNTIME_DIR']) {
    const path = process.env[name];
    if (path !== undefined) await sweeper.searchFolder(path);
  }
  await sweeper.searchTrace(log);
  return sweeper.finish();
}

function isPlanted(file: string): boolean {
  return /\/planted-\d+$/.test(file);
}

/** Plants that the sweep didn't find. */
function missed(plants: readonly Plant[], sweep: Sweep): Plant[] {
  return plants.filter(
    ({ name, encoding }) => !sweep.hits.some((hit) => hit.file.endsWith(`/${name}`) && hit.encoding === encoding),
  );
}

async function main(): Promise<number> {
  const { out } = options({ out: join(ROOT, 'out', 'forensic') });
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-forensic-'));
  const log = join(folder, 'trace.log');
  const markers = createMarkers(MARKED_PLACES);
  const needles = needlesOf(markers, -STORED_OFFSET);
  const plants = plantsFor(needles);
  await writeMarkedStudy(join(folder, 'source'), markers);
  await mkdir(join(folder, 'tmp'));
  const task: SessionTask = {
    folder,
    temp: join(folder, 'tmp'),
    source: join(folder, 'source', 'study'),
    archive: join(folder, 'source', 'rest.zip'),
    words: markers.words,
    plants,
  };
  const code = await runTraced(log, task);
  if (code !== 0) throw new Error(`the session ended with ${code}`);
  const sweep = await sweepAll(folder, new Searcher(needles), log);
  const hits = sweep.hits.filter(({ file }) => !isPlanted(file));
  const notFound = missed(plants, sweep);
  const report = {
    markers: Object.keys(markers.words).concat('pixels'),
    needles: needles.length,
    filesSearched: sweep.filesSearched,
    bytesSearched: sweep.bytesSearched,
    hits,
    plantedLeakFound: notFound.length === 0,
    planted: plants.length,
    removedUnseen: sweep.unseen.length,
  };
  const path = await writeReport(out, report);
  say(
    `${sweep.filesSearched} files, ${(sweep.bytesSearched / 1e6).toFixed(1)} MB, ${needles.length} needles: ${hits.length} hits`,
  );
  for (const { file, offset, marker, encoding } of hits) say(`  ${marker} as ${encoding} in ${file} at ${offset}`);
  say(`planted leaks found: ${plants.length - notFound.length} of ${plants.length}`);
  for (const { encoding, removed } of notFound) say(`  not found: ${encoding}${removed ? ', removed' : ''}`);
  say(`files that were mapped, written and removed unseen: ${sweep.unseen.length}`);
  for (const file of sweep.unseen.slice(0, 5)) say(`  ${file}`);
  say(`report: ${path}`);
  const broken = hits.length + notFound.length + sweep.unseen.length > 0;
  if (hits.length > 0) {
    await writeFile(join(out, 'kept-for-inspection.txt'), `${folder}\n`);
    say(`BROKEN: patient bytes in the clear; the folder is kept: ${folder}`);
  } else {
    await rm(folder, { recursive: true, force: true });
    if (broken) say('BROKEN: see above');
  }
  return broken ? 1 : 0;
}

process.exitCode = await main();
