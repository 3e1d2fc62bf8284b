import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../build/provision/cache.ts';
import { run } from '../../build/provision/command.ts';

/** Compiled crates of provisioning: with them these checks take seconds, without them minutes. */
const target = join(cacheFolder(), 'native-engine', 'target');
const hasCargo = existsSync(join(target, 'release')) && spawnSync('cargo', ['--version']).status === 0;
const hasPart = (name: string) => hasCargo && spawnSync('cargo', [name, '--version']).status === 0;

async function cargo(...args: string[]): Promise<void> {
  const env = { ...process.env, CARGO_TARGET_DIR: target };
  const { code, output } = await run('cargo', args, { cwd: import.meta.dirname, env });
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
}

describe.skipIf(!hasCargo)('the Rust of the native engine', () => {
  it('passes its own tests', { timeout: 300_000 }, async () => {
    await cargo('test', '--release', '--locked', '--no-default-features');
  });

  it.skipIf(!hasPart('clippy'))('gives clippy nothing to say', { timeout: 300_000 }, async () => {
    await cargo('clippy', '--release', '--locked', '--', '-D', 'warnings');
  });

  it.skipIf(!hasPart('fmt'))('is formatted', async () => {
    await cargo('fmt', '--check');
  });
});
