import type { HandlerContext, HandlersOf } from './context.ts';

export function sessionHandlers({
  session,
  screenCleared,
}: Pick<HandlerContext, 'session' | 'screenCleared'>): HandlersOf<'session'> {
  return {
    'session.state': () => session.state(),
    'session.create': (wanted) => session.create(wanted),
    'session.renewRecovery': () => session.renewRecovery(),
    'session.confirmRecovery': ({ group, text }) => session.confirmRecovery(group, text),
    'session.unlock': (method) => session.unlock(method),
    'session.repairKeychain': () => session.repairKeychain(),
    'session.lock': () => session.lock(),
    'session.cleared': async () => {
      screenCleared();
      return {};
    },
  };
}
