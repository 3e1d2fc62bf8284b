import { basename } from 'node:path';
import { CARE_JOBS } from '../../core/contract/care.ts';
import type { BackupReport, DrillReport, RepairReport } from '../../core/vault/care.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { MainVault } from '../../core/vault/main-vault.ts';
import { listed, type Made, observer, resultOf } from '../care/job-results.ts';
import type { JobControl } from '../jobs.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

type Context = Pick<HandlerContext, 'vault' | 'board' | 'chosen' | 'choose' | 'care' | 'audit' | 'startScrub'>;

/** Work that reads or writes the same files runs one after the other. */
const LANE = 'care';

function ofBackup({ studies, copied, copiedBytes, problems }: BackupReport, damaged: readonly string[]): Made {
  const all = problems.flatMap((problem) => listed([problem], problem.kept ? 'kept' : 'lost'));
  const facts = { studies, copied, bytes: copiedBytes, problems: problems.length + damaged.length };
  return { result: resultOf(all, damaged), facts };
}

function ofDrill({ objects, problems, damaged, sameHeader }: DrillReport): Made {
  const facts = { objects, problems: problems.length + damaged.length, sameHeader };
  return { result: resultOf(listed(problems, 'lost'), damaged), facts };
}

function ofRepair({ found, repaired, lost }: RepairReport): Made {
  const facts = { found: found.length, repaired: repaired.length, problems: lost.length };
  return { result: resultOf([...listed(lost, 'lost'), ...listed(repaired, 'repaired')]), facts };
}

/** The folder that was chosen, or that of the last backup. @throws backup/no-target, import/no-such-source */
async function targetOf(vault: MainVault, chosen: Context['chosen'], source: string | null): Promise<string> {
  const [path] = source === null ? [(await vault.care('records', {})).backup?.target] : chosen.take(source);
  if (path === undefined) throw vaultError('backup/no-target', 'no folder was chosen');
  return path;
}

type Start = (
  kind: Exclude<(typeof CARE_JOBS)[number], 'care.scrub'>,
  event: 'backed-up' | 'verified' | 'repaired' | 'drilled',
  run: (control: JobControl) => Promise<Made>,
) => { job: string };

/** Starts a job whose end is audited: done, done with damage found, or not done. */
function starter({ board, audit, care }: Context): Start {
  return (kind, event, run) =>
    board.start<Made>({
      kind,
      lane: LANE,
      run: async (control) => {
        try {
          const made = await run(control);
          audit.event({ kind: event, code: made.facts['problems'] === 0 ? null : 'vault/damage-found' });
          care.changed();
          return made;
        } catch (error) {
          if (!control.signal.aborted) audit.event({ kind: event, code: 'vault/not-done' });
          throw error;
        }
      },
      facts: ({ facts }) => facts,
    });
}

type JobHandlers = Pick<
  HandlersOf<'care'>,
  'care.verify' | 'care.backup' | 'care.check' | 'care.drill' | 'care.repair' | 'care.scrub'
>;

function jobHandlers(context: Context): JobHandlers {
  const { vault, chosen, care } = context;
  const start = starter(context);
  return {
    'care.verify': async ({ full }) => {
      const open = vault();
      return start('vault.verify', 'verified', async (control) => {
        const { objects, problems } = await open.verify({ full }, observer(control));
        return { result: resultOf(listed(problems, 'found')), facts: { objects, problems: problems.length, full } };
      });
    },
    'care.backup': async ({ source, check }) => {
      const open = vault();
      const target = await targetOf(open, chosen, source);
      return start('care.backup', 'backed-up', async (control) => {
        const report = await care.backUp(open, target, observer(control));
        const { checkBackup } = await import('../care/backup-check.ts');
        const { damaged } = check ? await checkBackup(target, observer(control)) : { damaged: [] };
        return ofBackup(report, damaged);
      });
    },
    'care.check': async ({ source }) => {
      const target = await targetOf(vault(), chosen, source);
      return start('care.check', 'verified', async (control) => {
        const { checkBackup } = await import('../care/backup-check.ts');
        const { files, damaged } = await checkBackup(target, observer(control));
        return { result: resultOf([], damaged), facts: { files, problems: damaged.length } };
      });
    },
    'care.drill': async ({ source }) => {
      const open = vault();
      const target = await targetOf(open, chosen, source);
      return start('care.drill', 'drilled', async (control) =>
        ofDrill(await open.care('drill', { target, scratch: null }, observer(control))),
      );
    },
    'care.repair': async ({ from, source }) => {
      const open = vault();
      if (from === 'files' && source === null) throw vaultError('backup/no-target', 'no files were chosen');
      const paths = from === 'files' ? chosen.take(source ?? '') : [await targetOf(open, chosen, source)];
      const repairFrom = from === 'files' ? { paths } : { backup: paths[0] ?? '' };
      return start('care.repair', 'repaired', async (control) => {
        const report = await open.care('repair', { from: repairFrom }, observer(control));
        await care.repaired(open);
        return ofRepair(report);
      });
    },
    'care.scrub': async () => context.startScrub(),
  };
}

export function careHandlers(context: Context): HandlersOf<'care'> {
  const { vault, board, chosen, care } = context;
  return {
    ...jobHandlers(context),
    'care.status': async () => care.status(vault()),
    'care.chooseFolder': async () => {
      const [path] = (await context.choose('folder')) ?? [];
      return path === undefined
        ? { source: null, place: '' }
        : { source: chosen.add([path]), place: basename(path).slice(0, 255) };
    },
    'care.rebuild': async () => {
      await care.rebuild();
      return {};
    },
    'care.acceptCopy': async () => {
      await care.accept();
      return {};
    },
    'care.result': async ({ job }) => {
      const found = CARE_JOBS.map((kind) => board.result(job, kind)).find((result) => result !== null);
      return { result: (found as Made | undefined)?.result ?? null };
    },
  };
}
