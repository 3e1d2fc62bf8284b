import { currentLanguage, type Text } from './text.ts';

/**
 * A person's name (PS3.5 6.2.1.1) as it is read: "DOE, Jane". Of several writings the first that isn't empty is taken.
 * Empty when there is no name.
 */
export function personName(value: string): string {
  const writing = value.split('=').find((group) => group.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = writing
    .split('^')
    .map((part) => part.trim());
  const first = [prefix, given, middle].filter((part) => part !== '').join(' ');
  return [family, first, suffix].filter((part) => part !== '').join(', ');
}

/** DICOM DA as 2026-11-20; anything that is no such date as it is. */
export function dicomDate(value: string): string {
  const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(value);
  return match === null ? value : `${match[1]}-${match[2]}-${match[3]}`;
}

/** DICOM TM as 14:02:11, as far as it goes; anything that is no such time as it is. */
export function dicomTime(value: string): string {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(value);
  return match === null
    ? value
    : match
        .slice(1)
        .filter((part) => part !== undefined)
        .join(':');
}

/** A day as DICOM DA, in the local calendar. */
export function dicomDay(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

/** What stands between thousands, and before the first decimal. */
const SEPARATORS = { en: [',', '.'], de: ['.', ','] } as const;

/**
 * Without `toLocaleString`: the first call of it loads the tables of all languages, 13 ms before the first study is on
 * screen, and both languages write numbers plainly.
 */
function written(plain: string): string {
  const [thousands, point] = SEPARATORS[currentLanguage()];
  const [whole = '', decimals] = plain.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  return decimals === undefined ? grouped : `${grouped}${point}${decimals}`;
}

/** A number with the separators of the language in force, to three decimals at most. */
export function number(value: number): string {
  return written(String(Number(value.toFixed(3))));
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes as people read them: "38 MB", decimal as disks are sold. */
export function byteSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${written(value.toFixed(unit > 0 && value < 9.95 ? 1 : 0))} ${UNITS[unit]}`;
}

/** The time of day of an ISO instant, local: "14:02", or "14:02:11" with seconds. */
export function timeOfDay(iso: string, seconds = false): string {
  const date = new Date(iso);
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Day and time of an ISO instant, local: "2026-11-20 14:02:11". */
export function dateAndTime(iso: string): string {
  return `${dicomDate(dicomDay(new Date(iso)))} ${timeOfDay(iso, true)}`;
}

/** "about 9 s left", in steps that don't flicker. */
export function timeLeft(seconds: number, t: Text): string {
  const time =
    seconds < 90
      ? t('import.seconds', { count: Math.max(1, seconds < 15 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5) })
      : t('import.minutes', { count: Math.round(seconds / 60) });
  return t('import.left', { time });
}
