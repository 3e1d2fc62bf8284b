import { findRuntime } from '../../build/provision/electron.ts';
import { expect, test } from './fixture.ts';
import { APP_ORIGIN, contentPolicyOf, globalsOf } from './page-facts.ts';

test.use({ provokes: true });

test('the page runs under a strict policy, isolated, without Node and without the network', async ({ start }) => {
  const { page } = await start();
  const policy = await contentPolicyOf(page);
  for (const rule of ["default-src 'none'", "connect-src 'self'", "worker-src 'self'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(rule);
  }
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy.replaceAll("'wasm-unsafe-eval'", '')).not.toContain('unsafe-eval');
  expect(await globalsOf(page)).toEqual({ isolated: true, node: [], bridge: ['call', 'on', 'registerDrop'] });
  const blocked = await page.evaluate(async () => {
    const refused = (promise: Promise<unknown>) =>
      promise.then(
        () => false,
        () => true,
      );
    return {
      // Out of the test's own evaluation, which the policy doesn't bind.
      eval: await refused(
        new Promise((resolve, reject) => {
          setTimeout(() => {
            try {
              resolve(new Function('return 1')());
            } catch (error) {
              reject(error);
            }
          }, 20);
        }),
      ),
      network: await refused(fetch('https://example.org/')),
      file: await refused(fetch('file:///etc/passwd')),
      traversal: (await fetch('/../../package.json').catch(() => null))?.status !== 200,
    };
  });
  expect(blocked).toEqual({ eval: true, network: true, file: true, traversal: true });
});

test('permissions, new windows and navigation are refused', async ({ start }) => {
  const { electron, page } = await start();
  const states = await page.evaluate(async () => {
    const names = [
      'camera',
      'microphone',
      'geolocation',
      'notifications',
      'clipboard-read',
      'midi',
    ] as PermissionName[];
    const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return found.map(({ state }) => state);
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'file:///etc/passwd';
    document.body.append(link);
    link.click();
  });
  await page.waitForTimeout(300);
  expect(page.url().startsWith(`${APP_ORIGIN}/`)).toBe(true);
  expect(electron.windows()).toHaveLength(1);
  const frames = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    frame.src = 'https://example.org/';
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return frame.contentDocument?.body?.textContent ?? '';
  });
  expect(frames).toBe('');
});

test('main answers nobody but its own page, and only what the contract says', async ({ start }) => {
  const { electron, page } = await start();
  const strange = await electron.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const preload = BrowserWindow.getAllWindows()[0]?.webContents.session.getPreloads() ?? [];
    const foreign = new BrowserWindow({
      show: false,
      webPreferences: { contextIsolation: false, nodeIntegration: true, sandbox: false },
    });
    await foreign.loadURL('data:text/html,<p>foreign');
    const answer = await foreign.webContents.executeJavaScript(
      "require('electron').ipcRenderer.invoke('session.state', {}).catch((error) => String(error))",
    );
    foreign.destroy();
    return { answer, preload: preload.length, listeners: ipcMain.eventNames().length };
  });
  expect(strange.answer).toMatchObject({ ok: false, error: { code: 'ipc/forbidden' } });
  const refused = await page.evaluate(async () => {
    const call = window.vitrine.call as (name: string, request: unknown) => Promise<unknown>;
    const attempts = [
      call('session.state', { extra: 1 }),
      call('studies.details', { studyId: '../../etc/passwd' }),
      call('no.such.operation', {}),
      call('studies.search', { text: '' }),
    ];
    return await Promise.all(
      attempts.map((attempt) => attempt.catch(() => ({ ok: false, error: { code: 'thrown' } }))),
    );
  });
  for (const answer of refused) expect(answer).toMatchObject({ ok: false });
});

test('the window is sandboxed, and the fuses of the runtime are told', async ({ start }) => {
  const { electron, page } = await start();
  const preferences = await electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const all = (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    return {
      sandbox: all['sandbox'],
      contextIsolation: all['contextIsolation'],
      nodeIntegration: all['nodeIntegration'],
      webSecurity: all['webSecurity'],
    };
  });
  expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
  expect(await page.title()).toBe('Vitrine');
  // The stock runtime of development has stock fuses; packaging sets them all (a later issue tests the installer).
  test.info().annotations.push({ type: 'runtime', description: (await findRuntime())?.source ?? 'none' });
});
