import { describe, expect, it } from 'vitest';
import { annotationFromPixels } from '../annotation-map.ts';
import type { Dataset } from '../dataset.ts';
import { type FrameFacts, factsOf } from '../facts.ts';
import { fromPixel, type Vector } from '../geometry.ts';
import { formatImageId } from '../image-id.ts';
import { homeOnPlanes, imageOnPlanes, placeMarks, reformatId, takesMarks } from './mark-place.ts';
import {
  layersOf,
  PLANES,
  type PlaneName,
  planeCount,
  planeGeometry,
  planeIndexAt,
  planeValues,
  walkOf,
} from './planes.ts';
import { along, type Volume, type VolumeGeometry, volumeGeometry } from './volume.ts';

const value = (vr: string, ...Value: unknown[]): { vr: string; Value: unknown[] } => ({ vr, Value });

const SIZE = [5, 4, 9] as const;
const STEP = [0.5, 0.7, 2] as const;

interface Slice {
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  readonly change?: Dataset;
}

function slice(k: number, { position, orientation, change }: Slice = {}): FrameFacts {
  return factsOf(
    {
      '00080060': value('CS', 'CT'),
      '00280002': value('US', 1),
      '00280010': value('US', SIZE[1]),
      '00280011': value('US', SIZE[0]),
      '00280030': value('DS', STEP[1], STEP[0]),
      '00200032': value('DS', ...(position ?? [-10, -20, 100 + k * STEP[2]])),
      '00200037': value('DS', ...(orientation ?? [1, 0, 0, 0, 1, 0])),
      '00200052': value('UI', '1.2'),
      '00280100': value('US', 16),
      '00280101': value('US', 16),
      '00281052': value('DS', 0),
      '00281053': value('DS', 1),
      ...change,
    },
    1,
  );
}

const series = (make: (k: number) => FrameFacts = (k) => slice(k)): FrameFacts[] =>
  Array.from({ length: SIZE[2] }, (_, k) => make(k));

function geometryOf(facts: readonly FrameFacts[]): VolumeGeometry {
  const geometry = volumeGeometry(facts);
  if (typeof geometry === 'string') throw new Error(geometry);
  return geometry;
}

const objectOf = (place: number): string => place.toString(16).padStart(32, '0');
const imageOf = (place: number): string => formatImageId({ handle: 'h', objectId: objectOf(place), frame: 1 });

/** A volume whose voxel holds its own place: i + 10 j + 100 k. */
function volume(facts = series()): Volume {
  const geometry = geometryOf(facts);
  const [width, height, depth] = geometry.size;
  const data = new Int16Array(width * height * depth);
  for (let k = 0; k < depth; k++)
    for (let j = 0; j < height; j++)
      for (let i = 0; i < width; i++) data[(k * height + j) * width + i] = i + 10 * j + 100 * k;
  const images = facts.map((_, i) => ({ imageId: imageOf(i), sopInstanceUid: `1.2.${i}` }));
  return { id: 1, geometry, data, images, facts: facts[0] as FrameFacts, lossy: false };
}

describe('a series as one block', () => {
  it('is taken where its slices stand evenly, in whatever order the files come', () => {
    const shuffled = series().reverse();
    const geometry = geometryOf(shuffled);
    expect(geometry.size).toEqual(SIZE);
    expect(geometry.spacing.map((step) => Number(step.toFixed(6)))).toEqual(STEP);
    expect(geometry.order).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(geometry.origin).toEqual([-10, -20, 100]);
  });

  it.each([
    ['modality', series((k) => slice(k, { change: { '00080060': value('CS', 'US') } }))],
    ['few', series().slice(0, 7)],
    ['color', series((k) => slice(k, { change: { '00280002': value('US', 3) } }))],
    ['no-geometry', series((k) => slice(k, k === 4 ? { change: { '00200032': value('DS') } } : {}))],
    ['mixed', series((k) => slice(k, k === 4 ? { orientation: [1, 0, 0, 0, 0, -1] } : {}))],
    ['spacing', series((k) => slice(k, k === 8 ? { position: [-10, -20, 117] } : {}))],
    ['spacing', series((k) => slice(k, k === 8 ? { position: [-10, -20, 114] } : {}))],
    // Slices parallel to the table in a stack that leans: the patient was moved along while the gantry was tilted.
    ['tilt', series((k) => slice(k, { position: [-10, -20 + k * 0.3, 100 + k * 2] }))],
  ] as const)('is refused for a reason: %s', (reason, facts) => {
    expect(volumeGeometry(facts)).toBe(reason);
  });

  it('forgives what rounding does to positions', () => {
    expect(
      typeof volumeGeometry(series((k) => slice(k, { position: [-10, -20, 100 + Number((k * 2.004).toFixed(2))] }))),
    ).toBe('object');
  });
});

describe('planes', () => {
  it.each([
    ['axial', 5, 4, 9],
    ['coronal', 5, 9, 4],
    ['sagittal', 4, 9, 5],
  ] as const)('%s: columns, rows and images', (plane, columns, rows, count) => {
    const { geometry } = volume();
    expect(planeCount(geometry, plane)).toBe(count);
    expect(planeGeometry(geometry, plane, 0)).toMatchObject({ columns, rows });
  });

  it('show head up and the right side of the body on the left', () => {
    const { geometry } = volume();
    expect(planeGeometry(geometry, 'coronal', 0).patient).toMatchObject({ row: [1, 0, 0], column: [0, 0, -1] });
    expect(planeGeometry(geometry, 'sagittal', 0).patient).toMatchObject({ row: [0, 1, 0], column: [0, 0, -1] });
  });

  it('hold at every pixel the voxel that lies there in space, whatever way the series was made', () => {
    const ways: readonly (readonly FrameFacts[])[] = [
      series(),
      series().reverse(),
      series((k) => slice(k, { orientation: [-1, 0, 0, 0, 1, 0], position: [10, -20, 100 - k * 2] })),
      series((k) => slice(k, { orientation: [0, 1, 0, 0, 0, -1], position: [k * 2, -20, 50] })),
      series((k) => slice(k, { orientation: [1, 0, 0, 0, 0, -1], position: [-10, k * 2, 50] })),
    ];
    for (const facts of ways) {
      const block = volume([...facts]);
      for (const plane of PLANES) expect(wrongPixels(block, plane)).toEqual([]);
    }
  });

  it('are found again by a point in space', () => {
    const { geometry } = volume();
    for (const plane of PLANES) {
      for (let index = 0; index < planeCount(geometry, plane); index++) {
        const point = fromPixel(planeGeometry(geometry, plane, index), [1, 1]);
        expect(planeIndexAt(geometry, plane, point)).toBe(index);
      }
    }
    expect(planeIndexAt(geometry, 'axial', [0, 0, 9999])).toBe(8);
  });

  it('are the same whatever the last bits of a point between two of them say', () => {
    const { geometry } = volume();
    const plane = planeGeometry(geometry, 'axial', 3);
    for (const column of [1.5 - 1e-9, 1.5 - 1e-4, 1.5, 1.5 + 1e-4])
      expect(planeIndexAt(geometry, 'sagittal', fromPixel(plane, [column, 1]))).toBe(2);
  });
});

describe('a slab', () => {
  it('is as many layers as its thickness holds, cut off at the ends', () => {
    const { geometry } = volume();
    expect(layersOf(geometry, 2, 4, { mode: 'mip', millimetres: 10 })).toEqual([2, 5]);
    expect(layersOf(geometry, 2, 0, { mode: 'mip', millimetres: 10 })).toEqual([0, 3]);
    expect(layersOf(geometry, 2, 4, null)).toEqual([4, 1]);
  });

  it('shows the largest, the mean and the smallest of its voxels', () => {
    const block = volume();
    const at = (mode: 'mip' | 'mean' | 'min'): number | undefined =>
      planeValues(block, 'axial', 4, { mode, millimetres: 10 })[0];
    expect(at('mip')).toBe(600);
    expect(at('mean')).toBe(400);
    expect(at('min')).toBe(200);
    expect(planeValues(block, 'axial', 4, { mode: 'mean', millimetres: 10 })).toBeInstanceOf(Float32Array);
  });
});

/** Pixels of a plane whose value isn't that of the voxel at their place in space, by the slow way round. */
function wrongPixels(block: Volume, plane: PlaneName): string[] {
  const { geometry, data } = block;
  const wrong: string[] = [];
  for (let index = 0; index < planeCount(geometry, plane); index++) {
    const { rows, columns } = planeGeometry(geometry, plane, index);
    const values = planeValues(block, plane, index, null);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const point: Vector = fromPixel(planeGeometry(geometry, plane, index), [column, row]);
        const offset = along(point, geometry.origin, -1);
        const [i, j, k] = geometry.axes.map((axis, a) =>
          Math.round(
            (offset[0] * axis[0] + offset[1] * axis[1] + offset[2] * axis[2]) / (geometry.spacing[a] as number),
          ),
        ) as [number, number, number];
        const truth = data[(k * geometry.size[1] + j) * geometry.size[0] + i];
        if (values[row * columns + column] !== truth) wrong.push(`${plane} ${index} ${column},${row}`);
      }
    }
  }
  expect(walkOf(geometry, plane)).toBeDefined();
  return wrong;
}

describe('marks on planes', () => {
  const made = volume(series((k) => slice(k, { change: { '0020000E': value('UI', '1.1') } })));
  const base = { uid: 'm', label: '', createdAt: '', modifiedAt: '', kind: 'length' } as const;
  const measured = (
    plane: PlaneName,
    index: number,
    from: readonly [number, number],
    to: readonly [number, number],
  ) => {
    const facts = { ...made.facts, plane: planeGeometry(made.geometry, plane, index) };
    return annotationFromPixels(base, [from, to], reformatId(made, plane, index, null), facts, null);
  };

  it('measure across the slices in millimetres, and are kept with the slice that they begin on', () => {
    placeMarks({ volume: made, slab: null });
    // Two rows of a coronal plane are two slices, the first row is the one at the head.
    const mark = measured('coronal', 3, [1, 0], [1, 2]);
    expect(mark.measurements).toEqual([{ name: 'length', value: 2 * STEP[2], unit: 'mm' }]);
    expect(mark.reformat).toEqual({ plane: 'coronal', slab: null });
    expect(mark.objectId).toBe(objectOf(SIZE[2] - 1));
    expect(mark.sopInstanceUid).toBe(`1.2.${SIZE[2] - 1}`);
    expect(imageOnPlanes(mark, 'h')).toBe(reformatId(made, 'coronal', 3, null));
  });

  it('on the plane of the slices are marks of the slice, and lie on it when planes are on screen', () => {
    placeMarks({ volume: made, slab: null });
    const mark = measured('axial', 2, [0, 0], [3, 0]);
    expect(mark).toMatchObject({ objectId: objectOf(2), measurements: [{ value: 3 * STEP[0], unit: 'mm' }] });
    expect(mark.reformat).toBeUndefined();
    expect(imageOnPlanes(mark, 'h')).toBe(reformatId(made, 'axial', 2, null));
    placeMarks({ volume: made, slab: { mode: 'mip', millimetres: 10 } });
    expect(imageOnPlanes(mark, 'h'), 'a slab is no slice').toBeNull();
    expect(homeOnPlanes(reformatId(made, 'axial', 2, null), mark.points[0] ?? [0, 0, 0])?.reformat).toEqual({
      plane: 'axial',
      slab: { mode: 'mip', millimetres: 10 },
    });
  });

  it('have no place without planes, on another study or on another series', () => {
    placeMarks({ volume: made, slab: null });
    const mark = measured('sagittal', 1, [0, 0], [1, 1]);
    const image = reformatId(made, 'sagittal', 1, null);
    expect(takesMarks(image, 'h')).toBe(true);
    expect(takesMarks(image, 'other')).toBe(false);
    expect(imageOnPlanes(mark, 'other')).toBeNull();
    expect(imageOnPlanes({ ...mark, seriesInstanceUid: '1.9' }, 'h')).toBeNull();
    placeMarks(null);
    expect(takesMarks(image, 'h')).toBe(false);
    expect(imageOnPlanes(mark, 'h')).toBeNull();
  });
});
