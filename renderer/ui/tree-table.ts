import { type ComponentProps, createElement, type ReactElement } from 'react';

/**
 * A table whose rows unfold: `role="treegrid"` (ARIA in HTML allows any role on a table; its rows and cells then have the
 * right ones by themselves).
 */
export function TreeTable(props: ComponentProps<'table'>): ReactElement {
  return createElement('table', { ...props, role: 'treegrid' });
}
