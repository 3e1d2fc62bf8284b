import { type Command, Option } from 'commander';
import { type AttackMethod, attackMethod, modelAttackReport } from '../../../core/contract/model-attack.ts';
import { inferError } from '../../../core/infer/errors.ts';
import { attackView } from '../../infer/attack.ts';
import { readModel } from '../../infer/zoo.ts';
import { modelAttackText } from '../model-text.ts';
import { runCommand } from '../terminal.ts';
import { type ImageOptions, readImageOf } from './model-image.ts';

interface AttackOptions extends ImageOptions {
  readonly method: AttackMethod;
  readonly epsilon: string;
}

/** "2/255" or "0.008". @throws infer/size */
function epsilonOf(text: string): number {
  const [over, under = '1', ...rest] = text.split('/');
  const value = rest.length === 0 ? Number(over) / Number(under) : Number.NaN;
  if (!(value >= 0 && value <= 8))
    throw inferError('infer/size', '"--epsilon" takes a share of the range of brightness, like 2/255 or 0.01');
  return value;
}

function attack(id: string, what: string, options: AttackOptions): Promise<void> {
  return runCommand(options.json === true, modelAttackReport, async (terminal) => {
    const request = { method: options.method, epsilon: epsilonOf(options.epsilon) };
    const model = await readModel(id);
    terminal.progress('reading the image');
    const read = await readImageOf(what, options, terminal);
    const progress = (done: number, total: number): void => terminal.progress(`step ${done} of ${total}`);
    const { report } = await attackView(model, read, request, { signal: terminal.signal, progress });
    return { report, text: modelAttackText(report), exit: 0 };
  });
}

/** `vitrine model attack`. */
export function addAttack(command: Command): void {
  command
    .command('attack <id> <image>')
    .description('show how little changes what a model says of an image; the changed image is kept nowhere')
    .addOption(new Option('--method <method>', 'how').choices(attackMethod.options).default('pgd'))
    .option('--epsilon <share>', 'largest change of a pixel as a share of the range of brightness', '2/255')
    .option('--frame <number>', 'frame of the image, from 1', '1')
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document')
    .action((id: string, what: string, options: AttackOptions) => attack(id, what, options));
}
