import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertProperty } from '../../../test/fixtures/property.ts';
import { isAttribute, isSatisfied, parseRule, type Rule, ruleText } from './rule.ts';
import { reconstruction, spanProgram } from './span-program.ts';

const refusal = (text: string) => {
  try {
    parseRule(text);
    return null;
  } catch (error) {
    const { code, details } = error as { code: string; details: { at: number; expected: string } };
    expect(code).toBe('policy/bad-rule');
    return [details.at, details.expected];
  }
};

/** A rule over a, b, c, d, e. */
const rules: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule; leaf: Rule; node: Rule }>((tie) => ({
  leaf: fc.constantFrom('a', 'b', 'c', 'd', 'e').map((name) => ({ kind: 'attribute', name }) as const),
  node: fc
    .tuple(fc.array(tie('rule'), { minLength: 2, maxLength: 4 }), fc.nat())
    .map(([of, k]) => ({ kind: 'threshold', k: (k % of.length) + 1, of }) as const),
  rule: fc.oneof({ maxDepth: 2 }, tie('leaf'), tie('node')),
})).rule;

const subsets = Array.from({ length: 32 }, (_, bits) => new Set([...'abcde'].filter((_name, i) => (bits >> i) & 1)));

describe('a rule', () => {
  it('is read as it is written, and written in one way', () => {
    for (const [text, canonical] of [
      ['(radiologist AND cardiology) OR attending', '(radiologist AND cardiology) OR attending'],
      ['a and b or c', '(a AND b) OR c'],
      ['a AND (b or c)', 'a AND (b OR c)'],
      ['((a))', 'a'],
      ['2 of (a, b AND c, d)', '2 OF (a, b AND c, d)'],
      ['1 OF (a, b)', 'a OR b'],
      ['  a  ', 'a'],
    ] as const)
      expect(ruleText(parseRule(text))).toBe(canonical);
  });

  it('is refused with the place and what was expected there', () => {
    expect(refusal('')).toEqual([0, 'attribute']);
    expect(refusal('a AND')).toEqual([5, 'attribute']);
    expect(refusal('a b')).toEqual([2, 'operator']);
    expect(refusal('(a OR b')).toEqual([7, 'closing-bracket']);
    expect(refusal('a OR Kardiologie')).toEqual([5, 'attribute']);
    expect(refusal('2 (a, b)')).toEqual([2, 'of']);
    expect(refusal('2 OF a')).toEqual([5, 'opening-bracket']);
    expect(refusal('3 OF (a, b)')).toEqual([0, 'count']);
    expect(refusal('0 OF (a, b)')).toEqual([0, 'count']);
    expect(refusal('a OR a OR a OR a')).toEqual([15, 'fewer-uses']);
    expect(refusal(`a OR ${'b'.repeat(600)}`)).toEqual([500, 'shorter']);
    expect(isAttribute('and')).toBe(false);
  });

  it('keeps its meaning through its text (200 random rules)', async () => {
    await assertProperty(
      fc.property(rules, (rule) => {
        const text = ruleText(rule);
        fc.pre(refusal(text) === null);
        const again = parseRule(text);
        for (const has of subsets) expect(isSatisfied(again, has)).toBe(isSatisfied(rule, has));
        expect(ruleText(again)).toBe(text);
      }),
      { seed: 121, numRuns: 200 },
    );
  });
});

describe('a span program', () => {
  it('accepts exactly the sets that satisfy the rule: whole truth tables of 150 random rules over five attributes', async () => {
    await assertProperty(
      fc.property(rules, (rule) => {
        const program = spanProgram(rule);
        for (const has of subsets) {
          const found = reconstruction(program, ({ attribute }) => has.has(attribute));
          expect(found !== null).toBe(isSatisfied(rule, has));
          for (const [i, row] of program.rows.entries()) if (!has.has(row.attribute)) expect(found?.[i] ?? 0n).toBe(0n);
        }
      }),
      { seed: 121, numRuns: 150 },
    );
  });

  it('has the matrix of Lewko and Waters for AND and OR', () => {
    const { rows, columns } = spanProgram(parseRule('(a AND b) OR c'));
    expect(columns).toBe(2);
    expect(rows.map(({ attribute, entries }) => [attribute, ...entries])).toEqual([
      ['a', 1n, 1n],
      ['b', 0n, -1n],
      ['c', 1n, 0n],
    ]);
  });
});
