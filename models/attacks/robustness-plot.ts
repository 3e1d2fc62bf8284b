import type { Robustness, RobustnessRow } from '../../core/infer/robustness.ts';

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { left: 56, right: 150, top: 20, bottom: 48 };
/** Line, dash and name of each curve: told apart without colour as well. */
const CURVES: readonly (readonly [RobustnessRow['method'], string, string, string])[] = [
  ['noise', 'random signs', '#5a6672', '2 4'],
  ['fgsm', 'FGSM', '#0b62b5', '8 4'],
  ['bim', 'BIM', '#8a5a00', '3 3'],
  ['pgd-linf', 'PGD', '#b3261e', ''],
];

/** Least distance between two names at the ends of curves. */
const NAME_GAP = 15;

/** Places for the names of curves that end at `ends`: in their order, moved apart where two would lie on each other. */
function namePlaces(ends: readonly number[]): number[] {
  const order = ends.map((_, i) => i).sort((a, b) => (ends[a] as number) - (ends[b] as number));
  const places = [...ends];
  const lowest = HEIGHT - MARGIN.bottom;
  for (const [at, i] of [...order].reverse().entries()) {
    const below = order[order.length - at];
    const limit = below === undefined ? lowest : (places[below] as number) - NAME_GAP;
    places[i] = Math.min(places[i] as number, limit);
  }
  return places;
}

/** Robust accuracy over ε of the attacks on the largest change, with 95 % intervals, as SVG. */
export function robustnessPlot({ rows, clean, model, release }: Robustness): string {
  const epsilons = [
    ...new Set(rows.flatMap(({ method, epsilon }) => (method === 'fgsm' && epsilon !== null ? [epsilon] : []))),
  ];
  const most = Math.max(...epsilons);
  const x = (epsilon: number): number => MARGIN.left + (epsilon / most) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (share: number): number => MARGIN.top + (1 - share) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  // Robust accuracy counts all images: those that were wrong to begin with are not robust.
  const accuracy = clean.of === 0 ? 0 : clean.right / clean.of;
  const share = (value: number): number => value * accuracy;
  const places = namePlaces(
    CURVES.map(([method]) => {
      const last = rows.filter((row) => row.method === method).at(-1);
      return y(last === undefined ? 0 : share(last.robust.right / last.robust.of));
    }),
  );
  const curve = ([method, name, colour, dash]: (typeof CURVES)[number], i: number): string => {
    const own = rows.filter((row) => row.method === method);
    const points = own.map(
      (row) => `${x(row.epsilon ?? 0).toFixed(1)},${y(share(row.robust.right / row.robust.of)).toFixed(1)}`,
    );
    const bars = own.map((row) => {
      const at = x(row.epsilon ?? 0).toFixed(1);
      return `<path d="M${at} ${y(share(row.robust.low)).toFixed(1)}V${y(share(row.robust.high)).toFixed(1)}" stroke="${colour}"/>`;
    });
    const end = points.at(-1)?.split(',') ?? ['0', '0'];
    const line = `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" points="${x(0).toFixed(1)},${y(accuracy).toFixed(1)} ${points.join(' ')}"/>`;
    return `${line}${bars.join('')}<text x="${Number(end[0]) + 8}" y="${((places[i] ?? 0) + 4).toFixed(1)}" fill="${colour}">${name}</text>`;
  };
  const ticksX = epsilons.map(
    (epsilon) =>
      `<text x="${x(epsilon).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${Math.round(epsilon * 2550) / 10}/255</text>`,
  );
  const ticksY = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<text x="${MARGIN.left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value * 100} %</text><path d="M${MARGIN.left} ${y(value).toFixed(1)}H${WIDTH - MARGIN.right}" stroke="#d5dae0"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#1b232b"><title>Robust accuracy of ${model} ${release}</title><rect width="100%" height="100%" fill="#fff"/>${ticksY.join('')}${ticksX.join('')}${CURVES.map(curve).join('')}<text x="${MARGIN.left}" y="${HEIGHT - 8}">largest change of a pixel, as a share of the range of brightness</text></svg>\n`;
}
