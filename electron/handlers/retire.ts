import { readRecords } from '../keys/shred-records.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

type Context = Pick<HandlerContext, 'vault' | 'keys' | 'saveAs'>;

export function retireHandlers(context: Context): HandlersOf<'shred'> & HandlersOf<'retention'> {
  const { vault } = context;
  const jobs = async () => (await context.keys()).jobs;
  return {
    'shred.start': async ({ studyIds }) => {
      vault();
      return (await jobs()).shred(studyIds, 'asked');
    },
    'shred.certificates': async () => {
      vault();
      const records = await readRecords((await jobs()).folder);
      const rows = records.map(({ studyId, startedAt, finishedAt, by, objects, reason, signature }) => ({
        ...{ studyId, startedAt, finishedAt, reason },
        user: by.user,
        objects: objects.length,
        isSigned: signature !== null,
      }));
      return { certificates: rows.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)) };
    },
    'shred.export': async () => {
      vault();
      const { writeOwnFile } = await import('../keys/key-file.ts');
      const path = await context.saveAs('vitrine-certificates.json');
      if (path === null) return { saved: false };
      await writeOwnFile(path, `${JSON.stringify(await readRecords((await jobs()).folder), null, 2)}\n`, false);
      return { saved: true };
    },
    'retention.get': async () => ({
      rules: await vault().keys('retention', { rules: null }),
      holds: await vault().keys('holds', {}),
    }),
    'retention.set': async (rules) => vault().keys('retention', { rules }),
    'retention.run': async ({ studyIds }) => {
      vault();
      return (await jobs()).runRetention(studyIds);
    },
    'retention.hold': async ({ studyId, held }) => ({
      holds: await vault().keys('hold', { studyId, held, by: (await jobs()).user }),
    }),
  };
}
