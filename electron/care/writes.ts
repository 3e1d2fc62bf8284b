import type { OperationName } from '../../core/contract/operations.ts';

/**
 * Operations that change what is in the vault: they wait until it is known whether the vault is an older copy, and the state
 * that is remembered outside of it follows them. A name that is no operation doesn't compile; writes.test.ts names the others,
 * so that a new operation must be put on one side.
 */
export const WRITES = [
  'import.start',
  'import.sample',
  'annotations.append',
  'model.run',
  'model.series',
  'model.decide',
  'lab.run',
  'lab.compare',
  'lab.removeKept',
  'session.renewRecovery',
  'session.confirmRecovery',
  'keys.changePassphrase',
  'keys.renewRecovery',
  'keys.makeShares',
  'keys.addEscrow',
  'keys.remove',
  'keys.rotate',
  'keys.reseal',
  'shred.start',
  'retention.set',
  'retention.run',
  'retention.hold',
  'users.add',
  'users.change',
  'users.remove',
  'users.resetPassphrase',
  'users.changeOwnPassphrase',
  'users.rewrap',
  'policy.set',
  'policy.setImport',
  'care.repair',
] as const satisfies readonly OperationName[];

const NAMES: ReadonlySet<string> = new Set(WRITES);

/** @param operation as it came: also a name that is no operation */
export function isWrite(operation: string): boolean {
  return NAMES.has(operation);
}
