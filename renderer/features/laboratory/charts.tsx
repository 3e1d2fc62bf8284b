import './charts.css';
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { LabPicture } from '../../../core/contract/laboratory.ts';
import { number } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { PictureCanvas } from './picture-view.tsx';
import { bitPlane, DIRECTIONS, type Direction, histogram, scatter, spread } from './pixels.ts';

/** A picture with what it is called. */
export interface Named {
  readonly name: string;
  readonly picture: LabPicture;
}

const CHART = { width: 512, height: 150 } as const;
/** Line colours of the first and second picture, told apart by dash as well. */
const STROKES = [
  { color: 'var(--accent)', dash: undefined },
  { color: 'var(--mark-mine)', dash: '4 2' },
] as const;

/** How often the grey value of a bin occurs in each picture; a cipher of another depth has another value there. */
function BinText({
  bin,
  pictures,
  shares,
}: {
  readonly bin: number;
  readonly pictures: readonly Named[];
  readonly shares: readonly Float64Array[];
}) {
  const t = useText();
  const valueIn = ({ picture }: Named): number => bin * 2 ** Math.max(0, picture.bits - 8);
  const values = pictures.map(valueIn);
  const isOne = values.every((value) => value === values[0]);
  const texts = pictures.map(({ name }, i) => {
    const share = number(Number(((shares[i]?.[bin] ?? 0) * 100).toPrecision(3)));
    return isOne ? `${name} ${share} %` : `${name} (${number(values[i] ?? 0)}) ${share} %`;
  });
  return (
    <span data-bin={bin}>{t('lab.histogram.at', { value: number(values[0] ?? 0), shares: texts.join(', ') })}</span>
  );
}

/** The bin under the pointer. */
function binAt({ clientX, currentTarget }: PointerEvent<SVGSVGElement>, bins: number): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(bins - 1, Math.max(0, Math.round(((clientX - left) / width) * (CHART.width / 2))));
}

/** Both histograms as lines, with a table of what they say. */
export function Histogram({ pictures }: { readonly pictures: readonly Named[] }) {
  const t = useText();
  const [bin, setBin] = useState<number | null>(null);
  const shares = useMemo(() => pictures.map(({ picture }) => histogram(picture)), [pictures]);
  const drawn = useMemo(() => {
    // A background of one value would flatten everything else: the second largest share reaches the top.
    const tall = Math.max(...shares.map((one) => [...one].sort((a, b) => b - a)[1] ?? 0), 1e-6);
    return shares.map((one) =>
      [...one].map((share, i) => `${i * 2},${CHART.height * (1 - Math.min(1, share / tall))}`).join(' '),
    );
  }, [shares]);
  const rows = useMemo(() => pictures.map(({ picture }) => spread(picture)), [pictures]);
  return (
    <div className="lab-chart">
      <svg
        role="img"
        aria-label={t('lab.histogram.label')}
        viewBox={`0 0 ${CHART.width} ${CHART.height}`}
        preserveAspectRatio="none"
        onPointerMove={(event) => setBin(binAt(event, shares[0]?.length ?? 1))}
        onPointerLeave={() => setBin(null)}
      >
        {bin !== null && (
          <line
            x1={bin * 2}
            x2={bin * 2}
            y1={0}
            y2={CHART.height}
            stroke="var(--text-3)"
            vectorEffect="non-scaling-stroke"
          />
        )}
        {drawn.map((points, i) => (
          <polyline
            key={pictures[i]?.name}
            points={points}
            fill="none"
            stroke={STROKES[i]?.color}
            strokeDasharray={STROKES[i]?.dash}
            strokeWidth={1.5}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <p className="lab-axis quiet" aria-hidden="true">
        <span>0</span>
        {bin !== null && <BinText bin={bin} pictures={pictures} shares={shares} />}
        <span>{number(2 ** (pictures[0]?.picture.bits ?? 8) - 1)}</span>
      </p>
      <table className="lab-table">
        <thead>
          <tr>
            <th scope="col">{t('lab.histogram.value')}</th>
            <th scope="col" className="lab-number">
              {t('lab.histogram.lowest')}
            </th>
            <th scope="col" className="lab-number">
              {t('lab.histogram.highest')}
            </th>
            <th scope="col" className="lab-number">
              {t('lab.histogram.mean')}
            </th>
            <th scope="col" className="lab-number">
              {t('lab.histogram.used')}
            </th>
          </tr>
        </thead>
        <tbody>
          {pictures.map(({ name }, i) => (
            <tr key={name}>
              <th scope="row">
                <svg className="lab-key" viewBox="0 0 24 8" aria-hidden="true">
                  <line
                    x1="0"
                    y1="4"
                    x2="24"
                    y2="4"
                    stroke={STROKES[i]?.color}
                    strokeDasharray={STROKES[i]?.dash}
                    strokeWidth="2"
                  />
                </svg>
                {name}
              </th>
              <td className="lab-number">{number(rows[i]?.lowest ?? 0)}</td>
              <td className="lab-number">{number(rows[i]?.highest ?? 0)}</td>
              <td className="lab-number">{number(rows[i]?.mean ?? 0)}</td>
              <td className="lab-number">{number((rows[i]?.used ?? 0) * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SCATTER_SIDE = 128;

function ScatterPlot({ named, direction }: { readonly named: Named; readonly direction: Direction }) {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const found = useMemo(() => scatter(named.picture, direction), [named, direction]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null) return;
    context.clearRect(0, 0, SCATTER_SIDE, SCATTER_SIDE);
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--accent');
    for (const [x, y] of found.pairs) context.fillRect(x * (SCATTER_SIDE - 1), (1 - y) * (SCATTER_SIDE - 1), 1, 1);
  }, [found]);
  const label = t('lab.correlation.label', { picture: named.name, direction: t(`lab.direction.${direction}`) });
  const value = found.correlation;
  return (
    <figure className="lab-scatter">
      <canvas ref={canvas} role="img" aria-label={label} width={SCATTER_SIDE} height={SCATTER_SIDE} />
      <figcaption>
        {value === null ? t('lab.correlation.none') : t('lab.correlation.r', { value: number(value) })}
      </figcaption>
    </figure>
  );
}

/** Each pixel against its neighbour, in three directions, for each picture. */
export function Correlation({ pictures }: { readonly pictures: readonly Named[] }) {
  const t = useText();
  return (
    <div className="lab-scatters">
      <span />
      {DIRECTIONS.map((direction) => (
        <h4 key={direction}>{t(`lab.direction.${direction}`)}</h4>
      ))}
      {pictures.map((named) => [
        <h4 key={named.name}>{named.name}</h4>,
        ...DIRECTIONS.map((direction) => (
          <ScatterPlot key={`${named.name}-${direction}`} named={named} direction={direction} />
        )),
      ])}
    </div>
  );
}

/** Every bit of both pictures, the highest first: in a good cipher all of them are noise. */
export function BitPlanes({ pictures }: { readonly pictures: readonly Named[] }) {
  const t = useText();
  const planes = useMemo(
    () =>
      pictures.map(({ name, picture }) => ({
        name,
        bits: Array.from({ length: picture.bits }, (_, i) => {
          const bit = picture.bits - 1 - i;
          return { bit, ...bitPlane(picture, bit) };
        }),
      })),
    [pictures],
  );
  return (
    <div className="lab-planes">
      {planes.map(({ name, bits }) => (
        <section key={name}>
          <h4>{name}</h4>
          <div className="lab-plane-row">
            {bits.map(({ bit, picture, ones }) => (
              <figure key={bit}>
                <PictureCanvas picture={picture} range={null} label={t('lab.planes.label', { picture: name, bit })} />
                <figcaption>
                  {t('lab.planes.bit', { bit })}
                  <br />
                  <span className="quiet">{t('lab.planes.ones', { share: number(Math.round(ones * 1000) / 10) })}</span>
                </figcaption>
              </figure>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
