/**
 * The sample: an epidemic that never was, from formulas alone, so that the forecast can be tried without data. Two waves
 * rise and fall as a logistic epidemic does (its daily cases follow the square of a hyperbolic secant), Sundays report
 * less than Tuesdays, and every day is off by a few percent.
 */
import type { Sample } from './series.ts';

/** Days of the sample, and how many of them are forecast unless something else is asked for. */
export const SAMPLE_DAYS = 420;
export const SAMPLE_TEST_DAYS = 84;

const FIRST_DAY = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;
/** Day of the peak, cases on it, and days over which it rises. */
const WAVES = [
  { peak: 70, height: 5200, width: 22 },
  { peak: 235, height: 26_000, width: 30 },
  { peak: 375, height: 17_500, width: 28 },
] as const;
/** Share of a day's cases that its weekday reports, Monday first. */
const WEEKDAYS = [0.8, 0.96, 1.09, 1.12, 1.1, 1.04, 0.89] as const;
const SCATTER = 0.04;

/** Numbers from −1 to 1 by a linear congruential generator (Numerical Recipes): the same on every machine. */
function scatter(): () => number {
  let state = 116;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** The sample series; the same every time. */
export function sampleSeries(): Sample[] {
  const next = scatter();
  return Array.from({ length: SAMPLE_DAYS }, (_, day) => {
    const time = new Date(FIRST_DAY + day * DAY);
    const cases = WAVES.reduce(
      (sum, { peak, height, width }) => sum + height / Math.cosh((day - peak) / width) ** 2,
      90,
    );
    const weekday = WEEKDAYS[(time.getUTCDay() + 6) % 7] ?? 1;
    return {
      date: time.toISOString().slice(0, 10),
      value: Math.round(cases * weekday * (1 + SCATTER * next())),
    };
  });
}
