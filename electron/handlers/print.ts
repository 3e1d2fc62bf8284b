import { writeOwnFile } from '../keys/key-file.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

type Context = Pick<HandlerContext, 'vault' | 'audit' | 'saveAs' | 'printer'>;

/** Says nothing of whom it shows: file names end in lists of recent documents. */
const NAME = 'vitrine-view.pdf';

export function printHandlers({ vault, audit, saveAs, printer }: Context): HandlersOf<'print'> {
  const toPdf = async (): Promise<'done' | 'cancelled'> => {
    // What is on screen now, before a dialog lies over it and while the vault is open.
    const pdf = await printer.pdf();
    const path = await saveAs(NAME);
    if (path === null) return 'cancelled';
    await writeOwnFile(path, pdf, false);
    return 'done';
  };
  return {
    'print.view': async ({ to, studyIds }) => {
      vault();
      try {
        const outcome = to === 'pdf' ? await toPdf() : await printer.paper();
        if (outcome !== 'cancelled')
          audit.event({ kind: 'exported', studyIds, code: outcome === 'done' ? null : 'export/not-written' });
        return { outcome };
      } catch (error) {
        audit.event({ kind: 'exported', studyIds, code: 'export/not-written' });
        throw error;
      }
    },
  };
}
