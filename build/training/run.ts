import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Architecture } from '../../core/infer/architecture.ts';
import {
  type EpochReport,
  epochsOf,
  initialState,
  type LabelledPictures,
  Trainer,
  type TrainingPlan,
  type TrainingState,
} from '../../models/training/trainer.ts';

/** A run of training: what is trained, on what, how, and where state and log are kept. */
export interface Run {
  readonly architecture: Architecture;
  readonly pictures: LabelledPictures;
  /** Hash of the data set; a state made with other data is not gone on from. */
  readonly data: string;
  readonly plan: TrainingPlan;
  readonly folder: string;
}

/** The folder may be removed once the model is made. */
function stateFile({ folder }: Pick<Run, 'folder'>): string {
  return join(folder, 'state.bin');
}

/** Changes with anything that changes the numbers. */
function keyOf({ architecture, data, plan }: Run): string {
  return createHash('sha256')
    .update(JSON.stringify([architecture, data, plan]))
    .digest('hex');
}

/** The saved state of the same run, or its beginning. */
async function begin(run: Run): Promise<TrainingState> {
  const bytes = await readFile(stateFile(run)).catch(() => null);
  const saved = bytes === null ? null : (deserialize(bytes) as { key: string; state: TrainingState });
  return saved?.key === keyOf(run) ? saved.state : initialState(run.architecture, run.plan.seed);
}

/** All or nothing: a run that is killed while it saves goes on from the epoch before. */
async function save(run: Run, state: TrainingState): Promise<void> {
  const partial = `${stateFile(run)}.partial`;
  await writeFile(partial, serialize({ key: keyOf(run), state }));
  await rename(partial, stateFile(run));
}

/**
 * Trains to the end, from where an earlier run of the same kind was cut short.
 * @param say gets a line an epoch
 * @returns the trained weights
 * @throws VitrineError infer/cancelled
 */
export async function train(run: Run, signal: AbortSignal, say: (line: string) => void): Promise<TrainingState> {
  await mkdir(run.folder, { recursive: true });
  const state = await begin(run);
  if (state.epoch > 0) say(`going on after epoch ${state.epoch} of ${epochsOf(run.plan)}`);
  const trainer = new Trainer(run.architecture, run.plan, state);
  try {
    for (let epoch = state.epoch; epoch < epochsOf(run.plan); epoch++) {
      const started = performance.now();
      const report = await trainer.epoch(run.pictures, signal);
      await save(run, trainer.state());
      await log(run, report, (performance.now() - started) / 1000, say);
    }
    return trainer.state();
  } finally {
    trainer.dispose();
  }
}

async function log(run: Run, report: EpochReport, seconds: number, say: (line: string) => void): Promise<void> {
  const left = ((epochsOf(run.plan) - report.epoch) * seconds) / 60;
  await appendFile(join(run.folder, 'log.jsonl'), `${JSON.stringify({ ...report, seconds: Math.round(seconds) })}\n`);
  say(
    `epoch ${report.epoch} of ${epochsOf(run.plan)}: loss ${report.loss.toFixed(4)}, ${(100 * report.accuracy).toFixed(1)} % of the varied training pictures, about ${left.toFixed(0)} min left`,
  );
}
