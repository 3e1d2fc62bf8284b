import { useEffect, useRef } from 'react';
import { type CommandHandler, registerCommand } from './registry.ts';
import type { CommandId } from './table.ts';

/**
 * Does commands for as long as the component is mounted. The handlers may be new functions at every render: the latest are
 * called. The set of ids must stay the same.
 * @param isEnabled false for all of them greys them out.
 */
export function useCommands(
  handlers: Readonly<Partial<Record<CommandId, CommandHandler>>>,
  isEnabled: (id: CommandId) => boolean = () => true,
): void {
  const latest = useRef({ handlers, isEnabled });
  latest.current = { handlers, isEnabled };
  const ids = Object.keys(handlers).sort().join(' ');
  useEffect(() => {
    const undo = (ids === '' ? [] : ids.split(' ')).map((name) => {
      const id = name as CommandId;
      return registerCommand(
        id,
        (source) => latest.current.handlers[id]?.(source),
        () => latest.current.isEnabled(id),
      );
    });
    return () => {
      for (const back of undo) back();
    };
  }, [ids]);
}
