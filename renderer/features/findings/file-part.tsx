import { ImageUp } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ModelFileView } from '../../../core/contract/findings.ts';
import { cancelJob } from '../../state/jobs.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { className } from './class-words.ts';
import { mapPixels } from './colour-map.ts';
import { provenanceLine, Scores } from './finding-card.tsx';
import { runOnChosenFile, useFindings } from './findings-store.ts';

/** Four bytes a pixel, as a canvas takes them. */
function coloured({ channels, samples }: ModelFileView): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray((samples.length / channels) * 4).fill(255);
  for (let pixel = 0; pixel < samples.length / channels; pixel++)
    for (let c = 0; c < 3; c++) out[4 * pixel + c] = samples[channels * pixel + (channels === 3 ? c : 0)] ?? 0;
  return out;
}

/** The picture with the class map over what the model saw of it. */
function Picture({ view }: { readonly view: ModelFileView }): ReactNode {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const opacity = useFindings((state) => state.opacity);
  const { columns, rows, report } = view;
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (context === null) return;
    context.putImageData(new ImageData(coloured(view), columns, rows), 0, 0);
    const { classMap, seen, image } = report;
    const map = new OffscreenCanvas(classMap.columns, classMap.rows);
    map
      .getContext('2d')
      ?.putImageData(new ImageData(mapPixels(classMap.values), classMap.columns, classMap.rows), 0, 0);
    const [x, y] = [columns / image.columns, rows / image.rows];
    context.globalAlpha = opacity;
    context.drawImage(map, seen.left * x, seen.top * y, seen.side * x, seen.side * y);
    context.globalAlpha = 1;
  }, [view, columns, rows, report, opacity]);
  return (
    <canvas
      ref={canvas}
      className="findings-file"
      width={columns}
      height={rows}
      role="img"
      aria-label={t('findings.file.picture', { class: className(report.classMap.label, t) })}
    />
  );
}

/** A JPEG or PNG that belongs to no study: chosen, or dropped on the panel. Nothing of it is kept. */
export function FilePart(): ReactNode {
  const t = useText();
  const { file, filing, model } = useFindings();
  return (
    <div className="findings-run" data-model-file={file === null ? 'none' : file.report.image.source}>
      <div className="findings-buttons">
        <Button disabled={model === '' || filing !== null} onClick={() => void runOnChosenFile()} data-run-file>
          <ImageUp size={16} aria-hidden="true" />
          {t('findings.file')}
        </Button>
        {filing !== null && <Button onClick={() => cancelJob(filing)}>{t('findings.cancel')}</Button>}
      </div>
      {file === null ? (
        <p className="quiet">{t('findings.file.lead')}</p>
      ) : (
        <article className="finding finding-body">
          <p>{t('findings.file.is')}</p>
          <Picture view={file} />
          <Scores scores={file.report.classification.scores} />
          <p className="quiet findings-provenance" title={file.report.classification.provenance.weightsSha256}>
            {provenanceLine(file.report.classification, t)}
          </p>
          <div className="findings-buttons">
            <Button onClick={() => useFindings.setState({ file: null })}>{t('findings.file.forget')}</Button>
          </div>
        </article>
      )}
    </div>
  );
}
