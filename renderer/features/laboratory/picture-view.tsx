import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
  type WheelEvent,
} from 'react';
import type { LabPicture } from '../../../core/contract/laboratory.ts';
import { type DrawnRange, drawnRange, type Pixel, pixelAt, rgba } from './pixels.ts';

/** What all pictures show together: zoom over fitted, and how far they are moved, in shares of a pane. */
export interface Look {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const FITTED: Look = { zoom: 1, x: 0, y: 0 };
const LIMITS = { least: 1, most: 32 } as const;
const STEP = 1.25;

/** Zooms about a place, in shares of the pane counted from its middle. */
function zoomed(look: Look, factor: number, at: readonly [number, number]): Look {
  const zoom = Math.min(LIMITS.most, Math.max(LIMITS.least, look.zoom * factor));
  if (zoom === LIMITS.least) return FITTED;
  const real = zoom / look.zoom;
  return { zoom, x: at[0] - (at[0] - look.x) * real, y: at[1] - (at[1] - look.y) * real };
}

interface CanvasProps {
  readonly picture: LabPicture;
  /** Null draws all of the depth. */
  readonly range: DrawnRange | null;
  readonly label: string;
  readonly look?: Look;
}

/** A picture on a canvas, pixel by pixel: no address leads to it, and nothing caches it. */
export function PictureCanvas({ picture, range, label, look = FITTED }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null) return;
    context.putImageData(new ImageData(rgba(picture, drawnRange(picture, range)), picture.columns, picture.rows), 0, 0);
  }, [picture, range]);
  const transform = `translate(${look.x * 100}%, ${look.y * 100}%) scale(${look.zoom})`;
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={picture.columns}
      height={picture.rows}
      style={{ transform }}
    />
  );
}

interface PaneProps {
  readonly name: string;
  readonly title: string;
  readonly picture: LabPicture | null;
  readonly range?: DrawnRange | null;
  /** Said where there is no picture. */
  readonly empty: string;
  /** A verdict below the title. */
  readonly remark?: ReactNode;
  readonly look: Look;
  readonly onLook: (look: Look) => void;
  /** Told the pixel under the pointer, null beside the picture. */
  readonly onPixel: (pixel: Pixel | null) => void;
}

/** Keys of a pane: the same as the viewer's where it has them. */
const KEYS: Readonly<Record<string, (look: Look) => Look>> = {
  '+': (look) => zoomed(look, STEP, [0, 0]),
  '-': (look) => zoomed(look, 1 / STEP, [0, 0]),
  '=': () => FITTED,
  ArrowLeft: (look) => ({ ...look, x: look.x + 0.1 }),
  ArrowRight: (look) => ({ ...look, x: look.x - 0.1 }),
  ArrowUp: (look) => ({ ...look, y: look.y + 0.1 }),
  ArrowDown: (look) => ({ ...look, y: look.y - 0.1 }),
};

/** One of the linked pictures. */
export function PicturePane({ name, title, picture, range = null, empty, remark, look, onLook, onPixel }: PaneProps) {
  const surface = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<{ x: number; y: number; look: Look } | null>(null);
  const share = (event: { clientX: number; clientY: number }): [number, number] => {
    const box = surface.current?.getBoundingClientRect();
    if (box === undefined) return [0, 0];
    return [(event.clientX - box.left) / box.width - 0.5, (event.clientY - box.top) / box.height - 0.5];
  };
  const wheel = (event: WheelEvent): void => onLook(zoomed(look, event.deltaY < 0 ? STEP : 1 / STEP, share(event)));
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const [x, y] = share(event);
    setHeld({ x, y, look });
  };
  const move = (event: PointerEvent): void => {
    const box = surface.current?.getBoundingClientRect();
    if (picture !== null && box !== undefined) onPixel(pixelAt(picture, box, share(event), look));
    if (held === null || look.zoom === LIMITS.least) return;
    const [x, y] = share(event);
    onLook({ ...look, x: held.look.x + x - held.x, y: held.look.y + y - held.y });
  };
  const key = (event: KeyboardEvent): void => {
    const act = KEYS[event.key];
    if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    onLook(act(look));
  };
  return (
    <figure className="lab-pane" data-pane={name} data-empty={picture === null}>
      <figcaption>
        <span className="lab-pane-title" title={title}>
          {title}
        </span>
        {remark}
      </figcaption>
      <div
        ref={surface}
        className="lab-surface"
        role="application"
        aria-label={title}
        tabIndex={picture === null ? -1 : 0}
        onWheel={wheel}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => setHeld(null)}
        onPointerLeave={() => onPixel(null)}
        onDoubleClick={() => onLook(FITTED)}
        onKeyDown={key}
      >
        {picture === null ? (
          <p className="quiet">{empty}</p>
        ) : (
          <PictureCanvas picture={picture} range={range} label={title} look={look} />
        )}
      </div>
    </figure>
  );
}
