/** Moves focus to the next part of the window that has `data-region`, in order of the page; round at the end. */
export function nextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.offsetParent !== null,
  );
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(current + step) % regions.length];
    const target = region?.matches('[tabindex="0"]')
      ? region
      : region?.querySelector<HTMLElement>('[tabindex="0"], input, select, button:not(:disabled)');
    if (target == null) continue;
    target.focus();
    return;
  }
}
