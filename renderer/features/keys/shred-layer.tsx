import './keys.css';
import { call } from '../../bridge/bridge.ts';
import { closeLayer } from '../../state/layers.ts';
import { useShredding } from '../../state/shredding.ts';
import { useText } from '../../text/text.ts';
import { KeyDialog } from './key-dialog.tsx';

/** The question before studies are shredded: which, what it means, and a button that names the act. */
export function ShredLayer() {
  const t = useText();
  const asked = useShredding((state) => state.asked);
  const count = asked.length;
  const act = async (): Promise<null> => {
    await call('shred.start', { studyIds: asked.map(({ studyId }) => studyId) });
    return null;
  };
  return (
    <KeyDialog
      title={t('keys.shred', { count })}
      lead={t('keys.shred.lead')}
      action={t('keys.shred', { count })}
      isDanger
      asksOwner={false}
      onClose={closeLayer}
      act={act}
    >
      <ul className="keys-asked">
        {asked.map(({ studyId, title }) => (
          <li key={studyId}>{title}</li>
        ))}
      </ul>
    </KeyDialog>
  );
}
