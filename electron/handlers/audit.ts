import { readFile } from 'node:fs/promises';
import type { AuditVerification } from '../../core/contract/audit.ts';
import { exportLog } from '../audit/reports.ts';
import { auditPageOf, verifyWatched } from '../audit/view.ts';
import { replaceFile } from '../durable-file.ts';
import type { HandlerContext, HandlersOf } from './context.ts';

type Context = Pick<HandlerContext, 'audit' | 'forwarder' | 'board' | 'chosen' | 'choose' | 'saveAs'>;

export function auditHandlers({ audit, forwarder, board, chosen, choose, saveAs }: Context): HandlersOf<'audit'> {
  return {
    'audit.list': async (query) => {
      const log = audit.log();
      audit.used();
      await log.flush();
      return auditPageOf(log, query);
    },
    'audit.verify': async () => {
      const log = audit.log();
      return board.start({
        kind: 'audit.verify',
        run: async (control) => {
          await log.flush();
          return verifyWatched(log, await audit.known(), control);
        },
        facts: ({ entries, problems }) => ({ entries, problems: problems.length }),
      });
    },
    'audit.verification': async ({ job }) => board.result(job, 'audit.verify') as AuditVerification | null,
    'audit.export': async () => {
      const log = audit.log();
      const day = new Date().toISOString().slice(0, 10);
      const path = await saveAs(`vitrine-audit-${day}.json`);
      if (path === null) return { saved: false, entries: 0 };
      audit.used();
      await log.flush();
      const exported = await exportLog(log);
      await replaceFile(path, `${JSON.stringify(exported)}\n`);
      return { saved: true, entries: exported.entries.length };
    },
    'audit.forwarding': () => forwarder.state(),
    'audit.chooseCertificate': async () => {
      const [path] = (await choose('files')) ?? [];
      return { source: path === undefined ? null : chosen.add([path]) };
    },
    'audit.forward': async ({ to, certificate }) => {
      const [path] = certificate === null ? [] : chosen.take(certificate);
      const pem = path === undefined ? null : await readFile(path, 'utf8');
      await forwarder.choose(to === null ? null : { ...to, certificate: pem });
      return forwarder.state();
    },
  };
}
