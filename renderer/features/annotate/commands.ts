import type { Annotation } from '../../../core/annotate/annotation.ts';
import type { CommandId } from '../../commands/table.ts';
import { TAG, text } from '../../cornerstone/dataset.ts';
import { isFrameId, parseImageId } from '../../cornerstone/image-id.ts';
import type { Reading } from '../../cornerstone/reading.ts';
import type { BrushStrokes } from './brush-strokes.ts';
import type { KeyDrawing } from './key-drawing.ts';
import type { MarkSet, MarkSets } from './mark-sets.ts';

interface Parts {
  readonly reading: Reading;
  readonly sets: MarkSets;
  readonly keys: KeyDrawing;
  readonly brush: BrushStrokes;
}

function keyImages({ marks }: MarkSet): readonly Annotation[] {
  return marks.state.marks.filter((mark) => mark.kind === 'key-image');
}

/** Flags the image on screen, or takes its flag away. */
function toggleKeyImage(parts: Parts): unknown {
  const { reading, sets } = parts;
  const set = sets.active();
  const { marks, layer } = set;
  const view = reading.activeView();
  if (view === null || view.imageId === null || view.facts === null) return false;
  // An image that was made from several is no image of the study: nothing that lasts can be said of it.
  if (!isFrameId(view.imageId) || !layer.owns(view.imageId)) return false;
  const flag = keyImages(set).find((mark) => layer.sliceOf(mark) === view.imageId);
  if (flag !== undefined) return marks.remove(flag.uid);
  const { dataset, plane } = view.facts;
  const image = parseImageId(view.imageId);
  const now = new Date().toISOString();
  return marks.add({
    uid: crypto.randomUUID(),
    kind: 'key-image',
    seriesInstanceUid: text(dataset, TAG.seriesInstance),
    sopInstanceUid: text(dataset, TAG.sopInstance),
    objectId: image.objectId,
    frame: image.frame,
    frameOfReferenceUid: plane.frameOfReferenceUid,
    points: [],
    label: '',
    measurements: [],
    createdAt: now,
    modifiedAt: now,
  });
}

/** Goes round the flagged images, in the order in which they were flagged. */
function nextKeyImage(parts: Parts): unknown {
  const { reading, sets } = parts;
  const set = sets.active();
  const { layer } = set;
  const images = keyImages(set)
    .map((mark) => layer.sliceOf(mark))
    .filter((imageId) => imageId !== null);
  const at = images.indexOf(reading.activeView()?.imageId ?? '');
  const next = images[(at + 1) % images.length];
  return next === undefined ? false : reading.showImage(next);
}

/** What marks do for the commands of the table. `undo` and `redo` are left to the screen, which has resets to undo. */
export function annotateCommands(parts: Parts): Partial<Record<CommandId, () => unknown>> {
  const { reading, sets, keys, brush } = parts;
  const remove = (): unknown => {
    const chosen = sets.all.find(({ marks }) => marks.state.selected !== null)?.marks;
    return chosen?.state.selected == null ? false : chosen.remove(chosen.state.selected);
  };
  return {
    'mark.remove': remove,
    'draw.point': () => keys.point(),
    'cursor.up': () => keys.move(0, -1),
    'cursor.down': () => keys.move(0, 1),
    'cursor.left': () => keys.move(-1, 0),
    'cursor.right': () => keys.move(1, 0),
    'cursor.up10': () => keys.move(0, -10),
    'cursor.down10': () => keys.move(0, 10),
    'cursor.left10': () => keys.move(-10, 0),
    'cursor.right10': () => keys.move(10, 0),
    'segment.smaller': () => brush.resize(-1),
    'segment.larger': () => brush.resize(1),
    'segment.new': () => {
      reading.setSegmenting(true);
      sets.active().segments.beginNext();
    },
    'keyImage.toggle': () => toggleKeyImage(parts),
    'keyImage.next': () => nextKeyImage(parts),
  };
}
