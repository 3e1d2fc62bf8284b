import { Lock } from 'lucide-react';
import { useEffect, useState } from 'react';
import { importDropped } from '../../state/imports.ts';
import { showPlace } from '../../state/places.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/note.tsx';

/** Files over a part of the window that takes them for itself (`data-takes-files`) are that part's. */
const isOthers = ({ target }: DragEvent): boolean =>
  target instanceof Element && target.closest('[data-takes-files]') !== null;
const hasFiles = (event: DragEvent): boolean =>
  (event.dataTransfer?.types.includes('Files') ?? false) && !isOthers(event);

/** What to do with a CSV that was dropped where images are imported. */
function TablesNote({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const open = (): void => {
    showPlace('forecast');
    onClose();
  };
  const actions = (
    <>
      <Button onClick={open}>{t('import.openForecast')}</Button>
      <Button onClick={onClose}>{t('app.close')}</Button>
    </>
  );
  return (
    <div className="drop-note">
      <Note tone="neutral" alert actions={actions}>
        <p>{t('import.csv')}</p>
      </Note>
    </div>
  );
}

/** The whole window takes files and folders. What is dragged inside the window (a thumbnail) is left alone. */
export function DropTarget() {
  const t = useText();
  const [isOver, setOver] = useState(false);
  const [tables, setTables] = useState(false);
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
      // A table is no image: it is forecast, in a place of its own that takes it by a drop.
      const areTables = files.length > 0 && files.every(({ name }) => /\.csv$/i.test(name));
      setTables(areTables);
      if (files.length > 0 && !areTables) void importDropped(files);
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
  if (!isOver && tables) return <TablesNote onClose={() => setTables(false)} />;
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
