/**
 * The command line in a process that lives for many commands: each state of a disk is opened by the product itself, without the
 * second that a process takes to start. A command ends by `process.exit`, which is caught here.
 */
import { annotate, openVault } from './matrix-worker.ts';

/** What the process is asked. */
export type CommanderTask =
  | { readonly command: readonly string[]; readonly profile: string }
  | { readonly annotate: string; readonly studyId: string; readonly profile: string }
  /** Labels of the marks of a study, and how many notes don't open. */
  | { readonly marks: string; readonly studyId: string; readonly profile: string };

export interface CommanderAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class Ended extends Error {
  readonly code: number;

  constructor(code: number) {
    super('the command ended');
    this.code = code;
  }
}

const said = { out: '', err: '' };

function listen(stream: NodeJS.WriteStream, to: 'out' | 'err'): void {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    said[to] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
}

async function marks(dir: string, studyId: string): Promise<void> {
  const vault = await openVault(dir);
  try {
    const { annotations, unreadable } = await vault.annotations(studyId);
    said.out += JSON.stringify({ uids: annotations.map(({ uid }) => uid), unreadable });
  } finally {
    await vault.dispose();
  }
}

async function work(task: CommanderTask): Promise<number> {
  process.env['VITRINE_USER_DATA'] = task.profile;
  try {
    if ('marks' in task) await marks(task.marks, task.studyId);
    else if ('annotate' in task) await annotate(task.annotate, task.studyId);
    else {
      const { buildProgram } = await import('../../electron/cli/program.ts');
      await buildProgram().parseAsync(['node', 'vitrine', ...task.command]);
    }
    return 0;
  } catch (error) {
    if (error instanceof Ended) return error.code;
    said.err += error instanceof Error ? String(error.stack) : String(error);
    return 2;
  }
}

listen(process.stdout, 'out');
listen(process.stderr, 'err');
process.exit = ((code?: number) => {
  throw new Ended(code ?? 0);
}) as typeof process.exit;
process.on('message', (task: CommanderTask) => {
  said.out = '';
  said.err = '';
  void work(task).then((code) => {
    process.removeAllListeners('SIGINT');
    process.removeAllListeners('SIGTERM');
    process.send?.({ code, ...said } satisfies CommanderAnswer);
  });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
