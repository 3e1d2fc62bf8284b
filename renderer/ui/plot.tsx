import 'uplot/dist/uPlot.min.css';
import './plot.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';

/** One line of a plot. */
export interface PlotLine {
  readonly label: string;
  /** Null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** A colour of tokens.css, without its dashes. */
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

interface PlotProps {
  /** What it shows, for who can't see it; the numbers belong into a table beside it. */
  readonly label: string;
  /** What stands below, place by place. */
  readonly places: readonly string[];
  readonly lines: readonly PlotLine[];
  /** CSS pixels. */
  readonly height: number;
  readonly format: (value: number) => string;
  /** The place under the pointer, or null. */
  readonly onPlace?: (place: number | null) => void;
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || '#ffffff';
const FONT = '12px "Inter Variable", system-ui, sans-serif';

function optionsOf({ places, lines, height, format, onPlace }: PlotProps, width: number): UPlot.Options {
  const axis: UPlot.Axis = {
    font: FONT,
    // Asked at each drawing, so that another theme is taken over.
    stroke: () => token('text-2'),
    grid: { stroke: () => token('line'), width: 1 },
    ticks: { stroke: () => token('line'), width: 1 },
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        space: 96,
        size: 36,
        incrs: [1, 7, 14, 28, 56, 84, 168, 336, 728, 3640],
        values: (_plot, splits) => splits.map((place) => places[place] ?? ''),
      },
      { ...axis, size: 72, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ label, color, width: stroke, dash }) => ({
        label,
        stroke: () => token(color),
        width: stroke,
        ...(dash === undefined ? {} : { dash: [...dash] }),
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPlace?.(cursor.idx ?? null)] },
  };
}

/** Lines over places in order, drawn on a canvas as wide as its column. */
export function Plot(props: PlotProps) {
  const { label, places, lines, height } = props;
  const frame = useRef<HTMLDivElement>(null);
  const given = useRef(props);
  given.current = props;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const data = [places.map((_, place) => place), ...lines.map(({ values }) => [...values])] as UPlot.AlignedData;
    const options = optionsOf({ ...given.current, places, lines, height }, element.clientWidth);
    const plot = new UPlot(options, data, element);
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [places, lines, height]);
  return <div ref={frame} className="plot" role="img" aria-label={label} style={{ height }} />;
}
