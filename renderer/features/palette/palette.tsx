import './palette.css';
import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { GROUPS, type Command as Row } from '../../commands/command.ts';
import { runCommand, useRunnable } from '../../commands/registry.ts';
import { COMMANDS, type CommandId } from '../../commands/table.ts';
import { closeLayer } from '../../state/layers.ts';
import { useKeys } from '../../state/settings.ts';
import { useText } from '../../text/text.ts';
import { KeyCaps } from '../../ui/key-caps.tsx';

const OFFERED: readonly CommandId[] = COMMANDS.filter(
  (command: Row) => command.keysOnly !== true && command.id !== 'palette.open',
).map(({ id }) => id);

/** Every word that was typed must be in the name or the group; names that begin with it go first. */
function rank(_id: string, search: string, keywords: string[] = []): number {
  const [name = '', group = ''] = keywords.map((word) => word.toLowerCase());
  const words = search
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  if (!words.every((word) => name.includes(word) || group.includes(word))) return 0;
  const [first = ''] = words;
  if (name.startsWith(first)) return 1;
  return name.includes(first) ? 0.7 : 0.4;
}

/** The focus is back where it was before the command runs: a tool chosen here acts in the viewport that had it. */
function choose(id: CommandId): void {
  closeLayer();
  setTimeout(() => runCommand(id, 'palette'));
}

/** Every command that can run now, by name. Never patients: a search for people belongs in the list. */
export function Palette() {
  const t = useText();
  const keys = useKeys();
  const runnable = useRunnable(OFFERED);
  const groups = GROUPS.map((group) => ({
    group,
    commands: COMMANDS.filter((command) => command.group === group && runnable.includes(command.id)),
  })).filter(({ commands }) => commands.length > 0);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeLayer()}>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-shade" />
        <Dialog.Content className="dialog palette" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">{t('palette.title')}</Dialog.Title>
          <Command label={t('palette.title')} filter={rank} loop>
            <Command.Input placeholder={t('palette.placeholder')} />
            <Command.List>
              <Command.Empty>{t('palette.none')}</Command.Empty>
              {groups.map(({ group, commands }) => (
                <Command.Group key={group} heading={t(`group.${group}`)}>
                  {commands.map(({ id }) => (
                    <Command.Item
                      key={id}
                      value={id}
                      keywords={[t(`command.${id}`), t(`group.${group}`)]}
                      onSelect={() => choose(id)}
                    >
                      {t(`command.${id}`)}
                      {keys.get(id)?.[0] !== undefined && <KeyCaps chord={keys.get(id)?.[0] ?? ''} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
