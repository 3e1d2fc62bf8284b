/** True for two windows that show the same. */
export function sameWindow(
  a: { readonly center: number; readonly width: number; readonly table?: unknown },
  b: { readonly center: number; readonly width: number; readonly table?: unknown },
): boolean {
  return a.center === b.center && a.width === b.width && (a.table ?? null) === (b.table ?? null);
}
