import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { StackView } from '../../cornerstone/stack-view.ts';
import { useImageId } from '../../cornerstone/use-image-id.ts';
import { useSettings } from '../../state/settings.ts';
import { useText } from '../../text/text.ts';
import { className } from './class-words.ts';
import { mapPixels } from './colour-map.ts';
import { selectedFinding, useFindings } from './findings-store.ts';
import { mapTransform } from './map-place.ts';
import './findings.css';

/** Side of the canvas before it is put in its place, CSS pixels. */
const SIDE = 256;

/** The selected finding's class map over its image, and over no other: on the square that the model saw, however it is turned. */
export function ClassMapLayer({ view }: { readonly view: StackView }): ReactNode {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const imageId = useImageId(view);
  const finding = useFindings(selectedFinding);
  const mapped = useFindings((state) => state.mapped);
  const opacity = useFindings((state) => state.opacity);
  const isOff = useSettings((settings) => settings.overlays === 'off');
  const isIts = finding !== null && (imageId?.endsWith(`/${finding.objectId}/${finding.frame}`) ?? false);
  const report = mapped && isIts && !isOff ? finding.report : null;
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null || report === null) return;
    const { values, columns, rows } = report.classMap;
    context.putImageData(new ImageData(mapPixels(values), columns, rows), 0, 0);
  }, [report]);
  useLayoutEffect(() => {
    const node = canvas.current;
    if (node === null || report === null) return;
    const put = (): void => {
      const transform = mapTransform(report.seen, SIDE, (pixel) => view.toCanvas(pixel));
      node.hidden = transform === null;
      if (transform !== null) node.style.transform = transform;
    };
    put();
    return view.drawn.on(put);
  }, [view, report]);
  if (report === null) return null;
  const { classMap, classification } = report;
  return (
    <div className="class-map" data-class-map={classMap.label}>
      <canvas ref={canvas} width={classMap.columns} height={classMap.rows} style={{ opacity }} />
      <p>
        {t('findings.map.caption', {
          class: className(classMap.label, t),
          model: classification.provenance.model,
        })}
      </p>
    </div>
  );
}
