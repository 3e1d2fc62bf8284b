import type { HandlerContext, HandlersOf } from './context.ts';

export function laboratoryHandlers(context: Pick<HandlerContext, 'laboratory' | 'vault'>): HandlersOf<'lab'> {
  const { laboratory, vault } = context;
  return {
    // The descriptions come with every system's code: loaded when somebody looks.
    'lab.systems': async () => (await import('../laboratory/reports.ts')).listSystems(),
    'lab.open': async (source) => {
      vault();
      return laboratory.open(source);
    },
    'lab.run': async (request) => laboratory.start({ kind: 'run', ...request }),
    'lab.attack': async (request) => laboratory.start({ kind: 'attack', ...request }),
    'lab.compare': async (request) => laboratory.start({ kind: 'compare', ...request }),
    'lab.result': async ({ job }) => laboratory.result(job),
    'lab.kept': async ({ studyId }) => laboratory.kept(studyId),
    'lab.keptResult': async ({ studyId, resultId }) => laboratory.keptResult(studyId, resultId),
    'lab.removeKept': async ({ studyId, resultId }) => {
      await vault().results('remove', { studyId, resultId });
      return {};
    },
  };
}
