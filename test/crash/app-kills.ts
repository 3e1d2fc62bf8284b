import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EventPayload } from '../../core/contract/operations.ts';
import { deriveVaultKeys } from '../../core/keys/derive.ts';
import { openWithPassphrase } from '../../core/keys/header.ts';
import { passphraseBytes } from '../../core/keys/passphrase.ts';
import { argon2idDirect } from '../../electron/crypto/argon2.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import { readHeader } from '../../electron/vault-header.ts';
import { ask, createProfile, importPaths, killTree, launch, pickInDialog, removeProfile } from '../e2e/app.ts';
import { writeStudy } from '../study.ts';
import { PASSPHRASE } from '../vault.ts';
import { addKill, type Tally, vitrineVerify } from './campaign.ts';
import { Ledger } from './ledger.ts';
import { mark } from './mark.ts';

const SLICES = 60;
/** The import of these slices in the app takes about this long; kills fall anywhere in it, and a little after. */
const IMPORT_MS = 600;

async function openWithoutApp(dir: string): Promise<FileVault> {
  const header = await readHeader(dir);
  if (header === null) throw new Error('the vault has no header');
  const { masterKey } = await openWithPassphrase(header, passphraseBytes(PASSPHRASE), argon2idDirect);
  const { catalogueKey, wrappingKey } = deriveVaultKeys(masterKey);
  return (await FileVault.open({ dir, vaultId: header.vaultId, catalogueKey, wrappingKey })).vault;
}

type App = Awaited<ReturnType<typeof launch>>;

/** Imports one study whole, then a second one into the kill. */
async function importIntoKill(
  app: App,
  first: string,
  second: string,
  ledger: Ledger,
  random: () => number,
): Promise<void> {
  const { counts } = await importPaths(app, [first]);
  ledger.take({ type: 'committed', folder: first, instances: counts.imported });
  await pickInDialog(app, [second]);
  const { source } = await ask(app.page, 'import.choose', { kind: 'folder' });
  ledger.take({ type: 'importing', folder: second });
  await ask(app.page, 'import.start', { source: source ?? '' });
  await new Promise((resolve) => setTimeout(resolve, random() * IMPORT_MS));
}

/** Marks a study by the contract until the kill comes: each mark is promised when the app says so. */
async function markIntoKill(app: App, first: string, ledger: Ledger, random: () => number): Promise<void> {
  const { counts, studyIds } = await importPaths(app, [first]);
  ledger.take({ type: 'committed', folder: first, instances: counts.imported });
  const studyId = studyIds[0] ?? '';
  const strokes = 1 + Math.floor(random() * 8);
  for (let number = 0; number < strokes; number++) {
    const annotation = mark(number);
    ledger.take({ type: 'stroke', studyId, annotation, at: Date.now() });
    const saved: Promise<EventPayload<'catalogue.changed'> | undefined> = ask(app.page, 'annotations.append', {
      studyId,
      entries: [{ op: 'put', annotation }],
    }).then(() => void ledger.take({ type: 'saved', uid: annotation.uid }));
    if (number < strokes - 1) await saved;
    else {
      saved.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, random() * 40));
    }
  }
}

/** One kill of the whole application, all processes at once, while it imports or marks. */
export async function killApp(folder: string, random: () => number, tally: Tally): Promise<void> {
  await mkdir(folder, { recursive: true });
  const studies = [join(folder, 'crash-a'), join(folder, 'crash-b')] as const;
  for (const study of studies) {
    await writeStudy(study, { seed: study, slices: SLICES, matrix: 256, patient: { id: basename(study) } });
  }
  const ledger = new Ledger(new Map(studies.map((study) => [basename(study), SLICES])));
  const profile = await createProfile(folder);
  const app = await launch(profile);
  await ask(app.page, 'session.create', { name: 'Crash', passphrase: PASSPHRASE, useKeychain: false });
  const marking = random() < 0.5;
  if (marking) await markIntoKill(app, studies[0], ledger, random);
  else await importIntoKill(app, studies[0], studies[1], ledger, random);
  const killedAt = Date.now();
  await killTree(app);
  const vault = await openWithoutApp(profile.vault);
  const phase = marking ? 'app annotating' : 'app importing';
  const number = tally.kills + 1;
  try {
    addKill(
      tally,
      phase,
      await ledger.check(vault, killedAt, (line) => tally.notes.push(`kill ${number} (${phase}): ${line}`)),
    );
  } finally {
    await vault.dispose();
  }
  if (!(await vitrineVerify(profile.vault, join(folder, 'passphrase')))) {
    tally.losses.verifyFailures += 1;
    tally.notes.push(`kill ${number} (${phase}): vitrine verify refused the vault`);
  }
  await removeProfile(profile);
}
