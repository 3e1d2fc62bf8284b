import { userInfo } from 'node:os';
import { type AuditEvent, messageOf } from '../../core/audit/message.ts';
import type { ImportEnd } from '../../core/contract/import.ts';
import type { OperationName } from '../../core/contract/operations.ts';
import { vaultError } from '../../core/vault/errors.ts';
import type { OpenOptions } from '../session-parts.ts';
import { readHeader } from '../vault-header.ts';
import { type AuditActor, AuditLog } from './audit-log.ts';
import { keepWaiting } from './batch-files.ts';
import type { AuditForwarder } from './forwarder.ts';
import { allKnown } from './known-checkpoints.ts';

/** Milliseconds after the vault was opened when that is written, if nothing else is recorded before. */
const WRITE_AFTER = 500;

type Recorded = (code: string | null, studyId: string | null) => AuditEvent | null;

const study =
  (kind: 'study-opened' | 'annotated'): Recorded =>
  (code, studyId) =>
    studyId === null ? null : { kind, studyIds: [studyId], code };
const users: Recorded = (code) => ({ kind: 'users-changed', code });
const slots: Recorded = (code) => ({ kind: 'slots-changed', code });

/**
 * What an answered operation puts into the log. `null`: nothing, because it shows no study and changes nothing, or because
 * its event comes from where it really happens (unlocked, locked: also without a window's asking; imported: at its end).
 */
const RECORDED: Readonly<Record<OperationName, Recorded | null>> = {
  'app.info': null,
  'settings.get': null,
  'settings.set': (code) => ({ kind: 'settings-changed', code }),
  'session.state': null,
  'session.create': null,
  'session.renewRecovery': slots,
  'session.confirmRecovery': slots,
  'session.unlock': (code) => (code === null ? null : { kind: 'unlock-failed', code }),
  'session.repairKeychain': slots,
  'session.lock': null,
  'session.cleared': null,
  'keys.list': null,
  'keys.drill': (code) => ({ kind: 'slot-tested', code }),
  'keys.changePassphrase': slots,
  'keys.renewRecovery': slots,
  'keys.makeShares': slots,
  'keys.chooseFile': null,
  'keys.chooseEscrow': null,
  'keys.addEscrow': slots,
  'keys.remove': slots,
  'keys.rotate': (code) => ({ kind: 'keys-changed', code }),
  'keys.reseal': (code) => ({ kind: 'keys-changed', code }),
  'shred.start': null,
  'shred.certificates': null,
  'shred.export': null,
  'retention.get': null,
  'retention.set': (code) => ({ kind: 'settings-changed', code }),
  'retention.plan': null,
  'retention.run': null,
  'retention.hold': (code) => ({ kind: 'settings-changed', code }),
  'users.list': null,
  'users.add': users,
  'users.change': users,
  'users.remove': users,
  'users.resetPassphrase': users,
  'users.changeOwnPassphrase': users,
  'users.rewrap': null,
  // Reading it is reading the log.
  'users.glassLog': null,
  'policy.check': null,
  'policy.of': null,
  'policy.set': (code) => ({ kind: 'rules-changed', code }),
  'policy.setImport': (code) => ({ kind: 'rules-changed', code }),
  // Said before the key is had, with the reason: electron/users/break-glass.ts.
  'policy.breakGlass': null,
  'studies.search': null,
  'studies.details': null,
  'studies.open': study('study-opened'),
  'studies.close': null,
  'lab.systems': null,
  'lab.open': study('study-opened'),
  'lab.run': null,
  'lab.attack': null,
  'lab.compare': null,
  'lab.result': null,
  'lab.kept': null,
  'lab.keptResult': study('study-opened'),
  'lab.removeKept': study('annotated'),
  'model.list': null,
  'model.about': null,
  // A run is written into the study; an attack only looks at it.
  'model.run': study('annotated'),
  'model.series': study('annotated'),
  'model.file': null,
  'model.fileResult': null,
  'model.findings': null,
  'model.decide': study('annotated'),
  'model.attack': study('study-opened'),
  'model.attackResult': null,
  'import.choose': null,
  'import.start': null,
  'import.sample': null,
  'import.cancel': null,
  'import.names': null,
  // Said once a session, when the first page is asked for (`used`): else reading the log would fill it.
  'audit.list': null,
  'audit.verify': null,
  'audit.verification': null,
  'audit.export': null,
  'audit.forwarding': null,
  'audit.chooseCertificate': null,
  'audit.forward': (code) => ({ kind: 'settings-changed', code }),
  // The jobs and the acceptance say themselves what they did, at their end.
  'care.status': null,
  'care.verify': null,
  'care.chooseFolder': null,
  'care.backup': null,
  'care.drill': null,
  // The restored vault's log says so when it is opened first.
  'restore.choose': null,
  'restore.start': null,
  'care.check': null,
  'care.scrub': null,
  'care.repair': null,
  'care.rebuild': null,
  'care.acceptCopy': null,
  'care.result': null,
  'jobs.list': null,
  'jobs.cancel': null,
  'jobs.dismiss': null,
  'private.series': null,
  'private.forecast': null,
  'private.result': null,
  'annotations.load': null,
  'annotations.append': study('annotated'),
  // Its handler says which studies were on the view, and only where something was printed.
  'print.view': null,
};

/** The account of the operating system that acts, and what it acts with. */
export function actor(application: string): AuditActor {
  try {
    return { user: userInfo().username, application };
  } catch {
    return { user: `uid-${process.getuid?.() ?? 'unknown'}`, application };
  }
}

/** An import that ended, well or not. */
export function importEvent({ studyIds, outcome, code }: ImportEnd): AuditEvent {
  return { kind: 'imported', studyIds, code: outcome === 'done' ? null : (code ?? `import/${outcome}`) };
}

/** Keeps a failed unlock for the log of the vault in `folder`; no key is at hand then. */
export async function recordFailedUnlock(folder: string, code: string, by: AuditActor): Promise<void> {
  const header = await readHeader(folder);
  if (header === null) return;
  const occasion = { ...by, time: new Date().toISOString(), vaultId: header.vaultId };
  await keepWaiting(folder, JSON.stringify(messageOf({ kind: 'unlock-failed', code }, occasion)));
}

export interface RecorderParts {
  /** The vault's folder. */
  readonly vault: string;
  /** Where checkpoints are kept outside of the vault. */
  readonly checkpoints: string;
  readonly application: string;
  /** Gets copies of the entries to where the site wants them. */
  readonly forwarder: AuditForwarder;
  /** The log could not be written: an event name for the program's own log. */
  report(event: string, error: unknown): void;
}

/** Feeds the audit log from what the workstation does. Never throws and never waits: an answer is not held up by it. */
export class AuditRecorder {
  readonly #parts: RecorderParts;
  readonly #actor: AuditActor;
  #log: AuditLog | null = null;
  #vaultId = '';
  #isUsed = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#actor = actor(parts.application);
  }

  /**
   * The vault was opened. Opened anew after its process died, the log is open already.
   * @param auditSeed read before this returns
   */
  opened(vaultId: string, auditSeed: Uint8Array, options: OpenOptions): void {
    if (this.#log !== null) return;
    const { vault, checkpoints } = this.#parts;
    const by = options.user == null ? this.#actor : { ...this.#actor, user: options.user };
    this.#log = new AuditLog({ vault, vaultId, checkpoints }, auditSeed, by);
    this.#vaultId = vaultId;
    this.#isUsed = false;
    this.#parts.forwarder.opened(this.#log, vaultId);
    if (options.create) this.#record({ kind: 'vault-created' });
    this.#log.record({ kind: 'unlocked' });
    // Finding the log's end and writing to it takes what a start has least of: the study list is asked for right now.
    // Whatever is done with a study, and a lock, writes this line too, and at once.
    setTimeout(() => void this.#log?.flush().catch((error) => this.#notWritten(error)), WRITE_AFTER).unref();
  }

  /** The vault is about to be closed, and is still locked against other processes. */
  async closed(): Promise<void> {
    const log = this.#log;
    if (log === null) return;
    this.#log = null;
    log.record({ kind: 'locked' });
    await this.#parts.forwarder.closed();
    await log.close().catch((error: unknown) => this.#notWritten(error));
  }

  /** The open vault's log. @throws vault/locked */
  log(): AuditLog {
    if (this.#log === null) throw vaultError('vault/locked', 'no vault is open');
    return this.#log;
  }

  /** Checkpoints of the open vault's log that this profile has kept. */
  known(): Promise<string[]> {
    return allKnown(this.#parts.checkpoints, this.#vaultId);
  }

  /** Somebody reads the log: said in it once for as long as the vault stays open. */
  used(): void {
    if (this.#isUsed) return;
    this.#isUsed = true;
    this.#record({ kind: 'log-read' });
  }

  /** A window's operation was answered. Names outside of the contract are refused ones: nothing happened. */
  answered(operation: string, code: string | null, studyId: string | null): void {
    const recorded = Object.hasOwn(RECORDED, operation) ? RECORDED[operation as OperationName] : null;
    const event = recorded?.(code, studyId) ?? null;
    if (event !== null) this.#record(event);
  }

  /** Studies were shredded, or that failed. */
  shredded(studyIds: readonly string[], code: string | null): void {
    this.#record({ kind: 'shredded', studyIds, code });
  }

  /** An import ended. */
  imported(outcome: ImportEnd): void {
    this.#record(importEvent(outcome));
  }

  /** Something that no operation's answer tells. */
  event(event: AuditEvent): void {
    this.#record(event);
  }

  #record(event: AuditEvent): void {
    const report = (error: unknown): void => this.#notWritten(error);
    if (this.#log !== null) {
      this.#log.record(event);
      void this.#log.flush().then(() => this.#parts.forwarder.touched(), report);
    } else if (event.kind === 'unlock-failed')
      void recordFailedUnlock(this.#parts.vault, event.code, this.#actor).catch(report);
  }

  #notWritten(error: unknown): void {
    this.#parts.report('audit.not-written', error);
  }
}
