#!/usr/bin/env node
/**
 * The command `vitrine` in a checkout. Plain JavaScript, because Node starts it before anything is built. It builds the
 * command line on first use and whenever a source changed (progress on stderr, so that stdout stays one document), then
 * becomes that command.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../out/app/cli/cli.js');
const prepared = spawnSync(process.execPath, ['--import', 'tsx', path('./cli-ready.ts')], {
  cwd: path('..'),
  stdio: ['ignore', 2, 2],
});
if (prepared.status !== 0 || !existsSync(cli)) {
  process.stderr.write('vitrine: the command line could not be built\n');
  process.exit(2);
}
await import(pathToFileURL(cli).href);
