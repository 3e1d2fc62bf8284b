import type { HandlerContext, HandlersOf } from './context.ts';

export function studyHandlers({
  vault,
  isUnlocked,
}: Pick<HandlerContext, 'vault' | 'isUnlocked'>): HandlersOf<'studies'> {
  return {
    'studies.open': async ({ studyId }) => vault().open(studyId),
    'studies.close': async ({ handle }) => {
      // A lock has closed all handles: a window that tidies up afterwards asks for nothing that isn't so already.
      if (isUnlocked()) await vault().close(handle);
      return {};
    },
  };
}
