import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import type { Logger as Pino } from 'pino';
import { VitrineError } from '../core/errors.ts';

/**
 * The one logger. What may be written is an allow-list, not a block-list: an event name, codes, ids of Vitrine's own,
 * numbers and booleans. Free text never passes: a message of the file system holds paths, one of a parser may hold a
 * patient's name. So an error is written as its code (or its class and errno), never as its message or stack.
 */
export type LogValue = string | number | boolean | null;
export type LogFields = Readonly<Record<string, LogValue>>;

export interface Logger {
  /** `event` is a dotted constant of the code, such as `vault.exited`. */
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` contributes its closed code, or its class and errno. */
  error(event: string, error: unknown, fields?: LogFields): void;
  /** Resolves when every line so far is written. */
  flush(): Promise<void>;
}

/** `vault/locked`, `vault.exited`: no person is called like that. A bare word could be a name, so none passes. */
const CODE = /^[a-z][a-z0-9-]{0,31}[/.][A-Za-z0-9-]{1,48}$/;
const OWN_ID = /^[0-9a-f]{32}$/;
const VERSION = /^\d+(\.\d+){1,3}$/;
/** Classes and errno come from programs, never from data. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,47}$/;

const REDACTED = '[redacted]';

/** The value as it may stand in a log line: codes, ids of Vitrine's own and versions; any other text is replaced. */
export function redact(value: LogValue): LogValue {
  if (typeof value !== 'string') return value;
  return CODE.test(value) || OWN_ID.test(value) || VERSION.test(value) ? value : REDACTED;
}

function identifier(text: string): string {
  return IDENTIFIER.test(text) ? text : REDACTED;
}

/** What a log line says of an error: no message, no stack. */
export function describeError(error: unknown): Record<string, LogValue> {
  if (error instanceof VitrineError) {
    const cause: Record<string, LogValue> =
      error.cause === undefined ? {} : prefixed('cause', describeError(error.cause));
    return { code: redact(error.code), ...cause };
  }
  if (error instanceof Error) {
    const errno = 'code' in error && typeof error.code === 'string' ? error.code : null;
    return { class: identifier(error.constructor.name), errno: errno === null ? null : identifier(errno) };
  }
  return { class: typeof error };
}

function prefixed(prefix: string, fields: Record<string, LogValue>): Record<string, LogValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function redactAll(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redact(value)]));
}

const FILE_LIMIT = 256 * 1024;

/** Opens the log file for appending; one that is full becomes `<name>.1`, so at most two of them exist. */
async function openFile(path: string): Promise<WriteStream> {
  const size = await stat(path).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size > FILE_LIMIT) await rename(path, `${path}.1`);
  return createWriteStream(path, { flags: 'a', mode: 0o600 });
}

/** Milliseconds that a line may wait for the logger to be loaded: the lines of a start come after the study list. */
const LOAD_AFTER = 1500;

/**
 * Makes the logger. Pino is loaded a moment after the first line, or at once for an error or a `flush`: a start needs
 * none of it.
 * @param options.file where lines go besides stderr; null means stderr only (command line).
 * @param options.quiet nothing below `error` reaches stderr.
 */
export function createLogger(options: { file: string | null; quiet?: boolean }): Logger {
  let loading: Promise<Pino> | null = null;
  let later: NodeJS.Timeout | null = null;
  const waiting: ((pino: Pino) => void)[] = [];

  async function load(): Promise<Pino> {
    const { multistream, pino } = await import('pino');
    const streams: { level: 'info' | 'error'; stream: NodeJS.WritableStream }[] = [
      { level: options.quiet === true ? 'error' : 'info', stream: process.stderr },
    ];
    if (options.file !== null) {
      const file = await openFile(options.file).catch(() => null);
      file?.on('error', () => undefined);
      if (file !== null) streams.push({ level: 'info', stream: file });
    }
    // The time is the line's own: it may have waited.
    return pino({ base: null, level: 'info', timestamp: false }, multistream(streams));
  }

  async function writeWaiting(): Promise<void> {
    if (later !== null) clearTimeout(later);
    later = null;
    loading ??= load();
    const pino = await loading;
    for (const line of waiting.splice(0)) line(pino);
  }

  function write(level: 'info' | 'warn' | 'error', event: string, fields: LogFields): void {
    const time = new Date().toISOString();
    waiting.push((pino) => pino[level]({ time, event: redact(event), ...fields }));
    if (level === 'error' || loading !== null) void writeWaiting();
    else later ??= setTimeout(() => void writeWaiting(), LOAD_AFTER).unref();
  }

  return {
    info: (event, fields = {}) => write('info', event, redactAll(fields)),
    warn: (event, fields = {}) => write('warn', event, redactAll(fields)),
    error: (event, error, fields = {}) => write('error', event, { ...redactAll(fields), ...describeError(error) }),
    flush: async () => {
      if (waiting.length > 0) await writeWaiting();
    },
  };
}
