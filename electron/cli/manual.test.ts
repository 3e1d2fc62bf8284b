import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MANUAL, manual } from '../../build/manual.ts';
import { completionOf, SHELLS } from './completion.ts';
import { buildProgram } from './program.ts';

/** Every command with the words that lead to it. */
function paths(command = buildProgram(), path: readonly string[] = []): (readonly string[])[] {
  return command.commands.flatMap((child) => {
    const own = [...path, child.name()];
    return [own, ...paths(child, own)];
  });
}

describe('the manual page', () => {
  it('is what the program says now (npx tsx build/manual.ts writes it)', () => {
    expect(readFileSync(MANUAL, 'utf8')).toBe(manual());
  });

  it('has every command', () => {
    const page = manual().replaceAll('\\-', '-');
    for (const path of paths()) expect(page).toContain(`.SS ${path.join(' ')}`);
  });
});

describe('completion', () => {
  it.each(SHELLS)('for %s names every command', (shell) => {
    const script = completionOf(buildProgram(), shell);
    for (const path of paths()) expect(script).toContain(path.join(' '));
    expect(script).toContain('passphrase-file');
  });

  /** What bash offers after `words`, the last of which is being typed. */
  function offered(...words: string[]): string[] {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `${completionOf(buildProgram(), 'bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _vitrine; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(status).toBe(0);
    return stdout.split('\n').filter(Boolean);
  }

  it('in bash offers commands, then their options, then the commands of a command', () => {
    expect(offered('vitrine', 'ver')).toEqual(['verify']);
    expect(offered('vitrine', 'import', '--sam')).toEqual(['--sample']);
    expect(offered('vitrine', 'audit', 'pro')).toContain('proof');
    expect(offered('vitrine', '--vault', 'somewhere', 'list', '--asc')).toEqual(['--ascending']);
  });
});
