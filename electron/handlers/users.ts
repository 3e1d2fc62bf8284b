import { breakGlass, glassEntries } from '../users/break-glass.ts';
import { checkedRule, UsersDesk } from '../users/users-desk.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

/** Accounts, rules and break-glass. */
export function userHandlers(
  context: Pick<HandlerContext, 'session' | 'board' | 'audit'>,
): HandlersOf<'users'> & HandlersOf<'policy'> {
  const { session, board, audit } = context;
  const desk = new UsersDesk({ board, withAccounts: (use) => session.withAccounts(use) });
  const started = ({ job }: { job: string | null }) => ({ job: job ?? '' });
  return {
    'users.list': () => desk.list(),
    'users.add': (wished) => desk.add(wished),
    'users.change': (wished) => desk.change(wished),
    'users.remove': ({ user }) => desk.remove(user),
    'users.resetPassphrase': ({ user, passphrase }) => desk.resetPassphrase(user, passphrase),
    'users.changeOwnPassphrase': async ({ current, passphrase }) => {
      await desk.changeOwnPassphrase(current, passphrase);
      return {};
    },
    'users.rewrap': async () => started(await desk.rewrap()),
    'users.glassLog': async () => ({ entries: await glassEntries(audit.log()) }),
    'policy.check': async ({ rule }) => ({ rule: await checkedRule(rule) }),
    'policy.of': ({ studyId }) => desk.accessOf(studyId),
    'policy.set': async ({ studyIds, rule }) => started(await desk.setRule(studyIds, rule)),
    'policy.setImport': ({ rule }) => desk.setImportRule(rule),
    'policy.breakGlass': (asked) => session.withAccounts((lent) => breakGlass(lent, audit.log(), asked)),
  };
}
