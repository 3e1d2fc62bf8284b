import { VitrineError } from '../../core/errors.ts';

/**
 * Why the command line itself did not go on. Closed list; `words.ts` has the sentences.
 *
 * - `cli/no-vault`, `cli/no-passphrase`, `cli/no-files`, `cli/no-studies`: something that the command needs was not given.
 * - `cli/passphrase-unreadable`: the passphrase file can't be read, or is no passphrase file.
 * - `cli/passphrases-differ`: a new passphrase was typed differently the second time.
 * - `cli/ambiguous-study`: several studies begin as was typed.
 * - `cli/no-folder`: the folder that was to be written into can't be made.
 * - `cli/bad-date`: a date that is none.
 * - `cli/not-confirmed`: something that can't be undone was asked for without `--yes`.
 * - `cli/usage`: an unknown command or option, or one without its value.
 */
export type CliCode =
  | 'cli/no-vault'
  | 'cli/no-passphrase'
  | 'cli/no-files'
  | 'cli/no-studies'
  | 'cli/passphrase-unreadable'
  | 'cli/passphrases-differ'
  | 'cli/ambiguous-study'
  | 'cli/no-folder'
  | 'cli/bad-date'
  | 'cli/not-confirmed'
  | 'cli/usage';

/** Makes an error of the command line. */
export function cliError(code: CliCode, cause?: unknown): VitrineError<CliCode> {
  return new VitrineError(code, 'the command line cannot go on', cause === undefined ? {} : { cause });
}
