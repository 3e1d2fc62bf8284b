/**
 * The process that is killed. It opens a vault with the product's own FileVault, imports one study after the other and
 * marks each, and says on its standard output what it is about to do and what it was told is done. Each line leaves the
 * process before the next step begins, so that a kill can't take a promise back.
 */
import { writeSync } from 'node:fs';
import { fromHex } from '../../core/bytes.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';
import type { WorkerEvent, WorkerTask } from './events.ts';
import { mark } from './mark.ts';

function tell(event: WorkerEvent): void {
  writeSync(1, `${JSON.stringify(event)}\n`);
}

async function importStudy(vault: FileVault, folder: string): Promise<readonly string[]> {
  tell({ type: 'phase', phase: 'counting' });
  tell({ type: 'importing', folder });
  let phase = 'counting';
  const { outcome } = await vault.import(
    { job: folder, from: { paths: [folder] } },
    {
      signal: new AbortController().signal,
      progress: (progress) => {
        if (progress.phase === phase) return;
        phase = progress.phase;
        tell({ type: 'phase', phase: progress.phase });
      },
    },
  );
  if (outcome.outcome !== 'done' || outcome.counts.refused > 0) throw new Error(`import ended: ${outcome.code}`);
  tell({ type: 'committed', folder, instances: outcome.counts.imported });
  return outcome.studyIds;
}

async function draw(vault: FileVault, studyId: string, strokes: number): Promise<void> {
  tell({ type: 'phase', phase: 'annotating' });
  for (let number = 0; number < strokes; number++) {
    const annotation = mark(number);
    tell({ type: 'stroke', studyId, annotation, at: Date.now() });
    await vault.append(studyId, [{ op: 'put', annotation }]);
    tell({ type: 'saved', uid: annotation.uid });
  }
}

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as WorkerTask;
  const { vaultId, dir, catalogueKey, wrappingKey } = task.vault;
  tell({ type: 'phase', phase: 'opening' });
  const keys = { catalogueKey: fromHex(catalogueKey), wrappingKey: fromHex(wrappingKey) };
  const { vault } = await FileVault.open({ dir, vaultId, ...keys });
  for (const folder of task.folders) {
    for (const studyId of await importStudy(vault, folder)) await draw(vault, studyId, task.strokes);
  }
  tell({ type: 'phase', phase: 'closing' });
  await vault.dispose();
  tell({ type: 'phase', phase: 'closed' });
}

await main();
