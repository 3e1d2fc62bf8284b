import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { z } from 'zod';
import { failureReport } from '../../core/contract/command-line.ts';
import { explain } from './words.ts';

/** Exit codes: all done, some refused or some problem found, failed. */
export type ExitCode = 0 | 1 | 2;

/** What a command has to say and how it ends. */
export interface Outcome<Report> {
  readonly report: Report;
  /** The same for people, printed without `--json`. */
  readonly text: string;
  readonly exit: ExitCode;
}

/** What every command gets beside its own options. */
export interface Terminal {
  readonly json: boolean;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
  /** A line on stderr. */
  note(line: string): void;
  /** A line on stderr that replaces the one before it; at most one a second where stderr is not a terminal. */
  progress(line: string): void;
}

function createTerminal(json: boolean, signal: AbortSignal): Terminal & { end(): void } {
  let open = false;
  let last = 0;
  const end = (): void => {
    if (open) process.stderr.write('\n');
    open = false;
  };
  return {
    json,
    signal,
    note: (line) => {
      end();
      process.stderr.write(`${line}\n`);
    },
    progress: (line) => {
      const now = performance.now();
      const live = process.stderr.isTTY === true;
      if (now - last < (live ? 100 : 1000)) return;
      last = now;
      process.stderr.write(live ? `\r\u001b[2K${line}` : `${line}\n`);
      open = live;
    },
    end,
  };
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * Runs a command: one JSON document on stdout with `--json` (checked against its schema before it is printed), else text.
 * What it throws becomes `{"error": …}` or a sentence on stderr, and exit code 2. Ctrl+C aborts the signal; a second one
 * ends the process at once, which loses nothing.
 */
export async function runCommand<Report>(
  json: boolean,
  schema: z.ZodType<Report>,
  command: (terminal: Terminal) => Promise<Outcome<Report>>,
): Promise<void> {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) process.exit(2);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const terminal = createTerminal(json, abort.signal);
  let exit: ExitCode = 2;
  try {
    const outcome = await command(terminal);
    terminal.end();
    await write(json ? `${JSON.stringify(schema.parse(outcome.report), null, 2)}\n` : outcome.text);
    exit = outcome.exit;
  } catch (error) {
    terminal.end();
    const failure = failureReport.parse({ error: explain(error) });
    if (json) await write(`${JSON.stringify(failure, null, 2)}\n`);
    process.stderr.write(`vitrine: ${failure.error.reason} [${failure.error.code}]\n`);
  }
  // Worker threads or a keychain that still waits must not keep the process after its answer.
  process.exit(exit);
}

/** What nobody caught ends the command as a failure, not with Node's exit code 1, which means "some were refused" here. */
export function failOutside(error: unknown): never {
  const { code, reason } = explain(error);
  process.stderr.write(`vitrine: ${reason} [${code}]\n`);
  process.exit(2);
}

/** Asks for a secret on the terminal without showing it. Null where there is no terminal. */
export async function askSecret(question: string): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
