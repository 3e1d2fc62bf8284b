import { writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { app } from 'electron';
import type { LaunchPaths } from '../paths.ts';

function fromOutside(name: string, variable: string): string | null {
  const value = app.commandLine.getSwitchValue(name) || process.env[variable] || '';
  if (value === '') return null;
  return isAbsolute(value) ? value : resolve(value);
}

/**
 * Decides the folders before Chromium touches any. `--user-data-dir` and VITRINE_USER_DATA name the profile, `--vault-dir`
 * and VITRINE_VAULT the vault. Chromium's own files go to a folder below the profile and hold nothing of a page: pages
 * live in a session that is in memory only.
 */
export function choosePaths(): LaunchPaths {
  app.setName('Vitrine');
  const profile = fromOutside('user-data-dir', 'VITRINE_USER_DATA');
  if (profile !== null) app.setPath('userData', profile);
  const userData = app.getPath('userData');
  app.setPath('sessionData', join(userData, 'chromium'));
  return {
    vault: fromOutside('vault-dir', 'VITRINE_VAULT') ?? join(userData, 'vault'),
    settings: join(userData, 'settings.json'),
    log: join(userData, 'vitrine.log'),
  };
}

/**
 * Nothing of a page or of a process may reach the disk by Chromium's own ways: no HTTP cache, no shader cache, no crash
 * reports. Must run before the app is ready.
 */
export function hardenChromium(): void {
  for (const name of [
    'disable-http-cache',
    'disable-gpu-shader-disk-cache',
    'disable-breakpad',
    'disable-crash-reporter',
  ])
    app.commandLine.appendSwitch(name);
  // SECURITY: with this switch, which container recipes and test drivers pass, Chromium keeps its shared memory (what is on
  // the screen, frames on their way to it) in files of the temporary folder. The forensic sweep sees them there.
  app.commandLine.removeSwitch('disable-dev-shm-usage');
  // Features of a browser that a workstation doesn't have: each of them costs memory, or a way out.
  app.commandLine.appendSwitch(
    'disable-features',
    'SpareRendererForSitePerProcess,HardwareMediaKeyHandling,MediaSessionService,AutofillServerCommunication,Translate',
  );
  // Started by root in development (see build/session.ts), Chromium has no sandbox to enable; every window asks for its own.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  withoutCoreDump('self');
}

/**
 * A core dump of this process would hold keys and images. Linux lets a process choose which memory its dump has: none
 * (proc(5), coredump_filter). Elsewhere the operating system writes none by default.
 */
export function withoutCoreDump(pid: number | 'self'): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync(`/proc/${pid}/coredump_filter`, '0');
  } catch {
    // The process is gone, or /proc is not there: no dump can be filtered, and the app still has to start.
  }
}

/** The same for all processes of the app that run now: pages, GPU, network, vault. */
export function withoutCoreDumps(): void {
  for (const { pid } of app.getAppMetrics()) withoutCoreDump(pid);
}
