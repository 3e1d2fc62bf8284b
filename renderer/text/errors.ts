import { codeOf, UiError } from '../bridge/bridge.ts';
import type { FaultCode, FileCode, WarningCode } from './codes.ts';
import { currentErrorWords } from './text.ts';

type Details = Readonly<Record<string, string | number | boolean>>;

/** What happened, what was kept, what to do next (ui.md section 7). */
export interface ErrorText {
  readonly what: string;
  readonly kept: string;
  readonly next: string;
}

const fill = (template: string, values: Details): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => String(values[name] ?? ''));

/** The reason why a file of an import was refused, to follow its name: "ends before its pixels do". */
export function fileReason(code: string): string {
  const words = currentErrorWords();
  return words.files[code as FileCode] ?? fill(words.unknownFile, { code });
}

/** The remark on a file that was imported all the same. */
export function warningText(code: string): string {
  const words = currentErrorWords();
  return words.warnings[code as WarningCode] ?? fill(words.unknown[0], { code });
}

/** The words for any code. One that nobody worded gets a general sentence that names it. */
export function errorText(code: string, details: Details = {}): ErrorText {
  const words = currentErrorWords();
  const values = { minimum: 8, ...details, code };
  const fault = words.faults[code as FaultCode];
  if (fault === undefined && code in words.files) {
    const [what, kept, next] = words.file;
    return { what: fill(what, { reason: fileReason(code) }), kept, next };
  }
  const [what, kept, next] = fault ?? words.unknown;
  return { what: fill(what, values), kept: fill(kept, values), next: fill(next, values) };
}

/** The words for whatever was thrown. */
export function errorTextOf(error: unknown): ErrorText {
  return errorText(codeOf(error), error instanceof UiError ? error.details : {});
}
