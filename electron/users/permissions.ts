/**
 * Which roles may do what: one row for every operation of the contract and every command of the command line. Applied before
 * a handler runs (electron/dispatch.ts) and before a command opens anything (electron/cli/vault.ts). Where mathematics can, it
 * holds the same line by keys: see core/keys/users/entitlements.ts.
 */
import type { OperationName } from '../../core/contract/operations.ts';
import { usersError } from '../../core/keys/users/errors.ts';
import type { Role } from '../../core/keys/users/types.ts';

/**
 * `anyone`: also while the vault is locked. `account`: whoever is signed in. Else the roles, one of which an account must have.
 * The owner, who came in by the vault's own slots, may do everything.
 */
export type Permission = 'anyone' | 'account' | readonly Role[];

const READ: Permission = ['radiologist'];
const LIST: Permission = ['radiologist', 'technologist', 'administrator'];
const IMPORT: Permission = ['technologist', 'radiologist'];
const ADMINISTER: Permission = ['administrator'];
const AUDIT: Permission = ['auditor', 'administrator'];

/** One row per operation. An operation without one doesn't compile; one that came in at run time is refused. */
export const OPERATIONS: Readonly<Record<OperationName, Permission>> = {
  'app.info': 'anyone',
  'settings.get': 'anyone',
  'settings.set': 'anyone',
  'session.state': 'anyone',
  'session.create': 'anyone',
  'session.unlock': 'anyone',
  'session.lock': 'anyone',
  'session.cleared': 'anyone',
  'keys.chooseFile': 'anyone',
  'restore.choose': 'anyone',
  'restore.start': 'anyone',
  'jobs.list': 'anyone',
  'lab.systems': 'anyone',
  'studies.close': 'account',
  'jobs.cancel': 'account',
  'jobs.dismiss': 'account',
  'users.changeOwnPassphrase': 'account',
  'policy.check': 'account',
  'import.choose': 'account',
  'import.cancel': 'account',
  'import.names': IMPORT,
  'session.renewRecovery': ADMINISTER,
  'session.confirmRecovery': ADMINISTER,
  'session.repairKeychain': ADMINISTER,
  'keys.list': ADMINISTER,
  'keys.drill': ADMINISTER,
  'keys.changePassphrase': ADMINISTER,
  'keys.renewRecovery': ADMINISTER,
  'keys.makeShares': ADMINISTER,
  'keys.chooseEscrow': ADMINISTER,
  'keys.addEscrow': ADMINISTER,
  'keys.remove': ADMINISTER,
  'keys.rotate': ADMINISTER,
  'keys.reseal': ADMINISTER,
  'shred.start': ADMINISTER,
  'shred.certificates': ADMINISTER,
  'shred.export': ADMINISTER,
  'retention.get': ADMINISTER,
  'retention.set': ADMINISTER,
  'retention.plan': ADMINISTER,
  'retention.run': ADMINISTER,
  'retention.hold': ADMINISTER,
  'care.status': ADMINISTER,
  'care.verify': ADMINISTER,
  'care.chooseFolder': ADMINISTER,
  'care.backup': ADMINISTER,
  'care.drill': ADMINISTER,
  'care.check': ADMINISTER,
  'care.scrub': ADMINISTER,
  'care.repair': ADMINISTER,
  'care.rebuild': ADMINISTER,
  'care.acceptCopy': ADMINISTER,
  'care.result': ADMINISTER,
  'users.list': ADMINISTER,
  'users.add': ADMINISTER,
  'users.change': ADMINISTER,
  'users.remove': ADMINISTER,
  'users.resetPassphrase': ADMINISTER,
  'users.rewrap': ADMINISTER,
  'policy.set': ADMINISTER,
  'policy.setImport': ADMINISTER,
  'audit.forward': ADMINISTER,
  'audit.chooseCertificate': ADMINISTER,
  'audit.list': AUDIT,
  'audit.verify': AUDIT,
  'audit.verification': AUDIT,
  'audit.export': AUDIT,
  'audit.forwarding': AUDIT,
  'users.glassLog': AUDIT,
  'studies.search': LIST,
  'studies.details': LIST,
  'policy.of': LIST,
  'studies.open': READ,
  'lab.open': READ,
  'lab.run': READ,
  'lab.attack': READ,
  'lab.compare': READ,
  'lab.result': READ,
  'lab.kept': READ,
  'lab.keptResult': READ,
  'lab.removeKept': READ,
  'model.list': READ,
  'model.about': READ,
  'model.run': READ,
  'model.series': READ,
  'model.file': READ,
  'model.fileResult': READ,
  'model.findings': READ,
  'model.decide': READ,
  'model.attack': READ,
  'model.attackResult': READ,
  'annotations.load': READ,
  'annotations.append': READ,
  'print.view': READ,
  'policy.breakGlass': READ,
  'private.series': READ,
  'private.forecast': READ,
  'private.result': READ,
  'import.start': IMPORT,
  'import.sample': IMPORT,
};

/** One row per command of `vitrine` that opens a vault, by its words. */
export const COMMANDS: Readonly<Record<string, Permission>> = {
  import: IMPORT,
  list: LIST,
  show: LIST,
  pixels: READ,
  export: READ,
  verify: ADMINISTER,
  'audit verify': AUDIT,
  'audit list': AUDIT,
  'audit export': AUDIT,
  'audit proof': AUDIT,
  'users list': ADMINISTER,
  'users add': ADMINISTER,
  'users remove': ADMINISTER,
  'users roles': ADMINISTER,
  'users passwd': 'account',
  'users rewrap': ADMINISTER,
  'users glass-log': AUDIT,
  'policy set': ADMINISTER,
  'policy show': LIST,
  'policy import': ADMINISTER,
  'backup to': ADMINISTER,
  'backup drill': ADMINISTER,
  scrub: ADMINISTER,
  repair: ADMINISTER,
  rebuild: ADMINISTER,
  'state show': ADMINISTER,
  'state accept': ADMINISTER,
  'keys list': ADMINISTER,
  'keys drill': ADMINISTER,
  'keys passphrase': ADMINISTER,
  'keys recovery': ADMINISTER,
  'keys shares': ADMINISTER,
  'keys add-escrow': ADMINISTER,
  'keys keychain': ADMINISTER,
  'keys remove': ADMINISTER,
  'keys escrow-keygen': ADMINISTER,
  'keys escrow-recover': ADMINISTER,
  'keys recover': ADMINISTER,
  'rotate master': ADMINISTER,
  'rotate resume': ADMINISTER,
  'rotate studies': ADMINISTER,
  'shred studies': ADMINISTER,
  'shred certificates': ADMINISTER,
  'retention rules': ADMINISTER,
  'retention dry-run': ADMINISTER,
  'retention run': ADMINISTER,
  'retention hold': ADMINISTER,
  'model run': READ,
  'model attack': READ,
};

/** Whether somebody with these roles may. @param roles null: the owner */
export function isPermitted(permission: Permission, roles: readonly Role[] | null): boolean {
  if (permission === 'anyone' || permission === 'account' || roles === null) return true;
  return permission.some((role) => roles.includes(role));
}

/** @throws VitrineError `users/not-permitted` with `needs` */
export function assertPermitted(permission: Permission | undefined, roles: readonly Role[] | null): void {
  const asked: Permission = permission ?? [];
  if (isPermitted(asked, roles)) return;
  const needs = typeof asked === 'string' ? '' : asked.join(',');
  throw usersError('users/not-permitted', 'no role of the account may do this', { details: { needs } });
}
