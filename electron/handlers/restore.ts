import { basename } from 'node:path';
import { VitrineError } from '../../core/errors.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

/** A backup becomes the workstation's vault. It takes no key: what comes back is sealed. */
export function restoreHandlers({
  session,
  board,
  choose,
  chosen,
  vaultFolder,
}: Pick<HandlerContext, 'session' | 'board' | 'choose' | 'chosen' | 'vaultFolder'>): HandlersOf<'restore'> {
  const assertNone = async (): Promise<void> => {
    if ((await session.state()).state !== 'no-vault') throw new VitrineError('vault/exists', 'there is a vault');
  };
  return {
    'restore.choose': async () => {
      const paths = await choose('folder');
      const [path] = paths ?? [];
      if (paths === null || path === undefined) return { backup: null };
      const { BackupFolder } = await import('../care/backup-folder.ts');
      const { snapshot } = await (await BackupFolder.open(path)).newest();
      const bytes = snapshot.studies.reduce((sum, [, , , size]) => sum + size, 0);
      const place = basename(path).slice(0, 255);
      return { backup: { source: chosen.add(paths), place, at: snapshot.at, studies: snapshot.studies.length, bytes } };
    },
    'restore.start': async ({ source }) => {
      await assertNone();
      const [from = ''] = chosen.take(source);
      return board.start({
        kind: 'care.restore',
        lane: 'care',
        run: async ({ signal, progress }) => {
          const { discardRestore, restore } = await import('../care/restore.ts');
          const told = (done: number, total: number): void => progress({ done, total, unit: 'items' });
          const observer = { signal, progress: told };
          const all = { study: null, snapshot: null };
          const report = await restore(from, vaultFolder, all, observer).catch(async (error: unknown) => {
            if (signal.aborted) await discardRestore(vaultFolder);
            throw error;
          });
          await session.found();
          return { studies: report.studies, problems: report.damaged.length };
        },
        facts: (facts) => facts,
      });
    },
  };
}
