/** One level by the four outer products of (1, 1)/√2 and (1, -1)/√2, straight from the definition; zeros beyond the edge. */
function level(values: readonly number[], columns: number, rows: number): number[][] {
  const filters = [
    [Math.SQRT1_2, Math.SQRT1_2],
    [Math.SQRT1_2, -Math.SQRT1_2],
  ] as const;
  const at = (x: number, y: number): number => (x < columns && y < rows ? (values[y * columns + x] as number) : 0);
  return filters.flatMap((down) =>
    filters.map((across) => {
      const out: number[] = [];
      for (let y = 0; y < rows; y += 2)
        for (let x = 0; x < columns; x += 2)
          out.push(
            [0, 1].reduce(
              (sum, dy) =>
                sum +
                [0, 1].reduce(
                  (part, dx) => part + (down[dy] as number) * (across[dx] as number) * at(x + dx, y + dy),
                  0,
                ),
              0,
            ),
          );
      return out;
    }),
  );
}

/** The packets of core/schemes/wavelet-packets.ts by recursion. */
export function naivePackets(values: readonly number[], columns: number, rows: number, levels: number): number[] {
  if (levels === 0) return [...values];
  const half = (side: number): number => Math.ceil(side / 2);
  return level(values, columns, rows).flatMap((band) => naivePackets(band, half(columns), half(rows), levels - 1));
}
