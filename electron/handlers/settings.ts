import type { HandlerContext, HandlersOf } from './context.ts';

export function settingsHandlers(
  context: Pick<HandlerContext, 'settings' | 'settingsChanged'>,
): HandlersOf<'settings'> {
  return {
    'settings.get': () => context.settings.get(),
    'settings.set': async (wanted) => {
      const saved = await context.settings.set(wanted);
      context.settingsChanged();
      return saved;
    },
  };
}
