import type { HandlerContext, HandlersOf } from './context.ts';

export function annotationHandlers({ vault }: Pick<HandlerContext, 'vault'>): HandlersOf<'annotations'> {
  return {
    'annotations.load': async ({ studyId }) => vault().annotations(studyId),
    'annotations.append': async ({ studyId, entries }) => vault().append(studyId, entries),
  };
}
