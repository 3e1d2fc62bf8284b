/**
 * The shapes of Falcetta's PINPOINT networks [116]: training (models/) and encrypted evaluation (core/private) agree on
 * them here. A window of days goes in; each convolution over time is followed by a square, and the dense layers have no
 * activation between them.
 */
import type { Parameter } from './architecture.ts';

export interface PinpointShape {
  /** Days that a forecast is made from, and days that it is made for. */
  readonly input: number;
  readonly horizon: number;
  /**
   * `places`: binary places that a kernel keeps in the encrypted circuit. Training ends on that grid, so that rounding
   * there changes nothing.
   */
  readonly convolutions: readonly { readonly filters: number; readonly taps: number; readonly places: number }[];
}

/** Both topologies as the authors' code has them. */
export const PINPOINT_SHAPES = {
  '1conv': { input: 14, horizon: 7, convolutions: [{ filters: 32, taps: 3, places: 9 }] },
  '2conv': {
    input: 14,
    horizon: 7,
    convolutions: [
      { filters: 16, taps: 5, places: 12 },
      { filters: 32, taps: 3, places: 12 },
    ],
  },
} as const satisfies Readonly<Record<string, PinpointShape>>;
export type PinpointTopology = keyof typeof PINPOINT_SHAPES;

/** Time steps and channels behind the convolutions. */
function pinpointSignal({ input, convolutions }: PinpointShape): {
  readonly positions: number;
  readonly channels: number;
} {
  return {
    positions: convolutions.reduce((left, { taps }) => left - taps + 1, input),
    channels: convolutions.at(-1)?.filters ?? 1,
  };
}

/** Outputs of the dense layers: half of what goes in, a quarter, the horizon. */
function denseWidths(shape: PinpointShape): number[] {
  const { positions, channels } = pinpointSignal(shape);
  return [(positions * channels) / 2, (positions * channels) / 4, shape.horizon];
}

/**
 * Parameters in the order of the weights file. Kernels of convolutions: tap, channel, filter (the fastest). Kernels of
 * dense layers: input, output; the first one's inputs run over the channels, and within a channel over time.
 */
export function pinpointParameters(shape: PinpointShape): Parameter[] {
  const made: Parameter[] = [];
  const add = (name: string, kernel: readonly number[]): void => {
    made.push({ name: `${name}/kernel`, shape: kernel, trainable: true });
    made.push({ name: `${name}/bias`, shape: kernel.slice(-1), trainable: true });
  };
  let channels = 1;
  shape.convolutions.forEach(({ filters, taps }, i) => {
    add(`conv${i + 1}`, [taps, channels, filters]);
    channels = filters;
  });
  let width = channels * pinpointSignal(shape).positions;
  denseWidths(shape).forEach((outputs, i) => {
    add(`dense${i + 1}`, [width, outputs]);
    width = outputs;
  });
  return made;
}
