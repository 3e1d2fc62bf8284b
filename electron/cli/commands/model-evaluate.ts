import { type Command, Option } from 'commander';
import { modelEvaluation } from '../../../core/contract/model.ts';
import { BACK_ENDS, type BackEndId } from '../../../core/infer/model.ts';
import { backEndFile } from '../../infer/memory-file.ts';
import { readModel } from '../../infer/zoo.ts';
import { modelEvaluationText } from '../model-text.ts';
import { runCommand } from '../terminal.ts';
import { explain } from '../words.ts';

interface EvaluateCommandOptions {
  readonly backEnd?: BackEndId;
  readonly json?: boolean;
}

function evaluateFolder(id: string, folder: string, { backEnd, json }: EvaluateCommandOptions): Promise<void> {
  return runCommand(json === true, modelEvaluation, async (terminal) => {
    const model = await readModel(id);
    terminal.progress('loading the model; the first time every back end is measured');
    // Loaded only here: every other command would wait for the libraries.
    const { evaluate } = await import('../../infer/evaluate.ts');
    const report = await evaluate(model, folder, {
      backEnd: backEnd ?? null,
      memory: backEndFile(),
      explain,
      signal: terminal.signal,
      progress: (done, total) => terminal.progress(`picture ${done} of ${total}`),
    });
    return { report, text: modelEvaluationText(report), exit: report.refused.length > 0 ? 1 : 0 };
  });
}

/** `vitrine model evaluate`. */
export function addEvaluate(command: Command): void {
  command
    .command('evaluate <id> <folder>')
    .description(
      'say how often a model is right on pictures of known class: JPEG, PNG or DICOM (its first frame), in one folder a class',
    )
    .addOption(new Option('--back-end <id>', 'run on this back end instead of the fastest').choices([...BACK_ENDS]))
    .option('--json', 'print one JSON document')
    .action((id: string, folder: string, options: EvaluateCommandOptions) => evaluateFolder(id, folder, options));
}
