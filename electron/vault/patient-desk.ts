import '../schemas.ts';
import { type PatientOperationName, patientOperations } from '../../core/contract/patient.ts';
import { answering, type Checked, type Dispatch, type DispatchHooks } from '../answer.ts';
import { type PatientContext, patientHandlers } from '../handlers/patient.ts';
import { assertPermitted, OPERATIONS, type Permission } from '../users/permissions.ts';
import type { Entered } from './protocol.ts';

export interface PatientDeskParts extends Pick<DispatchHooks, 'answered'>, Omit<PatientContext, 'by'> {
  /** Who opened the vault. Null: nobody has. */
  entered(): Entered | null;
  /** Resolves when a change may be made: main has looked whether the vault is an older copy of itself. */
  mayChange(): Promise<void>;
}

/** Operations that change what is in the vault. */
const CHANGES: ReadonlySet<string> = new Set<PatientOperationName>(['annotations.append', 'model.decide']);

/**
 * Answers what a page asks of a patient's data, where that data is: the same checks as main makes of everything else
 * (schemas, roles, audit), with the roles that main gave when it opened the vault here.
 */
export function createPatientDesk(parts: PatientDeskParts): Dispatch {
  const { entered, mayChange, answered } = parts;
  const handlers = patientHandlers({ ...parts, by: () => entered()?.name ?? '' });
  const table = new Map<string, Checked>();
  for (const name of Object.keys(patientOperations) as PatientOperationName[]) {
    const run = handlers[name] as Checked['handle'];
    const change: Checked['handle'] = async (request) => {
      await mayChange();
      return run(request);
    };
    table.set(name, { ...patientOperations[name], handle: CHANGES.has(name) ? change : run });
  }
  return answering(table, {
    answered,
    permit: (operation) => {
      const who = entered();
      const permission: Permission | undefined = OPERATIONS[operation as PatientOperationName];
      // A vault that nobody has opened refuses by itself (vault/locked), and nobody is not its owner.
      if (who !== null) assertPermitted(permission, who.roles);
    },
    // Of an error that is none of ours this process says the code and nothing else: its log would be another's memory.
    unexpected: () => undefined,
  });
}
