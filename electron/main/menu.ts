import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * Our own menu in place of Electron's default one, whose accelerators would reload, zoom and inspect. It binds no key but
 * those of text fields and of quitting: keys belong to the window's command table.
 * @param command asks the window for a command of that table
 */
export function installMenu(command: (id: string) => void): void {
  const item = (label: string, id: string): MenuItemConstructorOptions => ({ label, click: () => command(id) });
  const edit: MenuItemConstructorOptions = {
    label: 'Edit',
    submenu: [
      { role: 'cut', registerAccelerator: false },
      { role: 'copy', registerAccelerator: false },
      { role: 'paste', registerAccelerator: false },
      { role: 'selectAll', registerAccelerator: false },
    ],
  };
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [item('Import…', 'import.open'), item('Lock', 'session.lock'), { type: 'separator' }, { role: 'quit' }],
  };
  // macOS shows the first menu under the app's name, and text fields there need the roles for their keys.
  const mac: MenuItemConstructorOptions[] = [
    { label: app.name, submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit' }] },
    { ...file, submenu: [item('Import…', 'import.open'), item('Lock', 'session.lock')] },
    { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(process.platform === 'darwin' ? mac : [file, edit]));
}
