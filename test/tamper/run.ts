/**
 * `npm run tamper -- [--every N] [--only KIND] [--out DIR]`: flips every byte and cuts every length of one small container
 * of each kind that a vault and its companions hold, and opens each by what the product opens it with. `--every` takes each
 * n-th byte and length only. Writes `<out>/report.json`; exit status 1 when anything was accepted.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { count, options, ROOT, say, writeReport } from '../command.ts';
import { nativeEngine, nativeTitle } from '../fixtures/engines.ts';
import { companionContainers } from './companions.ts';
import { examine, type Finding } from './container.ts';
import { keyContainers } from './keys.ts';
import { objectContainers } from './objects.ts';
import { setStage } from './stage.ts';

function line({
  kind,
  way,
  length,
  bytesFlipped,
  truncations,
  others,
  accepted,
  sameMeaning,
  seconds,
}: Finding): string {
  const more = others > 0 ? `, ${others} other changes` : '';
  const same = sameMeaning > 0 ? `, ${sameMeaning} of the same meaning` : '';
  const words = `${length} bytes: ${bytesFlipped} flipped, ${truncations} lengths${more}${same}`;
  return `${accepted === 0 ? 'refused ' : 'ACCEPTED'}  ${kind}, ${way}: ${words}; ${accepted} accepted (${seconds} s)`;
}

async function tamper(root: string, every: number, only: string): Promise<Finding[]> {
  const stage = await setStage(root);
  const all = [
    ...(await objectContainers(stage)),
    ...(await keyContainers(stage)),
    ...(await companionContainers(stage)),
  ];
  const chosen = all.filter(({ kind }) => kind.startsWith(only));
  if (chosen.length === 0) throw new RangeError(`no such kind: ${only}`);
  const findings: Finding[] = [];
  for (const container of chosen) {
    const finding = await examine(container, every);
    say(line(finding));
    for (const what of finding.which) say(`          ${what}`);
    findings.push(finding);
  }
  return findings;
}

async function main(): Promise<number> {
  const given = options({ every: '1', only: '', out: join(ROOT, 'out', 'tamper') });
  const every = count('every', given.every);
  if (nativeEngine === null) say(nativeTitle);
  const root = await mkdtemp(join(tmpdir(), 'vitrine-tamper-'));
  try {
    const objects = await tamper(root, every, given.only);
    const path = await writeReport(given.out, { every, objects });
    const sum = (of: (finding: Finding) => number): number => objects.reduce((total, one) => total + of(one), 0);
    const accepted = sum((one) => one.accepted);
    say(
      `${sum((one) => one.flips)} flips in ${sum((one) => one.bytesFlipped)} bytes, ${sum((one) => one.truncations)} lengths`,
    );
    say(`report: ${path}`);
    say(accepted === 0 ? 'nothing that was changed was accepted' : `BROKEN: ${accepted} changes were accepted`);
    return accepted === 0 ? 0 : 1;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

process.exitCode = await main();
