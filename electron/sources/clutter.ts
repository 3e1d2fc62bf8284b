/** Names that operating systems add to folders and archives; never images. */
const CLUTTER = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._[^/]*)(\/|$)/i;

/** True for files that are a system's own and not worth a line in a report. */
export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}
