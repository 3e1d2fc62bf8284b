import './help.css';
import { Pencil } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { type Command, type CommandGroup, GROUPS } from '../../commands/command.ts';
import type { KeyProfile } from '../../commands/profiles.ts';
import { COMMANDS, type CommandId } from '../../commands/table.ts';
import { closeLayer } from '../../state/layers.ts';
import { changeSettings, useKeys, useSettings } from '../../state/settings.ts';
import { type TextKey, useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, Field } from '../../ui/field.tsx';
import { chordText, KeyCaps } from '../../ui/key-caps.tsx';
import { KeyEditor } from './key-editor.tsx';

const PROFILE_NAMES: readonly (readonly [KeyProfile, string])[] = [
  ['vitrine', 'Vitrine'],
  ['weasis', 'Weasis'],
  ['ohif', 'OHIF'],
];

const MOUSE: readonly (readonly [TextKey, TextKey])[] = [
  ['mouse.left', 'mouse.leftDoes'],
  ['mouse.middle', 'mouse.middleDoes'],
  ['mouse.right', 'mouse.rightDoes'],
  ['mouse.wheel', 'mouse.wheelDoes'],
  ['mouse.double', 'mouse.doubleDoes'],
];

function KeyRow({ id }: { readonly id: CommandId }) {
  const t = useText();
  const chords = useKeys().get(id) ?? [];
  const isChanged = useSettings((state) => state.keys[id] !== undefined);
  const [isEditing, setEditing] = useState(false);
  const name = t(`command.${id}`);
  return (
    <div className="help-row" data-command={id} data-changed={isChanged}>
      <span>{name}</span>
      {isEditing ? (
        <KeyEditor id={id} onDone={() => setEditing(false)} />
      ) : (
        <span className="help-keys">
          {chords.length === 0 && <span className="quiet">{t('help.none')}</span>}
          {chords.map((chord) => (
            <KeyCaps key={chord} chord={chord} />
          ))}
          <Button
            className="help-edit"
            aria-label={`${t('help.edit')}: ${name}`}
            title={t('help.edit')}
            onClick={() => setEditing(true)}
          >
            <Pencil size={13} aria-hidden="true" />
          </Button>
        </span>
      )}
    </div>
  );
}

/** Commands whose name, or one of whose keys, has `wanted` in it. */
function useFound(wanted: string): readonly { group: CommandGroup; ids: readonly CommandId[] }[] {
  const t = useText();
  const keys = useKeys();
  const text = wanted.trim().toLowerCase();
  const fits = (id: CommandId): boolean =>
    text === '' ||
    t(`command.${id}`).toLowerCase().includes(text) ||
    (keys.get(id) ?? []).some((chord) => chordText(chord, t).toLowerCase() === text);
  return GROUPS.map((group) => ({
    group,
    ids: COMMANDS.filter((command: Command) => command.group === group)
      .map(({ id }) => id)
      .filter(fits),
  })).filter(({ ids }) => ids.length > 0);
}

function KeysPage() {
  const t = useText();
  const profile = useSettings((state) => state.keyProfile);
  const isChanged = useSettings((state) => Object.keys(state.keys).length > 0);
  const [wanted, setWanted] = useState('');
  const found = useFound(wanted);
  const save = (change: Parameters<typeof changeSettings>[0]): void =>
    void changeSettings(change).catch(() => undefined);
  return (
    <>
      <div className="help-bar">
        <div className="help-search">
          <Field
            label={t('help.search')}
            type="search"
            onInput={(event) => setWanted(event.currentTarget.value)}
            hint={t('help.gridNote')}
          />
        </div>
        <Choice
          label={t('help.profile')}
          value={profile}
          options={PROFILE_NAMES}
          onChoose={(chosen) => save({ keyProfile: chosen })}
        />
        {isChanged && <Button onClick={() => save({ keys: {} })}>{t('help.resetAll')}</Button>}
      </div>
      <div className="help-groups">
        {found.map(({ group, ids }) => (
          <section className="help-group" key={group} aria-label={t(`group.${group}`)}>
            <h3>{t(`group.${group}`)}</h3>
            {ids.map((id) => (
              <KeyRow key={id} id={id} />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}

function MousePage() {
  const t = useText();
  return (
    <dl className="help-mouse">
      {MOUSE.map(([what, does]) => [<dt key={what}>{t(what)}</dt>, <dd key={does}>{t(does)}</dd>])}
    </dl>
  );
}

/** The keys, drawn from the command table, where they are changed as well; and what the mouse does. */
export function HelpSheet() {
  const t = useText();
  return (
    <Dialog title={t('help.title')} onClose={closeLayer} wide>
      <Tabs.Root defaultValue="keys">
        <Tabs.List className="tabs-list">
          <Tabs.Trigger className="tabs-tab" value="keys">
            {t('help.keys')}
          </Tabs.Trigger>
          <Tabs.Trigger className="tabs-tab" value="mouse">
            {t('help.mouse')}
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content className="tabs-page" value="keys" tabIndex={-1}>
          <KeysPage />
        </Tabs.Content>
        <Tabs.Content className="tabs-page" value="mouse" tabIndex={-1}>
          <MousePage />
        </Tabs.Content>
      </Tabs.Root>
    </Dialog>
  );
}
