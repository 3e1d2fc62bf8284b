/** Figures of a classifier on labelled pictures. */

/** A share with its Wilson score interval (Wilson 1927). */
export interface Share {
  readonly right: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
}

/** 0.975 quantile of the standard normal distribution: intervals of 95 %. */
const Z = 1.959963984540054;

/** `right` of `of` with its 95 % interval. Nothing of nothing lies anywhere: 0 … 1. */
export function wilson(right: number, of: number): Share {
  if (of === 0) return { right, of, low: 0, high: 1 };
  const share = right / of;
  const spread = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const [middle, scale] = [share + (Z * Z) / (2 * of), 1 + (Z * Z) / of];
  return { right, of, low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

/** What was found for what: `counts[truth][found]`. */
export type Confusion = readonly (readonly number[])[];

/** Counts pairs of a true and a found class. */
export function confusionOf(truth: ArrayLike<number>, found: ArrayLike<number>, classes: number): Confusion {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < truth.length; i++) {
    const row = counts[truth[i] as number] as number[];
    row[found[i] as number] = (row[found[i] as number] as number) + 1;
  }
  return counts;
}

/** Share of all pictures whose class was found. */
export function accuracyOf(confusion: Confusion): Share {
  return wilson(
    confusion.reduce((sum, row, i) => sum + (row[i] as number), 0),
    confusion.flat().reduce((sum, count) => sum + count, 0),
  );
}

/** Of each class: share of its pictures that were found (sensitivity), and share of what was called so that was so (precision). */
export function perClass(confusion: Confusion): { readonly sensitivity: Share; readonly precision: Share }[] {
  return confusion.map((row, i) => {
    const right = row[i] as number;
    return {
      sensitivity: wilson(
        right,
        row.reduce((sum, count) => sum + count, 0),
      ),
      precision: wilson(
        right,
        confusion.reduce((sum, other) => sum + (other[i] as number), 0),
      ),
    };
  });
}
