import type { ImportNames } from '../../core/contract/import.ts';
import type { Request, Response } from '../../core/contract/operations.ts';
import type { PatientOperationName } from '../../core/contract/patient.ts';
import type { StudyVault } from '../../core/vault/types.ts';

/** What handlers of a patient's data work with: the vault itself, in its own process or in that of the command line. */
export interface PatientContext {
  /** @throws vault/locked */
  vault(): StudyVault | Promise<StudyVault>;
  /** Who is signed in, as a decision names the person. */
  by(): string;
  /** Files of an import by name. */
  importNames(job: string): ImportNames;
}

export type PatientHandlers = {
  readonly [Name in PatientOperationName]: (request: Request<Name>) => Promise<Response<Name>>;
};

/** The list and its studies; the command line asks these too. */
export function catalogueHandlers({
  vault,
}: Pick<PatientContext, 'vault'>): Pick<PatientHandlers, 'studies.search' | 'studies.details'> {
  return {
    'studies.search': async (query) => (await vault()).search(query),
    'studies.details': async ({ studyId }) => (await vault()).details(studyId),
  };
}

/** All operations of core/contract/patient.ts: the type refuses a missing one. */
export function patientHandlers(context: PatientContext): PatientHandlers {
  const { vault, by, importNames } = context;
  return {
    ...catalogueHandlers(context),
    'import.names': async ({ job }) => importNames(job),
    'retention.plan': async () => (await vault()).keys('retention-plan', {}),
    'annotations.load': async ({ studyId }) => (await vault()).annotations(studyId),
    'annotations.append': async ({ studyId, entries }) => (await vault()).append(studyId, entries),
    'model.findings': async ({ studyId }) => (await import('../infer/kept.ts')).findings(await vault(), studyId),
    'model.decide': async ({ studyId, resultId, verdict }) =>
      (await import('../infer/kept.ts')).decide(await vault(), { studyId, resultId, verdict, by: by() }),
  };
}
