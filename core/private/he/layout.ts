/**
 * Where values lie in the slots. A window has a block; in it, position p's lanes begin at MARGIN + p · stride, one lane a
 * filter. For a second convolution the filters are repeated along the lanes, so that a rotation by d brings filter
 * (f + d) mod F to lane f without a mask.
 */
import { privateError } from '../errors.ts';
import { type IntegerNetwork, positionsAfter } from './pinpoint.ts';

/** Slots of one window and what lies in them. */
export interface Layout {
  /** Slots of a window, a power of two. */
  readonly block: number;
  readonly stride: number;
  /** Taps, filters and positions of the first convolution. */
  readonly taps: number;
  readonly filters: number;
  readonly positions: number;
  /** The same of the last convolution; equal to the first where there is only one. */
  readonly taps2: number;
  readonly filters2: number;
  readonly positions2: number;
  /** Outputs are gathered in this many slots at the block's start; a power of two, at least the horizon. */
  readonly lanes: number;
}

/** Slots before the data, so that the dense layer's rotations don't leave the block. */
export const MARGIN = 8;

/** @throws VitrineError private/weights when a window doesn't fit a row of slots */
export function layoutOf(network: IntegerNetwork): Layout {
  const [first, second] = network.convolutions;
  const tapsOf = (one: typeof first): number => one?.weight[0]?.[0]?.length ?? 0;
  const filters = first?.weight.length ?? 0;
  const filters2 = second?.weight.length ?? filters;
  const positions = network.input - tapsOf(first) + 1;
  const stride = second === undefined ? filters : filters2 + filters;
  const block = 2 ** Math.ceil(Math.log2(MARGIN + positions * stride));
  if (filters === 0 || positions < 1 || block > 4096)
    throw privateError(
      'private/weights',
      'the network is too wide for one ciphertext; use fewer filters or a shorter window',
    );
  return {
    block,
    stride,
    taps: tapsOf(first),
    filters,
    positions,
    taps2: tapsOf(second ?? first),
    filters2,
    positions2: positionsAfter(network.convolutions, network.input),
    lanes: MARGIN,
  };
}

/** Windows that one ciphertext carries. */
export function windowsOf({ block }: Layout, degree: number): number {
  return degree / block;
}

/** Rotations that the circuit makes; each power of two has its own key. */
export function rotationSteps({ block, lanes }: Layout): number[] {
  const steps = [1];
  for (let step = lanes; step < block; step *= 2) steps.push(step);
  return steps;
}

/** A value's residue. */
export function residue(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** Slots with `fill` called once a window's block; what it doesn't set is 0. */
export function slotsOf(
  { block }: Layout,
  degree: number,
  modulus: bigint,
  fill: (set: (slot: number, value: bigint) => void, window: number) => void,
): BigUint64Array {
  const slots = new BigUint64Array(degree);
  for (let window = 0; window * block < degree; window++)
    fill((slot, value) => {
      slots[window * block + slot] = residue(value, modulus);
    }, window);
  return slots;
}
