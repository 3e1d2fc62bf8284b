/** A column of a printed table. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Longer values are cut with an ellipsis. */
  readonly width?: number;
}

/** Control characters of a hostile file must not reach the terminal as commands. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, ' ').trim();
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** The rows under their titles, columns two spaces apart. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ value, width }) => cut(printable(value(row)), width ?? 1000)));
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...cells.map((line) => [...(line[i] ?? '')].length)),
  );
  const print = (line: readonly string[]) =>
    line
      .map((text, i) => {
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - [...text].length));
        return columns[i]?.align === 'right' ? space + text : text + space;
      })
      .join('  ')
      .trimEnd();
  return `${[print(columns.map(({ title }) => title)), ...cells.map(print)].join('\n')}\n`;
}

/** 1536 → "1.5 KB" (powers of 1000, as disks are sold). */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${bytes} B` : `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** DICOM DA `20261120` → `2026-11-20`; anything else as it is. */
export function dateText(date: string): string {
  return /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
}

/** DICOM PN `DOE^JANE` → `DOE, JANE`. */
export function nameText(name: string): string {
  const [family = '', ...given] = (name.split('=')[0] ?? '').split('^');
  const rest = given.filter((part) => part !== '').join(' ');
  return rest === '' ? family : `${family}, ${rest}`;
}

/** 75 → "1 min 15 s"; hours without their seconds. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
