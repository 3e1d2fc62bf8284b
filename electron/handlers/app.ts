import type { HandlerContext, HandlersOf } from './context.ts';

export function appHandlers(context: Pick<HandlerContext, 'appInfo'>): HandlersOf<'app'> {
  return { 'app.info': () => context.appInfo() };
}
