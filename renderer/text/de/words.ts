import type { words as english } from '../en/words.ts';
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
export { registry } from './registry.ts';
/** Every text of the interface in German. */
export const words: Readonly<Record<keyof typeof english, string>> = {
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
};
