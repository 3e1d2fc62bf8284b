import { describe, expect, it } from 'vitest';
import { OPERATION_NAMES } from '../names.ts';
import { isWrite, WRITES } from './writes.ts';

/** Operations that leave studies, keys and accounts as they are, or end the opening of the vault themselves. */
const LEAVES_AS_IS = [
  'app.info',
  'settings.get',
  'settings.set',
  'session.state',
  'session.create',
  'session.unlock',
  'session.repairKeychain',
  'session.lock',
  'session.cleared',
  'keys.list',
  'keys.drill',
  'keys.chooseFile',
  'keys.chooseEscrow',
  'shred.certificates',
  'shred.export',
  'retention.get',
  'retention.plan',
  'users.list',
  'users.glassLog',
  'policy.check',
  'policy.of',
  'policy.breakGlass',
  'studies.search',
  'studies.details',
  'studies.open',
  'studies.close',
  'lab.systems',
  'lab.open',
  'lab.attack',
  'lab.result',
  'lab.kept',
  'lab.keptResult',
  'model.list',
  'model.about',
  'model.file',
  'model.fileResult',
  'model.findings',
  'model.attack',
  'model.attackResult',
  'import.choose',
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
  'print.view',
];

describe('operations that wait for the roll-back check', () => {
  it('are told from the others, and every operation stands on one side', () => {
    expect([...WRITES, ...LEAVES_AS_IS].sort()).toEqual([...OPERATION_NAMES].sort());
  });

  it('include those that destroy and those that change a way in', () => {
    for (const name of ['shred.start', 'retention.run', 'keys.rotate', 'users.remove'])
      expect(isWrite(name)).toBe(true);
    expect(isWrite('retire.')).toBe(false);
    expect(isWrite('studies.open')).toBe(false);
  });
});
