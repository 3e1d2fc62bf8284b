import type { AccountRole } from '../../core/contract/users.ts';
import { useSession } from './session.ts';

/** Whether who is signed in has one of the roles; the owner, who came in without an account, has all of them. */
export function useHasRole(...roles: readonly AccountRole[]): boolean {
  return useSession(({ session }) => {
    const user = session?.user ?? null;
    return user === null || roles.some((role) => user.roles.includes(role));
  });
}
