import { APP_COMMANDS } from './app-commands.ts';
import type { Command, CommandScope } from './command.ts';
import { VIEWER_COMMANDS } from './viewer-commands.ts';

/**
 * The one command table: keys, palette, menus, tooltips and the key sheet are drawn from it. A command's name is the text
 * `command.<id>`.
 */
export const COMMANDS = [...APP_COMMANDS, ...VIEWER_COMMANDS] as const;

export type CommandId = (typeof COMMANDS)[number]['id'];

const byId: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]));

/** True for the id of a command in the table. */
export function isCommandId(id: string): id is CommandId {
  return byId.has(id);
}

/** The row of a command. */
export function commandOf(id: CommandId): Command {
  const command = byId.get(id);
  if (command === undefined) throw new RangeError('not a command');
  return command;
}

/** Scopes whose keys can meet: two commands of these may not share a chord. */
const MEETS: Readonly<Record<CommandScope, readonly CommandScope[]>> = {
  everywhere: ['everywhere', 'always', 'list', 'viewer', 'grid', 'cursor', 'segment'],
  always: ['everywhere', 'always', 'list', 'viewer', 'grid', 'cursor', 'segment'],
  list: ['everywhere', 'always', 'list'],
  viewer: ['everywhere', 'always', 'viewer', 'grid', 'cursor', 'segment'],
  grid: ['everywhere', 'always', 'viewer', 'grid'],
  // The pixel cursor takes the arrows from the grid on purpose, for as long as it is shown.
  cursor: ['everywhere', 'always', 'viewer', 'cursor', 'segment'],
  // So does painting with its letters.
  segment: ['everywhere', 'always', 'viewer', 'cursor', 'segment'],
};

/** True when the keys of two scopes can be wanted at the same moment. */
export function scopesMeet(a: CommandScope, b: CommandScope): boolean {
  return MEETS[a].includes(b);
}
