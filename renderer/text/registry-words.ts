/**
 * Shapes of the words for what the registry says (core/systems/registry.ts). English ones come with the registry itself;
 * every other language has all of them, by the system's id.
 */

/** A parameter's label, what it means, and its choices where they are words. */
export interface ParameterWords {
  readonly label: string;
  readonly means: string;
  readonly choices?: Readonly<Record<string, string>>;
}

/** What is said of one system. Titles of papers stay as they were published. */
export interface SystemWords {
  readonly family: string;
  readonly does: string;
  readonly claims: string;
  readonly protects: string;
  readonly reconstruction: string;
  /** What the paper reports, in the registry's order. */
  readonly headline: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterWords>>;
}

/** What is said of one attack on an image cipher. */
export interface AttackWords {
  readonly title: string;
  readonly source: string;
  readonly needs: string;
  readonly measure: string;
  readonly passesWhen: string;
}

/** Everything that the registry and its figures say, in a language other than the registry's own. */
export interface RegistryWords {
  readonly systems: Readonly<Record<string, SystemWords>>;
  readonly attacks: Readonly<Record<string, AttackWords>>;
  /** A figure's name, ideal or note; null where it is none that there are words for. */
  readonly figure: (text: string) => string | null;
}
