import type { ReactNode } from 'react';
import type { Chord } from '../commands/chord.ts';
import { runCommand, useCanRun } from '../commands/registry.ts';
import type { CommandId } from '../commands/table.ts';
import { useKeys } from '../state/settings.ts';
import { useText } from '../text/text.ts';
import { KeyCaps } from './key-caps.tsx';
import { tipHandlers } from './tooltip.tsx';

/** `aria-keyshortcuts` of a chord: its own names are the specification's, but for Ctrl. */
const ariaKeys = (chords: readonly Chord[]): string | undefined =>
  chords.length === 0 ? undefined : chords.map((chord) => chord.replace('Ctrl', 'Control')).join(' ');

interface CommandButtonProps {
  readonly id: CommandId;
  readonly icon: ReactNode;
  /** Says the command's name beside the icon. */
  readonly showLabel?: boolean;
  /** For toggles and tools: whether it is on. */
  readonly pressed?: boolean;
  readonly tabIndex?: number;
}

/** A button that runs a command of the table; name, key and whether it can run come from there. */
export function CommandButton({ id, icon, showLabel = false, pressed, tabIndex }: CommandButtonProps) {
  const t = useText();
  const chords = useKeys().get(id) ?? [];
  const able = useCanRun(id);
  const name = t(`command.${id}`);
  const [chord] = chords;
  const tip = (
    <>
      {name}
      {chord !== undefined && <KeyCaps chord={chord} />}
    </>
  );
  return (
    <button
      type="button"
      {...tipHandlers(tip)}
      className={showLabel ? 'button button-plain' : 'button button-icon'}
      aria-label={name}
      aria-keyshortcuts={ariaKeys(chords)}
      aria-disabled={!able}
      aria-pressed={pressed}
      tabIndex={tabIndex}
      data-command={id}
      onClick={() => runCommand(id, 'button')}
    >
      {icon}
      {showLabel && name}
    </button>
  );
}
