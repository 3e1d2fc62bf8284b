import { VitrineError } from '../../core/errors.ts';
import { actor } from '../audit/recorder.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

/** What is said of a model that is refused; the window has its own words for the code. */
const refusal = (error: unknown): { code: string; reason: string } =>
  error instanceof VitrineError ? { code: error.code, reason: error.message } : { code: 'ipc/unexpected', reason: '' };

export function modelHandlers({ models, session }: Pick<HandlerContext, 'models' | 'session'>): HandlersOf<'model'> {
  return {
    // The zoo comes with its hashes and signatures: loaded when somebody looks.
    'model.list': async () => (await import('../infer/reports.ts')).listReport(refusal),
    'model.about': async ({ model }) => (await (await import('../infer/reports.ts')).modelReportOf(model)).report,
    'model.run': async ({ model, ...place }) => models.run(model, place),
    'model.findings': async ({ studyId }) => models.findings(studyId),
    'model.decide': async ({ studyId, resultId, verdict }) => {
      const { user } = await session.state();
      return models.decide(studyId, resultId, verdict, user?.user ?? actor('').user);
    },
    'model.attack': async ({ model, studyId, objectId, frame, method, epsilon }) =>
      models.attack(model, { studyId, objectId, frame }, { method, epsilon }),
    'model.attackResult': async ({ job }) => models.attackResult(job),
  };
}
