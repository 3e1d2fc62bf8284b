/**
 * What `electron PATH` runs when the runtime comes without Electron's own default app: the part of it that Vitrine's
 * tests and `npm start` use (`-r MODULE` first, then the app at PATH). It is an ES module, so that Electron waits for
 * the app's main module before it becomes ready. Plain text because it is packed into the runtime as it stands.
 */
export const DEFAULT_APP: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.mjs' }),
  'main.mjs': `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
let target = null;
const args = process.argv.slice(1);
for (let i = 0; i < args.length; i++) {
  if (args[i] === '-r' || args[i] === '--require') require(path.resolve(args[++i]));
  else if (target === null && !args[i].startsWith('-')) target = path.resolve(args[i]);
}
if (target === null) {
  process.stderr.write('usage: electron [options] PATH\\n');
  app.exit(2);
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const manifest = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name ?? app.name;
  app.setDesktopName((manifest.desktopName ?? app.name) + (manifest.desktopName ? '' : '.desktop'));
  app.setAppPath(target);
  try {
    await import(pathToFileURL(path.join(target, manifest.main ?? 'index.js')).href);
  } catch (error) {
    process.stderr.write((error?.stack ?? String(error)) + '\\n');
    app.exit(1);
  }
}
`,
};
