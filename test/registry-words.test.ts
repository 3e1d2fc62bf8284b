import { describe, expect, it } from 'vitest';
import { evaluate } from '../core/schemes/evaluate.ts';
import { chestPhantom } from '../core/schemes/phantom.ts';
import { seededKey } from '../core/schemes/random.ts';
import { SCHEMES, SYSTEMS } from '../core/systems/registry.ts';
import { createPlatformEngine } from '../electron/crypto/platform-engine.ts';
import { createJpegCodec } from '../electron/decode/jpeg-codec.ts';
import { registry } from '../renderer/text/de/registry.ts';
import type { RegistryWords } from '../renderer/text/registry-words.ts';

/** Every language but English, which the registry itself has. */
const LANGUAGES: readonly (readonly [string, RegistryWords])[] = [['German', registry]];

describe.each(LANGUAGES)('%s words for the registry', (_language, words) => {
  it.each(SYSTEMS.map((system) => [system.id, system] as const))('say everything of %s', (id, system) => {
    const said = words.systems[id];
    expect(said).toBeDefined();
    for (const part of ['family', 'does', 'claims', 'protects', 'reconstruction'] as const) {
      expect(said?.[part], part).toMatch(/\S/);
      expect(said?.[part], part).not.toBe(system[part]);
    }
    expect(said?.headline).toHaveLength(system.headline.length);
    // A figure of a paper is the same in every language, but for the decimal sign.
    const numbers = (text: string): string[] =>
      [...text.replaceAll(/(\d),(\d)/g, '$1.$2').matchAll(/\d[\d.]*/g)].map(([n]) => n);
    system.headline.forEach(({ text }, i) => {
      expect(numbers(said?.headline[i] ?? '').sort()).toEqual(numbers(text).sort());
    });
    expect(Object.keys(said?.parameters ?? {})).toEqual(system.parameters.map(({ name }) => name));
    for (const parameter of system.parameters) {
      const { choices } = said?.parameters[parameter.name] ?? {};
      if (choices !== undefined && 'choices' in parameter)
        expect(parameter.choices).toEqual(expect.arrayContaining(Object.keys(choices)));
    }
  });

  it('have no system and no attack that the registry hasn’t', () => {
    const attacks = new Set(SCHEMES.flatMap((scheme) => scheme.attacks.map(({ id }) => id)));
    expect(Object.keys(words.systems).sort()).toEqual(SYSTEMS.map(({ id }) => id).sort());
    expect(Object.keys(words.attacks).sort()).toEqual([...attacks].sort());
    for (const said of Object.values(words.attacks)) for (const text of Object.values(said)) expect(text).toMatch(/\S/);
  });

  it('say every figure that a run has, its ideal and its note', async () => {
    const given = { key: seededKey(1), tools: { engine: createPlatformEngine(), jpeg: await createJpegCodec() } };
    const texts = SCHEMES.flatMap((scheme) =>
      [256, 32].flatMap((side) =>
        [scheme.bits.low === 8 ? 8 : 7, scheme.bits.high].flatMap((bits) => {
          const samples = chestPhantom({ side, patient: 1 }).samples.map((value) => value >> Math.max(0, 8 - bits));
          const chosen = { ...(side === 32 && scheme.id === 'gaudio-deepfixcx' ? { patches: 2 } : {}) };
          const small = side === 32 && scheme.id === 'ahmad-perceptual' ? { codec: 'none' } : {};
          const picture = { ...chestPhantom({ side, patient: 1 }), bits, samples };
          return evaluate(scheme, picture, { ...chosen, ...small }, given).metrics;
        }),
      ),
    ).flatMap(({ name, ideal, note }) => [name, ideal, note].filter((text) => text !== ''));
    expect([...new Set(texts)].filter((text) => words.figure(text) === null)).toEqual([]);
    expect(words.figure('random: 99.6094; at least 99.5341')).toContain('99,6094');
  }, 60_000);
});
