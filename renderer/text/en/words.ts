import { audit } from './audit.ts';
import { care } from './care.ts';
import { commands } from './commands.ts';
import { findings } from './findings.ts';
import { forecast } from './forecast.ts';
import { keys } from './keys.ts';
import { laboratory } from './laboratory.ts';
import { shell } from './shell.ts';
import { users } from './users.ts';
import { viewer } from './viewer.ts';

export { errorWords } from './errors.ts';
/** Every text of the interface in English. */
export const words = {
  ...shell,
  ...commands,
  ...viewer,
  ...audit,
  ...care,
  ...findings,
  ...forecast,
  ...keys,
  ...laboratory,
  ...users,
} as const;
