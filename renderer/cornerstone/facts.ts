import { type Dataset, frameDataset, items, number, numbers, TAG, text } from './dataset.ts';
import type { DeclaredRange, FrameFormat, PaletteChannel, ValueScale } from './decode/format.ts';
import { type Plane, planeOf } from './geometry.ts';
import { suvBodyWeightFactor } from './suv.ts';
import { type VoiFunction, type VoiTable, voiTables } from './voi.ts';

/** A window that the file brings (PS3.3 C.11.2.1.2). */
export interface FileWindow {
  readonly center: number;
  readonly width: number;
  readonly explanation: string;
  /** A table of the file's own in place of a window; null for a window. Center and width then say what it covers. */
  readonly table: VoiTable | null;
}

/** All that the viewer needs to know about one frame besides its pixels. */
export interface FrameFacts {
  readonly dataset: Dataset;
  readonly modality: string;
  readonly plane: Plane;
  readonly format: FrameFormat;
  readonly scale: ValueScale;
  /** What the header says of the stored values' extremes; null where it says nothing that could hold. */
  readonly declared: DeclaredRange | null;
  /** UCUM code of the drawn values: `[hnsf'U]`, `{SUVbw}g/ml`, `Bq/ml`, or `1` where the file names no unit. */
  readonly unit: string;
  /** Body-weight SUV factor that `scale` already contains; null when values aren't SUV. */
  readonly suv: number | null;
  readonly windows: readonly FileWindow[];
  readonly windowFunction: VoiFunction;
  /** MONOCHROME1, or an inverse presentation shape: low values are bright. */
  readonly inverted: boolean;
  readonly lossy: boolean;
}

function channel(dataset: Dataset, descriptorTag: string, dataTag: string): PaletteChannel | null {
  const [entries, first, bits] = numbers(dataset, descriptorTag);
  const data = numbers(dataset, dataTag);
  if (entries === undefined || first === undefined || bits === undefined || data.length === 0) return null;
  const wide = data.some((value) => value > 255);
  return { entries: entries === 0 ? 65_536 : entries, first, bits: wide ? bits : 8, data };
}

function paletteOf(dataset: Dataset): FrameFormat['palette'] {
  const red = channel(dataset, TAG.paletteRedDescriptor, TAG.paletteRed);
  const green = channel(dataset, TAG.paletteGreenDescriptor, TAG.paletteGreen);
  const blue = channel(dataset, TAG.paletteBlueDescriptor, TAG.paletteBlue);
  return red === null || green === null || blue === null ? null : { red, green, blue };
}

/**
 * Float and double pixel data (PS3.3 C.7.6.24, C.7.6.25). The pixel element itself isn't in the header, but these objects
 * are the only ones without Bits Stored.
 */
function isFloat(dataset: Dataset): boolean {
  return (number(dataset, TAG.bitsAllocated) ?? 0) >= 32 && number(dataset, TAG.bitsStored) === null;
}

function formatOf(dataset: Dataset, float: boolean): FrameFormat {
  const bitsAllocated = number(dataset, TAG.bitsAllocated) ?? 16;
  const bitsStored = number(dataset, TAG.bitsStored) ?? bitsAllocated;
  return {
    rows: number(dataset, TAG.rows) ?? 0,
    columns: number(dataset, TAG.columns) ?? 0,
    samples: number(dataset, TAG.samples) ?? 1,
    bitsAllocated,
    bitsStored,
    highBit: number(dataset, TAG.highBit) ?? bitsStored - 1,
    signed: number(dataset, TAG.representation) === 1,
    float,
    planar: number(dataset, TAG.planar) === 1,
    photometric: text(dataset, TAG.photometric) || 'MONOCHROME2',
    palette: paletteOf(dataset),
  };
}

/**
 * Lossy frames are left out: their values may overshoot what was recorded before they were compressed. So is what can't
 * be true of the format, as when a signed value was written as an unsigned one.
 */
function declaredOf(dataset: Dataset, format: FrameFormat): DeclaredRange | null {
  const smallest = number(dataset, TAG.smallestPixel);
  const largest = number(dataset, TAG.largestPixel);
  if (smallest === null || largest === null || smallest >= largest || text(dataset, TAG.lossy) === '01') return null;
  const least = format.signed ? -(2 ** (format.bitsStored - 1)) : 0;
  const most = least + 2 ** format.bitsStored - 1;
  if (format.float || smallest < least || largest > most) return null;
  const padding = number(dataset, TAG.padding);
  const limit = number(dataset, TAG.paddingLimit) ?? padding;
  const ends =
    padding === null || limit === null ? null : ([Math.min(padding, limit), Math.max(padding, limit)] as const);
  return { smallest, largest, padding: ends };
}

function modalityTable(dataset: Dataset): ValueScale['table'] {
  const item = items(dataset, TAG.modalityLut)[0];
  if (item === undefined) return null;
  const first = numbers(item, TAG.lutDescriptor)[1];
  const data = numbers(item, TAG.lutData);
  return first === undefined || data.length === 0 ? null : { first, data };
}

/** A slope of zero, or none beside an intercept: what the values stand for can't be told. */
function isRescaleBroken(dataset: Dataset): boolean {
  const slope = number(dataset, TAG.slope);
  return slope === 0 || (slope === null && number(dataset, TAG.intercept) !== null);
}

/** Modalities whose rescaled values are Hounsfield units unless Rescale Type says otherwise (PS3.3 C.8.2.1). */
function unitOf(dataset: Dataset, modality: string, suv: number | null): string {
  if (isRescaleBroken(dataset)) return '1';
  if (suv !== null) return '{SUVbw}g/ml';
  const type = text(dataset, TAG.rescaleType);
  const rescaled = number(dataset, TAG.intercept) !== null && number(dataset, TAG.slope) !== null;
  if (type === 'HU' || (modality === 'CT' && rescaled && (type === '' || type === 'US'))) return "[hnsf'U]";
  if (modality === 'PT' && text(dataset, TAG.units) === 'BQML') return 'Bq/ml';
  return '1';
}

/** Windows of the file, then its tables: either may be chosen (PS3.3 C.11.2.1), and the first is how it opens. */
function windowsOf(dataset: Dataset, suv: number | null, signed: boolean): FileWindow[] {
  const centers = numbers(dataset, TAG.windowCenter);
  const widths = numbers(dataset, TAG.windowWidth);
  const explanations = text(dataset, TAG.windowExplanation).split('\\');
  const factor = suv ?? 1;
  const windows: FileWindow[] = [];
  for (const [index, center] of centers.entries()) {
    const width = widths[index];
    if (width === undefined || width <= 0) continue;
    const explanation = explanations[index] ?? '';
    windows.push({ center: center * factor, width: width * factor, explanation, table: null });
  }
  for (const table of suv === null ? voiTables(dataset, signed) : []) {
    const width = table.data.length;
    windows.push({ center: table.first + width / 2, width, explanation: table.explanation || 'LUT', table });
  }
  return windows;
}

function windowFunctionOf(dataset: Dataset): FrameFacts['windowFunction'] {
  const name = text(dataset, TAG.windowFunction);
  return name === 'SIGMOID' || name === 'LINEAR_EXACT' ? name : 'LINEAR';
}

/** True when the drawn values may be broken or wider than 16 bits: they can't go through a table of all values. */
export function isFloating({ format, scale }: FrameFacts): boolean {
  if (scale.table !== null) return false;
  return (
    format.float || format.bitsAllocated > 16 || !Number.isInteger(scale.slope) || !Number.isInteger(scale.intercept)
  );
}

/** Reads a frame's facts from its object's header. `frame` counts from 1. */
export function factsOf(header: Dataset, frame: number): FrameFacts {
  const dataset = frameDataset(header, frame);
  const modality = text(dataset, TAG.modality);
  const suv = isRescaleBroken(dataset) ? null : suvBodyWeightFactor(dataset);
  const factor = suv ?? 1;
  const format = formatOf(dataset, isFloat(dataset));
  return {
    dataset,
    modality,
    plane: planeOf(dataset),
    format,
    declared: declaredOf(dataset, format),
    scale: {
      slope: (number(dataset, TAG.slope) || 1) * factor,
      intercept: (number(dataset, TAG.intercept) ?? 0) * factor,
      table: modalityTable(dataset),
    },
    unit: unitOf(dataset, modality, suv),
    suv,
    windows: windowsOf(dataset, suv, format.signed || (number(dataset, TAG.intercept) ?? 0) < 0),
    windowFunction: windowFunctionOf(dataset),
    inverted: text(dataset, TAG.photometric) === 'MONOCHROME1',
    lossy: text(dataset, TAG.lossy) === '01',
  };
}
