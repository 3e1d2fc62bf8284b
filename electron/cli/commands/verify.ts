import { verifyReport } from '../../../core/contract/command-line.ts';
import type { VerifyReport } from '../../../core/vault/types.ts';
import { paced } from '../pace.ts';
import { bytesText } from '../table.ts';
import { runCommand } from '../terminal.ts';
import { type VaultOptions, withVault } from '../vault.ts';

export interface VerifyOptions extends VaultOptions {
  readonly fast?: boolean;
  readonly full?: boolean;
}

const KINDS: Readonly<Record<VerifyReport['problems'][number]['kind'], string>> = {
  missing: 'a sealed object is gone',
  altered: 'a sealed object was altered or cut short',
  'unknown-object': 'a sealed object that no study names',
  'half-study': 'a study that was not committed whole',
  manifest: 'the list of a study’s objects does not fit',
  catalogue: 'the catalogue does not fit the sealed objects',
};

/** One finding in words. */
export function problemText({ kind, studyId, objectId }: VerifyReport['problems'][number]): string {
  return `${KINDS[kind]}: ${studyId}${objectId === null ? '' : `/${objectId}`}`;
}

function text(report: VerifyReport): string {
  const { objects, bytes, problems } = report;
  const head = `${objects} sealed objects, ${bytesText(bytes)}: ${problems.length === 0 ? 'all intact' : `${problems.length} with problems`}`;
  return `${[head, ...problems.map(problemText)].join('\n')}\n`;
}

/** `vitrine verify`: opens every sealed object and holds it against catalogue and manifests. Changes nothing. */
export function verify(options: VerifyOptions): Promise<void> {
  return runCommand(options.json === true, verifyReport, async (terminal) => {
    const observer = { signal: terminal.signal, progress: paced(terminal, 'objects') };
    const result = await withVault(options, terminal, (vault) =>
      vault.verify({ full: options.fast !== true }, observer),
    );
    const report = { ...result, problems: [...result.problems] };
    return { report, text: text(report), exit: report.problems.length > 0 ? 1 : 0 };
  });
}
