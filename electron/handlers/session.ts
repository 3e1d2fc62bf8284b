import { VitrineError } from '../../core/errors.ts';
import type { HandlerContext, HandlersOf } from './context.ts';
import { chosenKeyFile } from './keys.ts';

export function sessionHandlers({
  session,
  screenCleared,
  chosen,
}: Pick<HandlerContext, 'session' | 'screenCleared' | 'chosen'>): HandlersOf<'session'> {
  return {
    'session.state': () => session.state(),
    'session.create': (wanted) => session.create(wanted),
    'session.renewRecovery': async () => {
      // A code that somebody has written down is renewed by its owner only (`keys.renewRecovery`).
      if (session.isUnlocked && !(await session.state()).recoveryPending)
        throw new VitrineError('keys/passphrase-needed', 'the recovery code was confirmed');
      return session.renewRecovery();
    },
    'session.confirmRecovery': ({ group, text }) => session.confirmRecovery(group, text),
    'session.unlock': async (way) =>
      session.unlock(
        way.with === 'escrow'
          ? { with: way.with, passphrase: way.passphrase, escrowFile: await chosenKeyFile({ chosen }, way.source) }
          : way,
      ),
    'session.repairKeychain': () => session.repairKeychain(),
    'session.lock': () => session.lock(),
    'session.cleared': async () => {
      screenCleared();
      return {};
    },
  };
}
