import type { EngineTask } from './task.ts';

/**
 * Every kind of long work that the engine does. A task is its own file and a line here; it is loaded when it is first
 * run.
 */
export const TASKS = {
  'lab.picture': async () => (await import('../laboratory/tasks.ts')).labPicture,
  'lab.run': async () => (await import('../laboratory/tasks.ts')).labRun,
  'lab.attack': async () => (await import('../laboratory/tasks.ts')).labAttack,
  'lab.compare': async () => (await import('../laboratory/tasks.ts')).labCompare,
  'model.run': async () => (await import('../infer/tasks.ts')).modelRun,
  'model.series': async () => (await import('../infer/series-task.ts')).modelSeries,
  'model.file': async () => (await import('../infer/tasks.ts')).modelFile,
  'model.attack': async () => (await import('../infer/tasks.ts')).modelAttack,
  'model.open': async () => (await import('../infer/tasks.ts')).modelOpen,
} satisfies Readonly<Record<string, () => Promise<EngineTask<never, unknown>>>>;

export type TaskName = keyof typeof TASKS;

/** What a task is given. */
export type TaskInput<Name extends TaskName> = Parameters<Awaited<ReturnType<(typeof TASKS)[Name]>>['run']>[0];
