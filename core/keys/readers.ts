/** Who could open a study, told from its key's recipients alone: nothing is opened, so that a whole list can be gone through. */
import { attributesIn, satisfies } from './abe/key-attributes.ts';
import type { MemberAccess } from './study-access.ts';
import { type Recipient, recipientFrom, recipientText, type Wrap } from './study-record.ts';

/** The recipients of a study's key that an account may be, one a line; empty: the vault's own key alone opens it. */
export function readersText(wraps: readonly Wrap[]): string {
  const readers = wraps.filter(({ recipient }) => recipient.kind === 'role' || recipient.kind === 'policy');
  return readers.map(({ recipient }) => recipientText(recipient)).join('\n');
}

/**
 * Tells for `readersText` whether an account's keys open the study. Break-glass isn't a way of an account's own: it is given
 * out by the audit log. What is altered on the disk may still not open.
 */
export function readerOf(member: MemberAccess): (readers: string) => boolean {
  const roles = new Set(member.roles.map(({ role, epoch }) => `${role}@${epoch}`));
  const { policy } = member;
  const attributes = policy?.userKey ? attributesIn(policy.userKey) : new Set<string>();
  const opens = (recipient: Recipient | null): boolean => {
    if (recipient?.kind === 'role') return roles.has(`${recipient.role}@${recipient.epoch}`);
    if (recipient?.kind !== 'policy' || !roles.has(`radiologist@${recipient.epoch}`)) return false;
    return satisfies(attributes, recipient.rule, recipient.epoch);
  };
  return (readers) => readers.split('\n').some((line) => opens(recipientFrom(line)));
}
