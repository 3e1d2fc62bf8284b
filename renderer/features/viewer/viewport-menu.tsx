import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { runCommand, useRunnable } from '../../commands/registry.ts';
import type { CommandId } from '../../commands/table.ts';
import { useKeys } from '../../state/settings.ts';
import { useText } from '../../text/text.ts';
import { KeyCaps } from '../../ui/key-caps.tsx';
import { CT_PRESETS } from './presets.ts';
import type { ReadingSession } from './session.ts';

const VIEW: readonly CommandId[] = ['zoom.fit', 'zoom.actual', 'invert.toggle', 'window.reset', 'view.reset'];
const MARKS: readonly CommandId[] = ['mark.remove', 'keyImage.toggle', 'fuse.toggle'];

function Rows({ ids }: { readonly ids: readonly CommandId[] }): ReactNode {
  const t = useText();
  const keys = useKeys();
  const able = useRunnable(ids);
  return ids.map((id) => {
    const [chord] = keys.get(id) ?? [];
    return (
      <DropdownMenu.Item
        key={id}
        className="menu-item"
        disabled={!able.includes(id)}
        onSelect={() => runCommand(id, 'menu')}
      >
        {t(`command.${id}`)}
        {chord === undefined ? null : <KeyCaps chord={chord} />}
      </DropdownMenu.Item>
    );
  });
}

/** The menu of the active viewport, where the right button or a key opened it. */
export function ViewportMenu({ session }: { readonly session: ReadingSession }): ReactNode {
  const t = useText();
  const at = useStore(session.store, (state) => state.menu);
  if (at === null) return null;
  const facts = session.activeView()?.facts;
  const unit = facts?.unit;
  const emission: CommandId[] = facts?.modality === 'PT' || facts?.modality === 'NM' ? ['window.zeroBound'] : [];
  const presets: CommandId[] = unit === "[hnsf'U]" ? CT_PRESETS.map((preset) => preset.command) : [];
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => open || session.set({ menu: null })}>
      <DropdownMenu.Trigger asChild>
        <span className="viewport-menu-anchor" style={{ left: at.x, top: at.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          aria-label={t('viewer.menu')}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            session.focusGrid();
          }}
        >
          <Rows ids={[...presets, 'preset.auto', 'preset.file', ...emission]} />
          <DropdownMenu.Separator className="menu-line" />
          <Rows ids={VIEW} />
          <DropdownMenu.Separator className="menu-line" />
          <Rows ids={MARKS} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
