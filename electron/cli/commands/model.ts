import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { modelListReport, modelReport, modelRunReport, modelUploadReport } from '../../../core/contract/model.ts';
import type { Use } from '../../../core/infer/admission.ts';
import { BACK_ENDS, type BackEndId } from '../../../core/infer/model.ts';
import { backEndFile } from '../../infer/memory-file.ts';
import { listReport, modelReportOf, runReport } from '../../infer/reports.ts';
import { readModel } from '../../infer/zoo.ts';
import { modelListText, modelReportText, modelRunText, modelUploadText } from '../model-text.ts';
import { runCommand } from '../terminal.ts';
import { explain } from '../words.ts';
import { addAttack } from './model-attack.ts';
import { addEvaluate } from './model-evaluate.ts';
import { frameNumber, type ImageOptions, readImageOf } from './model-image.ts';

interface RunOptions extends ImageOptions {
  readonly use: Use;
  readonly backEnd?: BackEndId;
}

function list(json: boolean): Promise<void> {
  return runCommand(json, modelListReport, async () => {
    const report = await listReport(explain);
    const refused = report.models.some(({ state }) => state === 'refused');
    return { report, text: modelListText(report), exit: refused ? 1 : 0 };
  });
}

function run(id: string, what: string, options: RunOptions): Promise<void> {
  return runCommand(options.json === true, modelRunReport, async (terminal) => {
    const frame = frameNumber(options.frame);
    const model = await readModel(id);
    terminal.progress('reading the image');
    const read = await readImageOf(what, options, terminal);
    terminal.progress('loading the model; the first time every back end is measured');
    // Loaded only here: every other command would wait for the libraries.
    const { Classifier } = await import('../../infer/classifier.ts');
    const { backEnd } = options;
    const classifier = await Classifier.open(model, {
      memory: backEndFile(),
      ...(backEnd === undefined ? {} : { backEnd }),
    });
    try {
      const report = await runReport(classifier, { read, frame, use: options.use });
      return { report, text: modelRunText(report), exit: 0 };
    } finally {
      await classifier.dispose();
    }
  });
}

interface UploadOptions {
  readonly keyBits: string;
  readonly json?: boolean;
}

function upload(id: string, path: string, { keyBits: bits, json }: UploadOptions): Promise<void> {
  return runCommand(json === true, modelUploadReport, async (terminal) => {
    const keyBits = bits === '128' ? 128 : 256;
    terminal.progress('starting the server process');
    const { uploadReport } = await import('../../infer/upload-report.ts');
    const found = await uploadReport(id, await readFile(path), keyBits);
    return { report: found, text: modelUploadText(found), exit: found.identical ? 0 : 1 };
  });
}

function report(id: string, json: boolean): Promise<void> {
  return runCommand(json, modelReport, async () => {
    const { report: found, card } = await modelReportOf(id);
    return { report: found, text: modelReportText(found, card), exit: 0 };
  });
}

/** `vitrine model`: the classifiers that come with Vitrine. @param exit as the program's */
export function modelCommand(exit: Parameters<Command['exitOverride']>[0]): Command {
  const command = new Command('model').description('run the classifiers that come with Vitrine; not for diagnosis');
  command.exitOverride(exit);
  command
    .command('list')
    .description('list the models, each checked against its signature')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: boolean }) => list(json === true));
  command
    .command('run <id> <image>')
    .description('classify an image: a DICOM, JPEG or PNG file, or a SOP Instance UID of the vault')
    .option('--frame <number>', 'frame of the image, from 1', '1')
    .addOption(new Option('--use <use>', 'what it is wanted for').choices(['research', 'clinical']).default('research'))
    .addOption(new Option('--back-end <id>', 'run on this back end instead of the fastest').choices([...BACK_ENDS]))
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document')
    .action((id: string, what: string, options: RunOptions) => run(id, what, options));
  command
    .command('upload <id> <image>')
    .description('classify an image file through a server process that decrypts it, as published; the server sees it')
    .addOption(new Option('--key-bits <bits>', 'AES-256 [113] or AES-128 [112]').choices(['256', '128']).default('256'))
    .option('--json', 'print one JSON document')
    .action((id: string, path: string, options: UploadOptions) => upload(id, path, options));
  command
    .command('report <id>')
    .description('print what is known of a model: card, figures, what keeps it from clinical use')
    .option('--json', 'print one JSON document')
    .action((id: string, { json }: { json?: boolean }) => report(id, json === true));
  addEvaluate(command);
  addAttack(command);
  return command;
}
