import i18next from 'i18next';
import { createContext, createElement, type ReactElement, type ReactNode, useContext, useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { ErrorWords } from './codes.ts';
import { words as english, errorWords as englishErrors } from './en/words.ts';
import type { RegistryWords } from './registry-words.ts';

/** Languages that there are words for. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** True for a language that there are words for. */
export function isLanguage(tag: string): tag is Language {
  return tag in LANGUAGES;
}

type Plural<Key extends string> = Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key;
/** Key of a text. Plurals (`…_one`, `…_other`) go by their stem and want a `count`. */
export type TextKey = Plural<keyof typeof english>;
/** True for a key that there are words for: kinds that come over the wire may be of a newer version. */
export function isTextKey(key: string): key is TextKey {
  return key in english;
}
export type TextValues = Readonly<Record<string, string | number>>;
export type Text = (key: TextKey, values?: TextValues) => string;

let errors: ErrorWords = englishErrors;

/** The words for errors in the language in force. */
export function currentErrorWords(): ErrorWords {
  return errors;
}

let registry: RegistryWords | null = null;

/** Words for what the registry of published systems says; null where the language in force is the registry's own. */
export function currentRegistryWords(): RegistryWords | null {
  return registry;
}

/** Says something in the language in force, outside of a component. */
export const text: Text = (key, values) => i18next.t(key, values ?? {});

/** The language in force. */
export function currentLanguage(): Language {
  return i18next.language === 'de' ? 'de' : 'en';
}

const InForce = createContext<Text>(text);

/**
 * Around everything that says something. It alone listens to i18next: a screen has some hundred components with words, and
 * each that listened by itself would cost a start its share.
 */
export function TextProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const say = useMemo<Text>(() => (key, values) => t(key, values ?? {}), [t]);
  return createElement(InForce, { value: say }, children);
}

/** `useText()` answers the function that says things; the component renders again when the language changes. */
export function useText(): Text {
  return useContext(InForce);
}

/** Changes the language; German is loaded when it is first wanted. */
export async function changeLanguage(language: Language): Promise<void> {
  if (language === 'de') {
    const german = await import('./de/words.ts');
    i18next.addResourceBundle('de', 'translation', german.words);
    errors = german.errorWords;
    registry = german.registry;
  } else {
    errors = englishErrors;
    registry = null;
  }
  await i18next.changeLanguage(language);
  if (typeof document !== 'undefined') document.documentElement.lang = language;
}

/** Prepares the texts. English is there at once, so that a start never waits for words. */
export async function startText(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes; a second time would show entities in names.
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
  });
  if (language !== 'en') await changeLanguage(language);
}
