/**
 * Access rules over attributes: `(radiologist AND cardiology) OR attending`, `2 OF (ct, mr, pet)`. AND binds closer than
 * OR. Attributes are words of small letters, digits, `.`, `_` and `-`; AND, OR and OF may be written small, too.
 */
import { usersError } from '../users/errors.ts';

/** `k` of the parts must be satisfied: AND is all of them, OR is one. */
export type Rule =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'threshold'; readonly k: number; readonly of: readonly Rule[] };

/** Longest rule in characters. */
const MAX_RULE_LENGTH = 500;
/** Most attributes of one rule, repeated ones counted. */
const MAX_LEAVES = 32;
/** How often one attribute may stand in a rule: a user's key has that many copies of each (see fame.ts). */
export const MAX_USES = 3;
/** What an attribute looks like. */
const ATTRIBUTE = /^[a-z][a-z0-9._-]{0,39}$/;

/** True for a word that can be an attribute of an account and stand in a rule. */
export function isAttribute(word: string): boolean {
  return ATTRIBUTE.test(word) && !/^(and|or|of)$/.test(word);
}

interface Token {
  readonly text: string;
  readonly at: number;
}

function refuse(at: number, expected: string): never {
  throw usersError('policy/bad-rule', 'the rule can not be read', { details: { at, expected } });
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(/\s*([(),]|[^\s(),]+)/gu))
    found.push({ text: match[1] ?? '', at: match.index + match[0].length - (match[1] ?? '').length });
  return [...found, { text: '', at: text.length }];
}

/** Recursive descent over the tokens; every refusal names a place and what was expected there. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  readonly #uses = new Map<string, number>();
  #leaves = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  whole(): Rule {
    const rule = this.#joined('or');
    if (this.#peek().text !== '') refuse(this.#peek().at, 'operator');
    return rule;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { text: '', at: 0 };
  }

  #isWord(word: string): boolean {
    return this.#peek().text.toLowerCase() === word;
  }

  #joined(operator: 'or' | 'and'): Rule {
    const part = () => (operator === 'or' ? this.#joined('and') : this.#primary());
    const parts = [part()];
    while (this.#isWord(operator)) {
      this.#next += 1;
      parts.push(part());
    }
    if (parts.length === 1 && parts[0]) return parts[0];
    return { kind: 'threshold', k: operator === 'or' ? 1 : parts.length, of: parts };
  }

  #primary(): Rule {
    const { text, at } = this.#peek();
    if (/^\d+$/.test(text)) return this.#threshold(Number(text), at);
    this.#next += 1;
    if (text === '(') {
      const rule = this.#joined('or');
      this.#expect(')', 'closing-bracket');
      return rule;
    }
    if (!isAttribute(text)) refuse(at, 'attribute');
    this.#count(text, at);
    return { kind: 'attribute', name: text };
  }

  #threshold(k: number, at: number): Rule {
    this.#next += 1;
    if (!this.#isWord('of')) refuse(this.#peek().at, 'of');
    this.#next += 1;
    this.#expect('(', 'opening-bracket');
    const of = [this.#joined('or')];
    while (this.#peek().text === ',') {
      this.#next += 1;
      of.push(this.#joined('or'));
    }
    this.#expect(')', 'closing-bracket');
    if (k < 1 || k > of.length) refuse(at, 'count');
    return { kind: 'threshold', k, of };
  }

  #count(name: string, at: number): void {
    const uses = (this.#uses.get(name) ?? 0) + 1;
    this.#uses.set(name, uses);
    this.#leaves += 1;
    if (uses > MAX_USES) refuse(at, 'fewer-uses');
    if (this.#leaves > MAX_LEAVES) refuse(at, 'fewer-attributes');
  }

  #expect(text: string, expected: string): void {
    if (this.#peek().text !== text) refuse(this.#peek().at, expected);
    this.#next += 1;
  }
}

/**
 * Reads a rule.
 * @throws VitrineError `policy/bad-rule` with `at` (characters from 0) and `expected`: `attribute`, `operator`, `of`,
 *   `opening-bracket`, `closing-bracket`, `count`, `fewer-uses`, `fewer-attributes`, `shorter`
 */
export function parseRule(text: string): Rule {
  if (text.length > MAX_RULE_LENGTH) refuse(MAX_RULE_LENGTH, 'shorter');
  return new Parser(text).whole();
}

/** The one text of a rule: what is stored, shown and authenticated. */
export function ruleText(rule: Rule, inside: 'none' | 'or' | 'and' = 'none'): string {
  if (rule.kind === 'attribute') return rule.name;
  const { k, of } = rule;
  if (of.length === 1 && of[0]) return ruleText(of[0], inside);
  const operator = k === 1 ? 'or' : k === of.length ? 'and' : null;
  if (operator === null) return `${k} OF (${of.map((part) => ruleText(part)).join(', ')})`;
  const text = of.map((part) => ruleText(part, operator)).join(` ${operator.toUpperCase()} `);
  return inside === 'and' && operator === 'or'
    ? `(${text})`
    : inside === 'or' && operator === 'and'
      ? `(${text})`
      : text;
}

/** Whether somebody with these attributes satisfies the rule. The mathematics of fame.ts says the same. */
export function isSatisfied(rule: Rule, attributes: ReadonlySet<string>): boolean {
  if (rule.kind === 'attribute') return attributes.has(rule.name);
  return rule.of.filter((part) => isSatisfied(part, attributes)).length >= rule.k;
}
