import type { HandlerContext, HandlersOf } from './context.ts';

export function studyHandlers({ vault }: Pick<HandlerContext, 'vault'>): HandlersOf<'studies'> {
  return {
    'studies.search': async (query) => vault().search(query),
    'studies.details': async ({ studyId }) => vault().details(studyId),
    'studies.open': async ({ studyId }) => vault().open(studyId),
    'studies.close': async ({ handle }) => {
      await vault().close(handle);
      return {};
    },
  };
}
