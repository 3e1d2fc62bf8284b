import type { LabAttack } from '../../../core/contract/lab.ts';
import type { ParameterWords } from '../../text/registry-words.ts';
import { currentRegistryWords, useText } from '../../text/text.ts';
import type { LabSystem } from './lab-store.ts';

type Said = 'title' | 'source' | 'needs' | 'measure' | 'passesWhen';

/** What the registry says, in the language in force. What there are no words for stays in the registry's English. */
export interface RegistryText {
  system(system: LabSystem): LabSystem;
  attack<Of extends Pick<LabAttack, Said | 'id'>>(attack: Of): Of;
  /** A parameter's label, meaning and choices. */
  parameter(system: string, parameter: LabSystem['parameters'][number]): ParameterWords;
  /** A figure's name, ideal or note. */
  figure(text: string): string;
}

function textOf(): RegistryText {
  const words = currentRegistryWords();
  return {
    system: (system) => {
      const said = words?.systems[system.id];
      if (said === undefined) return system;
      const { family, does, claims, protects, reconstruction, headline } = said;
      const reports = system.headline.map((one, i) => ({ ...one, text: headline[i] ?? one.text }));
      return { ...system, family, does, claims, protects, reconstruction, headline: reports };
    },
    attack: (attack) => ({ ...attack, ...words?.attacks[attack.id] }),
    parameter: (system, { name, means }) => words?.systems[system]?.parameters[name] ?? { label: name, means },
    figure: (text) => words?.figure(text) ?? text,
  };
}

/** The registry's words for a component, which renders again when the language changes. */
export function useRegistryText(): RegistryText {
  useText();
  return textOf();
}
