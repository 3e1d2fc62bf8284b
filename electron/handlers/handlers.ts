import { appHandlers } from './app.ts';
import { auditHandlers } from './audit.ts';
import { careHandlers } from './care.ts';
import type { HandlerContext, Handlers } from './context.ts';
import { importHandlers } from './import.ts';
import { jobHandlers } from './jobs.ts';
import { keyHandlers } from './keys.ts';
import { laboratoryHandlers } from './laboratory.ts';
import { modelHandlers } from './models.ts';
import { printHandlers } from './print.ts';
import { privateHandlers } from './private.ts';
import { restoreHandlers } from './restore.ts';
import { retireHandlers } from './retire.ts';
import { sessionHandlers } from './session.ts';
import { settingsHandlers } from './settings.ts';
import { studyHandlers } from './studies.ts';
import { userHandlers } from './users.ts';

/** All operations of the contract that main answers: the type refuses a missing one. */
export function allHandlers(context: HandlerContext): Handlers {
  return {
    ...appHandlers(context),
    ...settingsHandlers(context),
    ...sessionHandlers(context),
    ...studyHandlers(context),
    ...userHandlers(context),
    ...importHandlers(context),
    ...jobHandlers(context),
    ...keyHandlers(context),
    ...retireHandlers(context),
    ...auditHandlers(context),
    ...careHandlers(context),
    ...restoreHandlers(context),
    ...privateHandlers(context),
    ...laboratoryHandlers(context),
    ...modelHandlers(context),
    ...printHandlers(context),
  };
}
