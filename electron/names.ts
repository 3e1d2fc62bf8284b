import type { EventName, OperationName } from '../core/contract/operations.ts';
import type { PatientOperationName } from '../core/contract/patient.ts';

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
  'shred.start',
  'shred.certificates',
  'shred.export',
  'retention.get',
  'retention.set',
  'retention.plan',
  'retention.run',
  'retention.hold',
  'users.list',
  'users.add',
  'users.change',
  'users.remove',
  'users.resetPassphrase',
  'users.changeOwnPassphrase',
  'users.rewrap',
  'users.glassLog',
  'policy.check',
  'policy.of',
  'policy.set',
  'policy.setImport',
  'policy.breakGlass',
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
  'model.list',
  'model.about',
  'model.run',
  'model.series',
  'model.file',
  'model.fileResult',
  'model.findings',
  'model.decide',
  'model.attack',
  'model.attackResult',
  'import.choose',
  'import.start',
  'import.sample',
  'import.cancel',
  'import.names',
  'care.status',
  'care.verify',
  'care.chooseFolder',
  'care.backup',
  'restore.choose',
  'restore.start',
  'care.drill',
  'care.check',
  'care.scrub',
  'care.repair',
  'care.rebuild',
  'care.acceptCopy',
  'care.result',
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
  'print.view',
] as const satisfies readonly OperationName[];

/** Those that say something of a patient: the preload sends them by the vault's port, and main never sees them. */
export const PATIENT_OPERATION_NAMES = [
  'studies.search',
  'studies.details',
  'import.names',
  'retention.plan',
  'annotations.load',
  'annotations.append',
  'model.findings',
  'model.decide',
] as const satisfies readonly PatientOperationName[];

export const EVENT_NAMES = [
  'session.changed',
  'import.progress',
  'import.finished',
  'job.progress',
  'job.finished',
  'lock.waits',
  'catalogue.changed',
  'command',
] as const satisfies readonly EventName[];

/** The preload's own channel for dropped files; equals `dropOperation.channel` of the contract (tested). */
export const DROP_CHANNEL = 'preload.registerDrop';

/** Channel on which main hands a window its vault port. */
export const PORT_CHANNEL = 'vault.port';

/** Equals `PORT_MESSAGE` of core/contract/port.ts (tested): the message under which the page gets its vault port. */
export const PORT_MESSAGE_NAME = 'vitrine:vault-port';

/** Channel on which main hands the compute window its port to the engine. */
export const COMPUTE_CHANNEL = 'compute.port';

/** Equals `COMPUTE_MESSAGE` of core/contract/compute.ts (tested). */
export const COMPUTE_PAGE_MESSAGE = 'vitrine:compute-port';
