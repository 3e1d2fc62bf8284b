import type { Command } from './command.ts';

/** Commands of the shell: every screen, the study list, the open studies. Order is the order of the key sheet. */
export const APP_COMMANDS = [
  { id: 'palette.open', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+K'] },
  { id: 'list.search', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+F'] },
  { id: 'import.open', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+O'] },
  { id: 'import.folder', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+Shift+O'] },
  { id: 'import.sample', group: 'everywhere', scope: 'everywhere', keys: [] },
  { id: 'save.show', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+S'] },
  { id: 'help.keys', group: 'everywhere', scope: 'everywhere', keys: ['F1', 'Question'] },
  { id: 'settings.open', group: 'everywhere', scope: 'everywhere', keys: ['Ctrl+Comma'] },
  { id: 'place.laboratory', group: 'everywhere', scope: 'everywhere', keys: [] },
  { id: 'place.forecast', group: 'everywhere', scope: 'everywhere', keys: [] },
  { id: 'place.vault', group: 'everywhere', scope: 'everywhere', keys: [] },
  { id: 'session.lock', group: 'everywhere', scope: 'always', keys: ['Ctrl+L'] },
  { id: 'region.next', group: 'everywhere', scope: 'everywhere', keys: ['F6'] },
  { id: 'study.list', group: 'study', scope: 'viewer', keys: ['Alt+Home'] },
  { id: 'study.next', group: 'study', scope: 'everywhere', keys: ['Ctrl+Tab'] },
  { id: 'study.previous', group: 'study', scope: 'everywhere', keys: ['Ctrl+Shift+Tab'] },
  { id: 'study.close', group: 'study', scope: 'viewer', keys: ['Ctrl+W'] },
  { id: 'study.older', group: 'study', scope: 'grid', keys: ['Ctrl+ArrowLeft'] },
  { id: 'study.newer', group: 'study', scope: 'grid', keys: ['Ctrl+ArrowRight'] },
  { id: 'patient.previous', group: 'study', scope: 'grid', keys: ['Ctrl+ArrowUp'] },
  { id: 'patient.next', group: 'study', scope: 'grid', keys: ['Ctrl+ArrowDown'] },
  { id: 'prior.best', group: 'study', scope: 'grid', keys: ['P'] },
  { id: 'prior.older', group: 'study', scope: 'grid', keys: ['Shift+P'] },
  { id: 'view.print', group: 'study', scope: 'viewer', keys: ['Ctrl+P'] },
] as const satisfies readonly Command[];
