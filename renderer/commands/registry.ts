import { create } from 'zustand';
import type { CommandId } from './table.ts';

export type CommandSource = 'key' | 'palette' | 'menu' | 'button';
/** Answers `false` when it left the press to whoever else wants it. */
export type CommandHandler = (source: CommandSource) => unknown;

interface Registration {
  readonly handler: CommandHandler;
  readonly isEnabled: () => boolean;
}

const registered = new Map<CommandId, Registration[]>();

/** What menus and buttons watch: bumped when a command comes, goes or says that its state changed. Memory only. */
const useRevision = create<{ revision: number; cursor: boolean; segmenting: boolean }>(() => ({
  revision: 0,
  cursor: false,
  segmenting: false,
}));

/** Tells buttons and menus that `isEnabled` or `isPressed` of some command may answer otherwise now. */
export function commandsChanged(): void {
  useRevision.setState(({ revision }) => ({ revision: revision + 1 }));
}

/**
 * Says what a command does, for as long as the feature that does it is there. The last one registered goes first.
 * @param isEnabled false greys the command out and leaves its keys to others; asked at the moment of use.
 * @returns the function that takes it back.
 */
export function registerCommand(
  id: CommandId,
  handler: CommandHandler,
  isEnabled: () => boolean = () => true,
): () => void {
  const registration = { handler, isEnabled };
  registered.set(id, [registration, ...(registered.get(id) ?? [])]);
  commandsChanged();
  return () => {
    registered.set(
      id,
      (registered.get(id) ?? []).filter((other) => other !== registration),
    );
    commandsChanged();
  };
}

/** True when somebody does this command and says that it can be done now. */
export function canRun(id: CommandId): boolean {
  return registered.get(id)?.[0]?.isEnabled() ?? false;
}

/** Runs a command. @returns false when nobody does it now or its handler left it. */
export function runCommand(id: CommandId, source: CommandSource): boolean {
  const first = registered.get(id)?.[0];
  if (first === undefined || !first.isEnabled()) return false;
  return first.handler(source) !== false;
}

/** Whether the pixel cursor is shown: then the keys of scope `cursor` go first. */
export function setCursorShown(cursor: boolean): void {
  useRevision.setState({ cursor });
}

export function isCursorShown(): boolean {
  return useRevision.getState().cursor;
}

/** Whether segments are painted: then the keys of scope `segment` go first. */
export function setSegmentingKeys(segmenting: boolean): void {
  useRevision.setState({ segmenting });
}

export function isSegmenting(): boolean {
  return useRevision.getState().segmenting;
}

/** Renders again whenever commands come, go or change, and answers `canRun` of one. */
export function useCanRun(id: CommandId): boolean {
  useRevision((state) => state.revision);
  return canRun(id);
}

/** The commands of `ids` that can run now; renders again when that changes. */
export function useRunnable(ids: readonly CommandId[]): readonly CommandId[] {
  useRevision((state) => state.revision);
  return ids.filter(canRun);
}
