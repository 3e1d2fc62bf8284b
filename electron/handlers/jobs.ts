import type { HandlerContext, HandlersOf } from './context.ts';

export function jobHandlers(context: Pick<HandlerContext, 'board'>): HandlersOf<'jobs'> {
  const { board } = context;
  return {
    'jobs.list': async () => board.list(),
    'jobs.cancel': async ({ job }) => {
      board.cancel(job);
      return {};
    },
    'jobs.dismiss': async ({ job }) => {
      board.dismiss(job);
      return {};
    },
  };
}
