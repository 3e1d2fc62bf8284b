/**
 * Copies of the audit log's entries to a collector: syslog over TLS (RFC 5425) with the messages of DICOM PS3.15 A.6. The log
 * in the vault stays the evidence; what a collector doesn't take waits and is sent later, in order. Syslog has no receipt, so
 * an entry counts as sent when the connection that carried it was closed without an error: after a failure the same entry can
 * arrive twice, and never not at all.
 */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { z } from 'zod';
import { auditError } from '../../core/audit/errors.ts';
import { auditMessage } from '../../core/audit/message.ts';
import { syslogFrame } from '../../core/audit/syslog.ts';
import { type AuditForwarding, type AuditForwardingState, auditForwarding } from '../../core/contract/audit.ts';
import { hasCode } from '../../core/errors.ts';
import { replaceFile } from '../durable-file.ts';
import { systemCode } from '../vault/failure.ts';
import type { AuditLog } from './audit-log.ts';

/** Milliseconds: for a connection, after an event until it is sent, and until a failure is tried again. */
const TIMES = { connect: 10_000, gather: 1000, again: 60_000 } as const;

const fileSchema = z.strictObject({
  to: auditForwarding.nullable(),
  /** PEM of the certificate that the collector's is held against; null: those that the system trusts. */
  certificate: z.string().nullable(),
  /** How many entries of each vault's log were sent. */
  sent: z.record(z.string(), z.int().nonnegative()),
});
type Stored = z.infer<typeof fileSchema>;
const NOTHING: Stored = { to: null, certificate: null, sent: {} };

/** Where copies go, and what is trusted there. */
export interface Collector extends AuditForwarding {
  readonly certificate: string | null;
}

/** A connection, or why there is none. @throws audit/untrusted, audit/unreachable */
async function connected({ host, port, certificate }: Collector): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      servername: host,
      minVersion: 'TLSv1.2',
      ...(certificate === null ? {} : { ca: certificate }),
    });
    const failed = (cause: unknown): void => {
      socket.destroy();
      const code = systemCode(cause) ?? '';
      const isTrust = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY/.test(code);
      reject(
        isTrust
          ? auditError('audit/untrusted', 'the collector’s certificate does not hold', cause)
          : auditError('audit/unreachable', 'the collector does not answer', cause),
      );
    };
    socket.setTimeout(TIMES.connect, () => failed(new Error('timeout')));
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

/** Writes all frames and closes. @throws audit/unreachable when the connection breaks on the way */
async function deliver(collector: Collector, frames: readonly Uint8Array[]): Promise<void> {
  const socket = await connected(collector);
  await new Promise<void>((resolve, reject) => {
    const broken = (cause: unknown): void =>
      reject(auditError('audit/unreachable', 'the connection to the collector broke', cause));
    socket.once('error', broken);
    socket.once('close', (hadError) => (hadError ? broken(null) : resolve()));
    socket.resume();
    for (const frame of frames) socket.write(frame);
    socket.end();
  }).finally(() => socket.destroy());
}

interface Open {
  readonly log: AuditLog;
  readonly vaultId: string;
}

/** Sends entries of the open vault's log to the collector that was chosen, if one was. */
export class AuditForwarder {
  readonly #path: string;
  readonly #report: (event: string) => void;
  #stored: Promise<Stored> | null = null;
  #open: Open | null = null;
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #problem: string | null = null;

  /** @param path file of the profile that holds the choice; no key and no entry is in it */
  constructor(path: string, report: (event: string) => void) {
    this.#path = path;
    this.#report = report;
  }

  opened(log: AuditLog, vaultId: string): void {
    this.#open = { log, vaultId };
    this.touched();
  }

  /** The log is about to be closed: nothing is read of it any more when this resolves. */
  async closed(): Promise<void> {
    this.#open = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#turn;
  }

  /** Something was recorded: it is sent a moment later, together with what follows it. */
  touched(): void {
    this.#later(TIMES.gather);
  }

  async state(): Promise<AuditForwardingState> {
    const { to, certificate, sent } = await this.#read();
    const open = this.#open;
    const all = open === null ? 0 : await sizeOf(open.log);
    const done = Math.min(all, open === null ? 0 : (sent[open.vaultId] ?? 0));
    return { to, ownCertificate: certificate !== null, sent: done, waiting: all - done, problem: this.#problem };
  }

  /**
   * Chooses the collector, or none. Nothing changes unless it answers.
   * @throws audit/untrusted, audit/unreachable
   */
  async choose(collector: Collector | null): Promise<void> {
    if (collector !== null) (await connected(collector)).destroy();
    const { sent } = await this.#read();
    const to = collector === null ? null : { host: collector.host, port: collector.port };
    await this.#write({ to, certificate: collector?.certificate ?? null, sent });
    this.#problem = null;
    await this.send();
  }

  /** Sends what waits. Never rejects: a failure is kept as the state's problem and tried again later. */
  send(): Promise<void> {
    const turn = this.#turn.then(() => this.#send());
    this.#turn = turn;
    return turn;
  }

  async #send(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    try {
      await this.#sendWaiting(open);
      this.#problem = null;
    } catch (error) {
      this.#problem = hasCode(error, 'audit/untrusted', 'audit/unreachable') ? error.code : 'ipc/unexpected';
      this.#report('audit.not-forwarded');
      this.#later(TIMES.again);
    }
  }

  async #sendWaiting({ log, vaultId }: Open): Promise<void> {
    const stored = await this.#read();
    const { to, certificate } = stored;
    if (to === null) return;
    const from = stored.sent[vaultId] ?? 0;
    const frames: Uint8Array[] = [];
    let next = from;
    for await (const { batch } of log.newestFirst()) {
      if (batch === null) continue;
      const { first, entries, frontier } = batch;
      if (frontier.size <= from) break;
      next = Math.max(next, frontier.size);
      const texts = entries.slice(Math.max(0, from - first));
      frames.unshift(...texts.map((text) => frameOf(text)));
    }
    if (frames.length === 0) return;
    await deliver({ ...to, certificate }, frames);
    await this.#write({ ...(await this.#read()), sent: { ...stored.sent, [vaultId]: next } });
  }

  #later(milliseconds: number): void {
    if (this.#timer !== null || this.#open === null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.send();
    }, milliseconds).unref();
  }

  #read(): Promise<Stored> {
    this.#stored ??= readFile(this.#path, 'utf8').then(
      (text) => parsed(text),
      () => NOTHING,
    );
    return this.#stored;
  }

  async #write(stored: Stored): Promise<void> {
    await replaceFile(this.#path, `${JSON.stringify(stored)}\n`);
    this.#stored = Promise.resolve(stored);
  }
}

function parsed(text: string): Stored {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return NOTHING;
  }
}

function frameOf(text: string): Uint8Array {
  return syslogFrame(auditMessage.parse(JSON.parse(text)), { host: hostname(), process: process.pid });
}

/** How many entries the log has. */
async function sizeOf(log: AuditLog): Promise<number> {
  for await (const { batch } of log.newestFirst()) if (batch !== null) return batch.frontier.size;
  return 0;
}
