import type { EventName, OperationName } from '../core/contract/operations.ts';

/**
 * The names of the contract without its schemas: what the sandboxed preload forwards and what the registrar listens to
 * before the schemas are loaded. `satisfies` refuses a foreign name, test/arch/contract.test.ts a missing one.
 */
export const OPERATION_NAMES = [
  'app.info',
  'settings.get',
  'settings.set',
  'session.state',
  'session.create',
  'session.renewRecovery',
  'session.confirmRecovery',
  'session.unlock',
  'session.repairKeychain',
  'session.lock',
  'session.cleared',
  'keys.list',
  'keys.drill',
  'keys.changePassphrase',
  'keys.renewRecovery',
  'keys.makeShares',
  'keys.chooseFile',
  'keys.chooseEscrow',
  'keys.addEscrow',
  'keys.remove',
  'keys.rotate',
  'keys.reseal',
  'studies.search',
  'studies.details',
  'studies.open',
  'studies.close',
  'lab.systems',
  'lab.open',
  'lab.run',
  'lab.attack',
  'lab.compare',
  'lab.result',
  'lab.kept',
  'lab.keptResult',
  'lab.removeKept',
  'import.choose',
  'import.start',
  'import.sample',
  'import.cancel',
  'audit.list',
  'audit.verify',
  'audit.verification',
  'audit.export',
  'audit.forwarding',
  'audit.chooseCertificate',
  'audit.forward',
  'jobs.list',
  'jobs.cancel',
  'jobs.dismiss',
  'private.series',
  'private.forecast',
  'private.result',
  'annotations.load',
  'annotations.append',
] as const satisfies readonly OperationName[];

export const EVENT_NAMES = [
  'session.changed',
  'import.progress',
  'import.finished',
  'job.progress',
  'job.finished',
  'catalogue.changed',
  'command',
] as const satisfies readonly EventName[];

/** The preload's own channel for dropped files; equals `dropOperation.channel` of the contract (tested). */
export const DROP_CHANNEL = 'preload.registerDrop';

/** Channel on which main hands a window its vault port. */
export const PORT_CHANNEL = 'vault.port';

/** Equals `PORT_MESSAGE` of core/contract/port.ts (tested): the message under which the page gets its vault port. */
export const PORT_MESSAGE_NAME = 'vitrine:vault-port';
