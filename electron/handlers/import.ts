import type { HandlerContext, HandlersOf } from './context.ts';

export function importHandlers(
  context: Pick<HandlerContext, 'vault' | 'jobs' | 'chosen' | 'choose'>,
): HandlersOf<'import'> {
  const { vault, jobs, chosen } = context;
  return {
    'import.choose': async ({ kind }) => {
      const paths = await context.choose(kind);
      return { source: paths === null || paths.length === 0 ? null : chosen.add(paths) };
    },
    'import.start': async ({ source }) => {
      const open = vault();
      return jobs.start(open, () => ({ paths: chosen.take(source) }));
    },
    'import.sample': async () => jobs.start(vault(), () => ({ sample: true })),
    'import.cancel': async ({ job }) => {
      jobs.cancel(job);
      return {};
    },
  };
}
