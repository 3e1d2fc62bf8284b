import { useEffect, useRef, useState } from 'react';
import type { SeriesRow, StudyDetails } from '../../../core/contract/catalogue.ts';
import { call } from '../../bridge/bridge.ts';
import { portClient } from '../../bridge/vault-port.ts';
import { clearEngine, startEngine } from '../../cornerstone/engine.ts';
import { formatImageId } from '../../cornerstone/image-id.ts';
import { closeReader, type FrameSource, openReader } from '../../cornerstone/study-reader.ts';
import { drawThumbnail } from '../../cornerstone/thumbnail.ts';
import type { OpeningChooser } from '../../cornerstone/view-state.ts';
import { useHasRole } from '../../state/roles.ts';
import { onLock } from '../../state/stores.ts';
import { useText } from '../../text/text.ts';

/** Longer side of a thumbnail on screen, in CSS pixels (ui.md section 3). */
const SIZE = 96;

/** The image loader's priorities count upwards, the port's downwards. Thumbnails are asked for when nobody reads. */
const source: FrameSource = {
  frame: (handle, objectId, frame, priority) =>
    portClient.requestFrame(handle, objectId, frame, { priority: -priority }),
  headers: (handle, objectIds) => portClient.requestHeaders(handle, objectIds),
};

// Decoded images outlive the strip in the image cache; whatever is on screen when the vault locks, they must go.
onLock(clearEngine);

/** The file's own window, or what its pixels suggest. */
const opening: OpeningChooser = ({ windows: [own] }) => ({
  window: own === undefined ? null : { center: own.center, width: own.width, name: '' },
  inverted: false,
});

/** The image that stands for a series: the middle one. Null for a series without pixels. */
function middleOf(series: SeriesRow, handle: string): string | null {
  const shown = series.instances.filter(({ frames }) => frames > 0);
  const instance = shown[Math.floor(shown.length / 2)];
  if (instance === undefined) return null;
  return formatImageId({ handle, objectId: instance.objectId, frame: Math.ceil(instance.frames / 2) });
}

/** Opens the study for its thumbnails, for as long as they are shown. Null while it isn't open. */
function useHandle(studyId: string): string | null {
  const [handle, setHandle] = useState<string | null>(null);
  // Who imports without reading gets none: asking for them would only fill the audit log with refusals.
  const mayRead = useHasRole('radiologist');
  useEffect(() => {
    if (!mayRead) return;
    startEngine();
    let close: (() => void) | null = null;
    let isGone = false;
    call('studies.open', { studyId }).then(
      (opened) => {
        const reader = openReader(opened.handle, source);
        close = () => {
          closeReader(reader);
          void call('studies.close', opened).catch(() => undefined);
        };
        if (isGone) close();
        else setHandle(opened.handle);
      },
      // Without thumbnails the lines below still say what there is; opening the study says what is wrong.
      () => undefined,
    );
    return () => {
      isGone = true;
      close?.();
    };
  }, [studyId, mayRead]);
  return handle;
}

function Thumbnail({ imageId }: { readonly imageId: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    let isGone = false;
    if (canvas.current === null) return;
    drawThumbnail(canvas.current, imageId, SIZE * window.devicePixelRatio, opening).catch(() => {
      if (!isGone) setFailed(true);
    });
    return () => {
      isGone = true;
    };
  }, [imageId]);
  return <canvas ref={canvas} className="strip-image" hidden={hasFailed} width={SIZE} height={SIZE} />;
}

/** A thumbnail of each series that has images. The lines below it say the same in words. */
export function Thumbnails({ details }: { readonly details: StudyDetails }) {
  const t = useText();
  const handle = useHandle(details.study.studyId);
  if (handle === null) return null;
  const shown = details.series.flatMap((series) => {
    const imageId = middleOf(series, handle);
    return imageId === null ? [] : [{ series, imageId }];
  });
  return (
    <ul className="strip" aria-hidden="true">
      {shown.map(({ series, imageId }) => (
        <li key={series.seriesInstanceUid}>
          <Thumbnail imageId={imageId} />
          <span>{t('list.series', { number: series.seriesNumber ?? '–' })}</span>
        </li>
      ))}
    </ul>
  );
}
