import { VitrineError } from '../../core/errors.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

/** What is said of a model that is refused; the window has its own words for the code. */
const refusal = (error: unknown): { code: string; reason: string } =>
  error instanceof VitrineError ? { code: error.code, reason: error.message } : { code: 'ipc/unexpected', reason: '' };

export function modelHandlers({ models }: Pick<HandlerContext, 'models'>): HandlersOf<'model'> {
  return {
    // The zoo comes with its hashes and signatures: loaded when somebody looks.
    'model.list': async () => (await import('../infer/reports.ts')).listReport(refusal),
    'model.about': async ({ model }) => (await (await import('../infer/reports.ts')).modelReportOf(model)).report,
    'model.run': async ({ model, backEnd, ...place }) => models.run({ model, backEnd }, place),
    'model.series': async ({ model, backEnd, studyId, images }) => models.series({ model, backEnd }, studyId, images),
    'model.file': async ({ model, backEnd, source }) => models.file({ model, backEnd }, source),
    'model.fileResult': async ({ job }) => models.fileResult(job),
    'model.attack': async ({ model, studyId, objectId, frame, method, epsilon }) =>
      models.attack(model, { studyId, objectId, frame }, { method, epsilon }),
    'model.attackResult': async ({ job }) => models.attackResult(job),
  };
}
