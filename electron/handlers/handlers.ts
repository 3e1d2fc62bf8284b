import { annotationHandlers } from './annotations.ts';
import { appHandlers } from './app.ts';
import type { HandlerContext, Handlers } from './context.ts';
import { importHandlers } from './import.ts';
import { jobHandlers } from './jobs.ts';
import { privateHandlers } from './private.ts';
import { sessionHandlers } from './session.ts';
import { settingsHandlers } from './settings.ts';
import { studyHandlers } from './studies.ts';

/** All operations of the contract: the type refuses a missing one. */
export function allHandlers(context: HandlerContext): Handlers {
  return {
    ...appHandlers(context),
    ...settingsHandlers(context),
    ...sessionHandlers(context),
    ...studyHandlers(context),
    ...importHandlers(context),
    ...jobHandlers(context),
    ...privateHandlers(context),
    ...annotationHandlers(context),
  };
}
