import { spawn } from 'node:child_process';

/** How a command ended. `code` is null when a signal ended it or it could not be started. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command and keeps its output (stdout and stderr together). Never throws for its exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell starts.
      shell: process.platform === 'win32',
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Runs a command and throws with its last lines when it fails. */
export async function runOrThrow(...[command, args, options]: Parameters<typeof run>): Promise<string> {
  const ended = await run(command, args, options);
  if (ended.code === 0) return ended.output;
  const tail = ended.output.trim().split('\n').slice(-8).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${ended.code ?? 'a signal'}:\n${tail}`);
}
