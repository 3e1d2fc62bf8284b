import { describe, expect, it } from 'vitest';
import { defaults, type Parameter, refusedParameter } from './published.ts';

const parameters: readonly Parameter[] = [
  { name: 'steps', means: 'steps of the attack', low: 1, high: 50, default: 10 },
  { name: 'epsilon', means: 'largest change of a sample', low: 0, high: 0.1, default: 0.01, fraction: true },
  { name: 'norm', means: 'what is bounded', choices: ['linf', 'l2'], default: 'linf' },
];

describe('parameters of a published system', () => {
  it('have defaults that they take themselves', () => {
    expect(defaults({ parameters })).toEqual({ steps: 10, epsilon: 0.01, norm: 'linf' });
    expect(refusedParameter({ parameters }, defaults({ parameters }))).toBeNull();
  });

  it('are refused with a sentence that says what is taken', () => {
    const refused = (chosen: Record<string, number | string>) => refusedParameter({ parameters }, chosen);
    expect(refused({ steps: 2.5 })).toBe('"steps" takes whole numbers 1 to 50');
    expect(refused({ steps: 51 })).toBe('"steps" takes whole numbers 1 to 50');
    expect(refused({ epsilon: 0.05 })).toBeNull();
    expect(refused({ epsilon: Number.NaN })).toBe('"epsilon" takes numbers 0 to 0.1');
    expect(refused({ epsilon: '0.05' })).toBe('"epsilon" takes numbers 0 to 0.1');
    expect(refused({ norm: 'l1' })).toBe('"norm" takes linf, l2');
    expect(refused({ step: 1 })).toBe('there is no parameter "step"; the system has steps, epsilon, norm');
    expect(refusedParameter({ parameters: [] }, { a: 1 })).toContain('the system has none');
  });
});
