import { Disc3, FileArchive, Sparkles } from 'lucide-react';
import type { ReactNode } from 'react';
import { importChosen, importSample } from '../../state/imports.ts';
import { closeLayer } from '../../state/layers.ts';
import { useText } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface ChoiceProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly hint?: string;
  readonly start: () => Promise<void>;
}

function ImportChoice({ icon, label, hint, start }: ChoiceProps) {
  const choose = (): void => {
    closeLayer();
    void start();
  };
  return (
    <Button className="import-choice" onClick={choose}>
      {icon}
      <span>
        {label}
        {hint !== undefined && <span className="quiet">{hint}</span>}
      </span>
    </Button>
  );
}

/** Where the studies come from. The system's own dialog asks for files or for a folder, never for both, so this one asks first. */
export function ImportDialog() {
  const t = useText();
  return (
    <Dialog title={t('import.title')} onClose={closeLayer}>
      <p className="quiet">{t('import.lead')}</p>
      <div className="import-choices">
        <ImportChoice
          icon={<Disc3 size={18} aria-hidden="true" />}
          label={t('import.folder')}
          start={() => importChosen('folder')}
        />
        <ImportChoice
          icon={<FileArchive size={18} aria-hidden="true" />}
          label={t('import.files')}
          start={() => importChosen('files')}
        />
        <ImportChoice
          icon={<Sparkles size={18} aria-hidden="true" />}
          label={t('import.sample')}
          hint={t('import.sampleHint')}
          start={importSample}
        />
      </div>
      <p className="quiet">{t('import.drop')}</p>
    </Dialog>
  );
}
