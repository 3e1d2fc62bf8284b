/** True for two windows that show the same. */
export function sameWindow(
  a: { readonly center: number; readonly width: number; readonly table?: unknown },
  b: { readonly center: number; readonly width: number; readonly table?: unknown },
): boolean {
  return a.center === b.center && a.width === b.width && (a.table ?? null) === (b.table ?? null);
}

/** The window from zero to the upper end of the given one; the least width where that end isn't above zero. */
export function fromZero(center: number, width: number): { readonly center: number; readonly width: number } {
  const upper = Math.max(center + width / 2, 1e-3);
  return { center: upper / 2, width: upper };
}
