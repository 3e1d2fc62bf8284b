/**
 * The process that hostile files meet: the product's own import into a real vault. One batch after the other comes as a
 * message; every file of a batch must come back as imported, known, in conflict or refused. A crash ends this process and
 * a hang keeps it silent: `run.ts` sees either.
 */
import { fromHex } from '../../core/bytes.ts';
import { FileVault } from '../../electron/vault/file-vault.ts';

export interface FuzzVault {
  readonly dir: string;
  readonly vaultId: string;
  readonly catalogueKey: string;
  readonly wrappingKey: string;
}

/** What became of a batch, file by file. */
export interface BatchAnswer {
  readonly imported: string[];
  readonly refused: { path: string; code: string }[];
  /** The import as a whole failed: its code. */
  readonly failed: string | null;
  /** Resident memory after the batch, bytes. */
  readonly resident: number;
}

async function importBatch(vault: FileVault, paths: readonly string[]): Promise<BatchAnswer> {
  const observer = { signal: new AbortController().signal, progress: () => undefined };
  const { outcome, report } = await vault.import({ job: 'fuzz', from: { paths } }, observer);
  return {
    imported: [...report.imported, ...report.known, ...report.conflicts].map(({ path }) => path),
    refused: report.refused.map(({ path, code }) => ({ path, code })),
    failed: outcome.outcome === 'done' ? null : (outcome.code ?? outcome.outcome),
    resident: process.memoryUsage().rss,
  };
}

async function main(): Promise<void> {
  const { dir, vaultId, catalogueKey, wrappingKey } = JSON.parse(process.argv[2] ?? '') as FuzzVault;
  const keys = { catalogueKey: fromHex(catalogueKey), wrappingKey: fromHex(wrappingKey) };
  const { vault } = await FileVault.open({ dir, vaultId, ...keys });
  process.on('message', (paths: string[]) => {
    void importBatch(vault, paths).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => {
    void vault.dispose().then(() => process.exit(0));
  });
  process.send?.('ready');
}

await main();
