/** What a key of attribute-based encryption is for, read without any of its arithmetic. */
import { decodeFields } from '../../seal/v1/context.ts';
import { isSatisfied, parseRule, type Rule } from './rule.ts';

/** The attribute as it stands in keys and ciphertexts: `cardiology@3`. */
export function inEpoch(attribute: string, epoch: number): string {
  return `${attribute}@${epoch}`;
}

/** The rule over attributes of an epoch. */
export function ruleInEpoch(rule: Rule, epoch: number): Rule {
  if (rule.kind === 'attribute') return { kind: 'attribute', name: inEpoch(rule.name, epoch) };
  return { ...rule, of: rule.of.map((part) => ruleInEpoch(part, epoch)) };
}

/** Label of a copy of an attribute, in keys and ciphertexts: a rule may use one attribute several times. */
export function labelOf(attribute: string, use: number): string {
  return `${attribute}#${use}`;
}

/** The attributes that a user's key (wire.ts) holds parts for; none where the bytes are no key. */
export function attributesIn(userKey: Uint8Array): ReadonlySet<string> {
  const [, , ...parts] = decodeFields(userKey) ?? [];
  const labels = parts.filter((_, at) => at % 2 === 0).map((label) => new TextDecoder().decode(label));
  return new Set(labels.map((label) => label.slice(0, label.lastIndexOf('#'))));
}

/** Whether these attributes satisfy a rule of an epoch. A rule that can't be read is satisfied by nobody. */
export function satisfies(attributes: ReadonlySet<string>, rule: string, epoch: number): boolean {
  try {
    return isSatisfied(ruleInEpoch(parseRule(rule), epoch), attributes);
  } catch {
    return false;
  }
}
