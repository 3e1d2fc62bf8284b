import { Lock } from 'lucide-react';
import { useEffect, useState } from 'react';
import { importDropped } from '../../state/imports.ts';
import { useText } from '../../text/text.ts';

/** Files over a part of the window that takes them for itself (`data-takes-files`) are that part's. */
const isOthers = ({ target }: DragEvent): boolean =>
  target instanceof Element && target.closest('[data-takes-files]') !== null;
const hasFiles = (event: DragEvent): boolean =>
  (event.dataTransfer?.types.includes('Files') ?? false) && !isOthers(event);

/** The whole window takes files and folders. What is dragged inside the window (a thumbnail) is left alone. */
export function DropTarget() {
  const t = useText();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) {
        // On its way over the window a file may come to a part that takes it for itself.
        setOver(false);
        return;
      }
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void importDropped(files);
    };
    window.addEventListener('dragover', over, { capture: true });
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop, { capture: true });
    return () => {
      window.removeEventListener('dragover', over, { capture: true });
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop, { capture: true });
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-target">
      <p>
        <Lock size={20} aria-hidden="true" />
        {t('import.dropNow')}
      </p>
    </div>
  );
}
