import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The menu of macOS, where an app must have one: its first menu stands under the app's name, and text fields need the
 * roles for their keys. It binds no other key but that of quitting: keys belong to the window's command table.
 * @param command asks the window for a command of that table
 */
export function installMenu(command: (id: string) => void): void {
  const item = (label: string, id: string): MenuItemConstructorOptions => ({ label, click: () => command(id) });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: app.name, submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'quit' }] },
      { label: 'File', submenu: [item('Import…', 'import.open'), item('Lock', 'session.lock')] },
      { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
    ]),
  );
}
