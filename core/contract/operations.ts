import { z } from 'zod';
import { auditOperations } from './audit.ts';
import { careOperations } from './care.ts';
import { id } from './catalogue.ts';
import type { Failure } from './failure.ts';
import { findingOperations } from './findings.ts';
import { importEnd, importProgress } from './import.ts';
import { jobFinished, jobList, jobProgress } from './jobs.ts';
import { keyOperations, WAY_IN_ERRORS, wayIn } from './keys.ts';
import { labOperations } from './laboratory.ts';
import { type PatientOperationName, patientOperations } from './patient.ts';
import { printOperations } from './print.ts';
import { privateForecastRequest, privateForecastResult, privateSeries } from './private.ts';
import { restoreOperations } from './restore.ts';
import { retireOperations } from './retire.ts';
import { appInfo, sessionState, settings } from './session.ts';
import { userOperations } from './users.ts';

/**
 * The one list of what a window may ask. Types are inferred from it, the preload forwards these names and no others,
 * the registrar checks requests on arrival and responses before they leave. `errors` are the codes that a caller must
 * expect besides the general ones (`GENERAL_ERRORS`).
 *
 * No field is a key or a path. A passphrase goes in (create, unlock), and a recovery code comes out once (create,
 * renew): test/arch/contract.test.ts holds that list.
 */
interface Operation {
  readonly request: z.ZodType;
  readonly response: z.ZodType;
  readonly errors: readonly string[];
}

function define<const T extends Record<string, Operation>>(operations: T): T {
  return operations;
}

const nothing = z.strictObject({});
const passphrase = z.string().min(1).max(1024);
/** Groups of the recovery code as they are printed. */
const recoveryCode = z.array(z.string().max(8)).max(32);
const job = z.strictObject({ job: z.string() });
/** A handle for files that the person chose or dropped; main alone knows the paths. */
const source = z.string().max(64);

/** Codes that every operation may answer. */
export const GENERAL_ERRORS = [
  'ipc/bad-request',
  'ipc/bad-response',
  'ipc/unexpected',
  'ipc/forbidden',
  'vault/locked',
] as const;

export const operations = define({
  'app.info': { request: nothing, response: appInfo, errors: [] },
  'settings.get': { request: nothing, response: settings, errors: [] },
  'settings.set': { request: settings, response: settings, errors: ['settings/not-saved'] },

  'session.state': { request: nothing, response: sessionState, errors: [] },
  'session.create': {
    request: z.strictObject({ name: z.string().min(1).max(80), passphrase, useKeychain: z.boolean() }),
    response: z.strictObject({ recoveryCode }),
    errors: [
      'keys/weak-passphrase',
      'keys/derivation-failed',
      'vault/exists',
      'vault/disk-full',
      'vault/in-use',
      'vault/io',
    ],
  },
  /** Issues a new recovery code in place of one that was never confirmed. */
  'session.renewRecovery': {
    request: nothing,
    response: z.strictObject({ recoveryCode }),
    errors: ['keys/passphrase-needed'],
  },
  'session.confirmRecovery': {
    request: z.strictObject({ group: z.int().nonnegative(), text: z.string().max(16) }),
    response: z.strictObject({ confirmed: z.boolean() }),
    errors: [],
  },
  'session.unlock': {
    request: wayIn,
    response: sessionState,
    errors: [
      ...WAY_IN_ERRORS,
      'keys/header-damaged',
      'keys/newer-version',
      'vault/not-a-vault',
      'vault/in-use',
      'vault/newer-version',
      'vault/catalogue-damaged',
      'vault/wrong-key',
      'vault/disk-full',
      'vault/io',
    ],
  },
  /** Puts this vault's entry into the keychain anew, for one that is missing or changed. Needs an unlocked vault. */
  'session.repairKeychain': {
    request: nothing,
    response: sessionState,
    errors: ['keychain/locked', 'keychain/unavailable', 'keychain/plaintext-backend'],
  },
  'session.lock': { request: nothing, response: sessionState, errors: [] },
  /** The window says, after `session.changed` to locked, that nothing of a study is on its screen. Lock waits for it. */
  'session.cleared': { request: nothing, response: nothing, errors: [] },

  ...keyOperations,
  ...restoreOperations,

  ...retireOperations,

  ...userOperations,

  /** Opens a study for reading: frames and headers may then be asked for by this handle over the port. */
  'studies.open': {
    request: z.strictObject({ studyId: id }),
    response: z.strictObject({ handle: z.string() }),
    errors: ['vault/no-such-study', 'seal/altered'],
  },
  'studies.close': { request: z.strictObject({ handle: z.string() }), response: nothing, errors: [] },

  ...labOperations,
  ...findingOperations,

  'import.choose': {
    request: z.strictObject({ kind: z.enum(['files', 'folder']) }),
    /** Null means the person closed the dialog. */
    response: z.strictObject({ source: source.nullable() }),
    errors: [],
  },
  'import.start': {
    request: z.strictObject({ source }),
    response: job,
    errors: ['import/no-such-source', 'import/busy'],
  },
  'import.sample': { request: nothing, response: job, errors: ['import/busy'] },
  'import.cancel': { request: job, response: nothing, errors: [] },

  ...auditOperations,

  ...careOperations,

  'jobs.list': { request: nothing, response: jobList, errors: [] },
  'jobs.cancel': { request: job, response: nothing, errors: [] },
  /** Takes a finished job, and what it made, off the board. */
  'jobs.dismiss': { request: job, response: nothing, errors: [] },

  /** Reads a series of a chosen or dropped file; null is the sample. */
  'private.series': {
    request: z.strictObject({ source: source.nullable() }),
    response: privateSeries,
    errors: [
      'import/no-such-source',
      'private/series',
      'private/series-date',
      'private/series-number',
      'private/series-order',
      'private/series-gap',
      'private/series-short',
      'private/evaluator',
    ],
  },
  /** Forecasts its last rows, plain and on ciphertexts. */
  'private.forecast': { request: privateForecastRequest, response: job, errors: ['private/no-such-series'] },
  /** Null: the job is not done, failed, or was forgotten. */
  'private.result': {
    request: job,
    response: z.strictObject({ result: privateForecastResult.nullable() }),
    errors: [],
  },

  ...printOperations,

  ...patientOperations,
});

export type Operations = typeof operations;
export type OperationName = keyof Operations;
/** What a window asks main: everything but what says something of a patient. */
export type MainOperationName = Exclude<OperationName, PatientOperationName>;
export type Request<Name extends OperationName> = z.infer<Operations[Name]['request']>;
export type Response<Name extends OperationName> = z.infer<Operations[Name]['response']>;

/** What main tells every window without being asked. */
export const events = {
  'session.changed': sessionState,
  'import.progress': importProgress,
  /** Told once more when decoding what was imported found more to be seen. */
  'import.finished': importEnd,
  'job.progress': jobProgress,
  'job.finished': jobFinished,
  /** Nobody is there, and the lock waits for work until then at the latest; null: it waits no longer. */
  'lock.waits': z.strictObject({ until: z.iso.datetime().nullable() }),
  /** The catalogue changed: lists ask again. */
  'catalogue.changed': nothing,
  /** A menu or the operating system asks the window for a command of its command table. */
  command: z.strictObject({ id: z.string() }),
} as const;

export type EventName = keyof typeof events;
export type EventPayload<Name extends EventName> = z.infer<(typeof events)[Name]>;

export type { Failure };
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

/** The preload's own operation: dropped files become a source handle. The paths never enter the page. */
export const dropOperation = {
  channel: 'preload.registerDrop',
  request: z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(10_000) }),
  response: z.strictObject({ source }),
} as const;
