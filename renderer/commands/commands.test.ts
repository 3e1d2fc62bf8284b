import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chordOf, isReserved, type KeyPress, typesText } from './chord.ts';
import { type Focus, hears, listeners } from './keys.ts';
import { byChord, chordProblem, keyMap, readChords } from './profiles.ts';
import { canRun, registerCommand, runCommand } from './registry.ts';
import { COMMANDS, commandOf, scopesMeet } from './table.ts';

const press = (key: string, code: string, modifiers = ''): KeyPress => ({
  key,
  code,
  ctrlKey: modifiers.includes('C'),
  altKey: modifiers.includes('A'),
  shiftKey: modifiers.includes('S'),
  metaKey: modifiers.includes('M'),
});

const nowhere: Focus = {
  inField: false,
  inDialog: false,
  inGrid: false,
  inList: false,
  inViewer: false,
  cursor: false,
  segmenting: false,
};
const grid: Focus = { ...nowhere, inGrid: true, inViewer: true };

describe('chordOf', () => {
  it.each([
    ['a letter, either case', press('w', 'KeyW'), 'W'],
    ['a letter with CapsLock', press('W', 'KeyW'), 'W'],
    ['Shift is kept', press('E', 'KeyE', 'S'), 'Shift+E'],
    ['letters follow the layout (AZERTY Z)', press('z', 'KeyW'), 'Z'],
    ['digits go by place (AZERTY &)', press('&', 'Digit1'), '1'],
    ['the numeric pad', press('4', 'Numpad4'), '4'],
    ['the numeric pad without NumLock', press('ArrowLeft', 'Numpad4'), 'ArrowLeft'],
    ['comma by place', press('?', 'Comma', 'S'), 'Question'],
    ['Shift+comma on a US keyboard', press('<', 'Comma', 'S'), 'Shift+Comma'],
    ['comma place on AZERTY', press(';', 'Comma'), 'Comma'],
    ['plus with Shift (US)', press('+', 'Equal', 'S'), 'Plus'],
    ['plus without Shift (German)', press('+', 'BracketRight'), 'Plus'],
    ['equals with Shift (German)', press('=', 'Digit0', 'S'), 'Equal'],
    ['minus of AZERTY is the digit 6', press('-', 'Digit6'), '6'],
    ['space', press(' ', 'Space'), 'Space'],
    ['Ctrl+digit', press('4', 'Digit4', 'C'), 'Ctrl+4'],
    ['order of modifiers', press('Z', 'KeyZ', 'CS'), 'Ctrl+Shift+Z'],
  ])('%s', (_what, event, chord) => {
    expect(chordOf(event, false)).toBe(chord);
  });

  it('takes Cmd for Ctrl on macOS only, and no lone modifier', () => {
    expect(chordOf(press('k', 'KeyK', 'M'), true)).toBe('Ctrl+K');
    expect(chordOf(press('k', 'KeyK', 'M'), false)).toBeNull();
    expect(chordOf(press('Shift', 'ShiftLeft', 'S'), false)).toBeNull();
    expect(chordOf(press('Dead', 'Equal'), false)).toBeNull();
  });
});

describe('the command table', () => {
  it.each(['vitrine', 'weasis', 'ohif'] as const)('has no conflict and no reserved chord in profile %s', (profile) => {
    const keys = keyMap(profile, {});
    for (const [chord, commands] of byChord(keys)) {
      expect(isReserved(chord), chord).toBe(false);
      for (const a of commands) {
        for (const b of commands)
          expect(a === b || !scopesMeet(a.scope, b.scope), `${chord}: ${a.id}, ${b.id}`).toBe(true);
      }
    }
  });

  it('gives no bare letter to anything that mirrors, rotates, resets or deletes', () => {
    for (const { id, keys } of COMMANDS) {
      if (/^(flip|rotate|view\.reset|window\.reset|mark\.remove|invert)/.test(id)) {
        for (const chord of keys) expect(chord, id).not.toMatch(/^[A-Z]$/);
      }
    }
  });

  it('has each id once', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length);
  });
});

describe('hears', () => {
  it('letters act only in the grid', () => {
    expect(hears('grid', 'W', grid)).toBe(true);
    expect(hears('grid', 'W', { ...nowhere, inViewer: true })).toBe(false);
    expect(hears('grid', 'W', { ...grid, inField: true })).toBe(false);
  });

  it('locks from a field and from a dialog', () => {
    expect(hears('always', 'Ctrl+L', { ...nowhere, inField: true, inDialog: true })).toBe(true);
    expect(hears('everywhere', 'Ctrl+K', { ...nowhere, inDialog: true })).toBe(false);
  });

  it('leaves text editing to fields, but no other key', () => {
    const field = { ...nowhere, inField: true, inViewer: true };
    expect(hears('viewer', 'Ctrl+Z', field)).toBe(false);
    expect(hears('everywhere', 'Question', field)).toBe(false);
    expect(hears('everywhere', 'F1', field)).toBe(true);
    expect(hears('everywhere', 'Ctrl+F', field)).toBe(true);
  });

  it('gives the arrows to the pixel cursor while it is shown', () => {
    const arrows = byChord(keyMap('vitrine', {})).get('ArrowUp') ?? [];
    expect(listeners(arrows, 'ArrowUp', grid).map(({ id }) => id)).toEqual(['image.previous']);
    expect(listeners(arrows, 'ArrowUp', { ...grid, cursor: true })[0]?.id).toBe('cursor.up');
    const letters = [commandOf('tool.ellipse'), commandOf('tool.eraser')];
    expect(listeners(letters, 'E', grid).map(({ id }) => id)).toEqual(['tool.ellipse']);
    expect(listeners(letters, 'E', { ...grid, segmenting: true })[0]?.id).toBe('tool.eraser');
  });
});

describe('own keys', () => {
  it('override the profile, and can be none', () => {
    const keys = keyMap('weasis', { 'preset.lung': 'L', 'tool.window': '' });
    expect(keys.get('preset.lung')).toEqual(['L']);
    expect(keys.get('tool.window')).toEqual([]);
    expect(keys.get('preset.brain')).toEqual(['3']);
    expect(readChords('Ctrl+Y Ctrl+Shift+Z')).toEqual(['Ctrl+Y', 'Ctrl+Shift+Z']);
  });

  it('are refused where they are taken, reserved or typed', () => {
    const keys = keyMap('vitrine', {});
    expect(chordProblem('tool.zoom', 'W', keys)).toEqual({ kind: 'taken', by: 'tool.window' });
    expect(chordProblem('tool.zoom', 'Ctrl+R', keys)).toEqual({ kind: 'reserved' });
    expect(chordProblem('palette.open', 'P', keys)).toEqual({ kind: 'types-text' });
    expect(chordProblem('tool.zoom', 'U', keys)).toBeNull();
    expect(typesText('Ctrl+K')).toBe(false);
  });
});

describe('the registry', () => {
  it('runs the last one registered, and nobody when it is disabled', () => {
    const ran: string[] = [];
    const first = registerCommand('tool.last', () => ran.push('first'));
    let enabled = true;
    const second = registerCommand(
      'tool.last',
      () => ran.push('second'),
      () => enabled,
    );
    expect(runCommand('tool.last', 'key')).toBe(true);
    enabled = false;
    expect(canRun('tool.last')).toBe(false);
    expect(runCommand('tool.last', 'key')).toBe(false);
    second();
    expect(runCommand('tool.last', 'menu')).toBe(true);
    first();
    expect(ran).toEqual(['second', 'first']);
    expect(commandOf('tool.last').keys).toEqual(['M']);
  });
});

describe('every command', () => {
  it('has somebody who does it: no dead keys', async () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const files = (await readdir(root, { recursive: true })).filter(
      (file) => /\.tsx?$/.test(file) && !/^(commands|text)\//.test(file) && !file.endsWith('.test.ts'),
    );
    const sources = (await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))).join('\n');
    // Either by its name, or as one of a family: `tool.${kind}`.
    const isDone = (id: string): boolean =>
      sources.includes(`'${id}'`) || sources.includes(`\`${id.split('.')[0]}.\${`);
    const dead = COMMANDS.map(({ id }) => id).filter((id) => !isDone(id));
    expect(dead).toEqual([]);
  });
});
