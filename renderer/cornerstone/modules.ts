import { number, TAG, text } from './dataset.ts';
import { type FrameFacts, isFloating } from './facts.ts';
import { drawingAxes } from './geometry.ts';

/**
 * A frame's attributes in the shape that Cornerstone asks its metadata providers for. Undefined for a module that a
 * frame doesn't have. Pixel values reach Cornerstone already rescaled, so its modality module is the identity.
 */
type Module = Readonly<Record<string, unknown>> | undefined;

function imagePixel(facts: FrameFacts): Module {
  const { format } = facts;
  const color = format.samples >= 3 || format.photometric === 'PALETTE COLOR';
  return {
    samplesPerPixel: color ? 3 : 1,
    photometricInterpretation: color ? 'RGB' : format.photometric,
    rows: format.rows,
    columns: format.columns,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    highBit: format.highBit,
    pixelRepresentation: format.signed ? 1 : 0,
    planarConfiguration: 0,
  };
}

function imagePlane(facts: FrameFacts): Module {
  const { plane, dataset } = facts;
  const { position, row, column } = drawingAxes(plane);
  return {
    frameOfReferenceUID: plane.frameOfReferenceUid ?? text(dataset, TAG.seriesInstance),
    rows: plane.rows,
    columns: plane.columns,
    imageOrientationPatient: [...row, ...column],
    rowCosines: [...row],
    columnCosines: [...column],
    imagePositionPatient: [...position],
    pixelSpacing: [plane.rowSpacing, plane.columnSpacing],
    rowPixelSpacing: plane.rowSpacing,
    columnPixelSpacing: plane.columnSpacing,
    sliceThickness: number(dataset, TAG.sliceThickness) ?? undefined,
    sliceLocation: number(dataset, TAG.sliceLocation) ?? undefined,
    usingDefaultValues: plane.patient === null,
  };
}

function voiLut(facts: FrameFacts): Module {
  if (facts.windows.length === 0) return { voiLUTFunction: facts.windowFunction };
  return {
    windowCenter: facts.windows.map((window) => window.center),
    windowWidth: facts.windows.map((window) => window.width),
    voiLUTFunction: facts.windowFunction,
  };
}

function generalSeries(facts: FrameFacts): Module {
  const { dataset } = facts;
  return {
    // The canvas path draws broken values for prescaled PET only; nothing else of ours depends on this name.
    modality: isFloating(facts) ? 'PT' : facts.modality,
    seriesInstanceUID: text(dataset, TAG.seriesInstance),
    seriesNumber: number(dataset, TAG.seriesNumber) ?? undefined,
    seriesDate: text(dataset, TAG.seriesDate),
    seriesTime: text(dataset, TAG.seriesTime),
  };
}

const MODULES: Readonly<Record<string, (facts: FrameFacts) => Module>> = {
  imagePixelModule: imagePixel,
  imagePlaneModule: imagePlane,
  voiLutModule: voiLut,
  modalityLutModule: () => ({ rescaleSlope: 1, rescaleIntercept: 0 }),
  generalSeriesModule: generalSeries,
  generalImageModule: (facts) => ({
    sopInstanceUID: text(facts.dataset, TAG.sopInstance),
    instanceNumber: number(facts.dataset, TAG.instanceNumber) ?? undefined,
  }),
  sopCommonModule: (facts) => ({
    sopClassUID: text(facts.dataset, TAG.sopClass),
    sopInstanceUID: text(facts.dataset, TAG.sopInstance),
  }),
  patientStudyModule: (facts) => ({ patientWeight: number(facts.dataset, TAG.weight) ?? undefined }),
  scalingModule: (facts) => (facts.suv === null ? undefined : { suvbw: facts.suv }),
  multiframeModule: (facts) => ({ NumberOfFrames: number(facts.dataset, TAG.frames) ?? 1 }),
  transferSyntax: (facts) => ({ transferSyntaxUID: text(facts.dataset, TAG.transferSyntax) }),
};

/** The module `type` of a frame; undefined when this project doesn't provide it. */
export function moduleOf(type: string, facts: FrameFacts): Module {
  return MODULES[type]?.(facts);
}
