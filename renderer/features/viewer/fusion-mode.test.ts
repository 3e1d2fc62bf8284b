import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../cornerstone/dataset.ts';
import { type FrameFacts, factsOf } from '../../cornerstone/facts.ts';
import type { Volume } from '../../cornerstone/reformat/volume.ts';
import { openingSpan, whyNot } from './fusion-mode.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });

function facts(series: string, frame: string | null, change: Dataset = {}): FrameFacts {
  return factsOf(
    {
      '00080060': value('CS', 'CT'),
      '0020000E': value('UI', series),
      ...(frame === null ? {} : { '00200052': value('UI', frame) }),
      '00280010': value('US', 4),
      '00280011': value('US', 4),
      '00280030': value('DS', 1, 1),
      '00200032': value('DS', 0, 0, 0),
      '00200037': value('DS', 1, 0, 0, 0, 1, 0),
      ...change,
    },
    1,
  );
}

describe('two series', () => {
  it('lie over each other in one frame of reference only, and the reason is told where they do not', () => {
    const base = facts('1.1', '1.9');
    expect(whyNot(base, facts('1.2', '1.9'))).toBeNull();
    expect(whyNot(base, base)).toBe('same');
    expect(whyNot(base, facts('1.2', '1.8'))).toBe('frame');
    expect(whyNot(facts('1.1', null), facts('1.2', null)), 'two that say nothing share nothing').toBe('frame');
    expect(whyNot(facts('1.1', '1.9', { '00200037': value('DS') }), facts('1.2', '1.9'))).toBe('base');
    expect(whyNot(base, facts('1.2', '1.9', { '00200032': value('DS') }))).toBe('no-geometry');
  });
});

describe('the colours of a fused series', () => {
  const geometry = { size: [10, 10, 10] } as unknown as Volume['geometry'];
  const data = Float32Array.from({ length: 1000 }, (_, i) => i);
  const volume = (of: FrameFacts): Volume => ({ id: 1, geometry, data, images: [], facts: of, lossy: false });

  it('run from 0 to 5 SUV for PET', () => {
    expect(openingSpan(volume({ ...facts('1.1', '1.9'), suv: 0.001 }))).toEqual({ low: 0, high: 5 });
  });

  it('run over the window of the file, or over 1 to 99 % of the values', () => {
    const windowed = facts('1.1', '1.9', { '00281050': value('DS', 40), '00281051': value('DS', 400) });
    expect(openingSpan(volume(windowed))).toEqual({ low: -160, high: 240 });
    expect(openingSpan(volume(facts('1.1', '1.9')))).toEqual({ low: 10, high: 989 });
  });
});
