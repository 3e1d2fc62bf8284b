import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { type CertificateReport, certificateReport, shredReport } from '../../../core/contract/key-reports.ts';
import type { ShredCertificate, ShredReason } from '../../../core/contract/shred.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { actor } from '../../audit/recorder.ts';
import { checkCertificate } from '../../keys/certificate.ts';
import { writeOwnFile } from '../../keys/key-file.ts';
import { signFinished } from '../../keys/key-jobs.ts';
import { readRecords, SHREDDED } from '../../keys/shred-records.ts';
import type { FileVault } from '../../vault/file-vault.ts';
import { cliError } from '../errors.ts';
import { paced } from '../pace.ts';
import { type Outcome, runCommand, type Terminal } from '../terminal.ts';
import { type VaultOptions, type VaultUse, withVault } from '../vault.ts';
import { findStudy } from './show.ts';

type Exit = (error: { exitCode: number }) => never;

interface ShredOptions extends VaultOptions {
  readonly yes?: boolean;
}

/** Shreds studies of the open vault and signs their certificates. */
export async function shredIn(
  vault: FileVault,
  { header, holder, audit }: VaultUse,
  studies: { readonly studyIds: readonly string[]; readonly reason: ShredReason },
  terminal: Terminal,
): Promise<ShredCertificate[]> {
  const { vaultId } = header;
  const by = actor(`vitrine ${manifest.version} command line`);
  const watch = { signal: terminal.signal, progress: paced(terminal, 'studies') };
  try {
    await vault.keys('shred', { vaultId, by, ...studies }, watch);
  } finally {
    await signFinished(holder.folder, audit.signer);
    const ids = (await doneOf(holder.folder, studies.studyIds)).map(({ studyId }) => studyId);
    if (ids.length > 0) audit.record({ kind: 'shredded', studyIds: ids, code: null });
  }
  return doneOf(holder.folder, studies.studyIds);
}

async function doneOf(folder: string, studyIds: readonly string[]): Promise<ShredCertificate[]> {
  return (await readRecords(folder)).filter(
    ({ studyId, finishedAt }) => finishedAt !== null && studyIds.includes(studyId),
  );
}

/** The documents of shredded studies. */
export function shredRows(folder: string, made: readonly ShredCertificate[]) {
  return made.map(({ studyId, objects }) => ({
    studyId,
    objects: objects.length,
    certificate: join(folder, SHREDDED, `${studyId}.json`),
  }));
}

function shred(names: readonly string[], options: ShredOptions): Promise<void> {
  return runCommand(options.json === true, shredReport, async (terminal) => {
    if (options.yes !== true) throw cliError('cli/not-confirmed');
    const studies = await withVault(options, terminal, async (vault, use) => {
      const studyIds: string[] = [];
      for (const name of names) studyIds.push(await findStudy(vault, name));
      const made = await shredIn(vault, use, { studyIds: [...new Set(studyIds)], reason: 'asked' }, terminal);
      return shredRows(use.holder.folder, made);
    });
    const lines = studies.map(({ studyId, certificate }) => `shredded ${studyId}: ${certificate}`);
    const note = 'Copies made before (backups, exports) are not touched by this; see the certificates.';
    return { report: { studies }, text: `${[...lines, note].join('\n')}\n`, exit: 0 };
  });
}

const VERDICTS: Readonly<Record<CertificateReport['certificates'][number]['verdict'], string>> = {
  valid: 'valid',
  altered: 'altered since it was signed',
  unsigned: 'not signed yet',
  unfinished: 'the shredding is not finished',
  'wrong-key': 'signed with another key than the one given',
  'not-a-certificate': 'no certificate',
};

/** One certificate, or an array of them. */
function documentsIn(text: string): string[] {
  try {
    const json: unknown = JSON.parse(text);
    return Array.isArray(json) ? json.map((one) => JSON.stringify(one)) : [text];
  } catch {
    return [text];
  }
}

function verify(files: readonly string[], options: { json?: boolean; key?: string }): Promise<void> {
  return runCommand(options.json === true, certificateReport, async (terminal): Promise<Outcome<CertificateReport>> => {
    const { key } = options;
    if (key === undefined) terminal.note('vitrine: warning: without --key a certificate’s own key is trusted');
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const certificates = texts.flatMap(documentsIn).map((document) => {
      const { verdict, certificate } = checkCertificate(document, key ?? null);
      return { studyId: certificate?.studyId ?? null, verdict, key: certificate?.signature?.key ?? null };
    });
    const lines = certificates.map(({ studyId, verdict }) => `${studyId ?? 'unknown'}: ${VERDICTS[verdict]}\n`);
    const isBad = certificates.some(({ verdict }) => verdict !== 'valid');
    return { report: { certificates }, text: lines.join(''), exit: isBad ? 1 : 0 };
  });
}

function certificates(options: VaultOptions & { out?: string }): Promise<void> {
  return runCommand(options.json === true, shredReport, async (terminal) => {
    const { folder, records } = await withVault(options, terminal, async (_vault, { holder, audit }) => {
      await signFinished(holder.folder, audit.signer);
      return { folder: holder.folder, records: await readRecords(holder.folder) };
    });
    if (options.out !== undefined) await writeOwnFile(options.out, `${JSON.stringify(records, null, 2)}\n`, true);
    const studies = shredRows(folder, records);
    const text = studies.map(({ studyId, objects }) => `${studyId}: ${objects} objects\n`).join('');
    return { report: { studies }, text: text === '' ? 'No study was shredded.\n' : text, exit: 0 };
  });
}

function part(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--vault <dir>', 'folder of the vault (default: VITRINE_VAULT)')
    .option('--passphrase-file <file>', 'file that holds the passphrase; asked for on the terminal otherwise')
    .option('--json', 'print one JSON document');
}

/** `vitrine shred`: destroys studies for good, and checks the certificates of it. */
export function shredCommand(usage: Exit): Command {
  const command = new Command('shred').description('destroy the keys of studies for good, with signed certificates');
  const parts = [
    part('studies', 'shred studies: nobody opens them in this vault again')
      .argument('<studies...>', 'study ids, or how they begin')
      .option('--yes', 'really')
      .action((names: string[], options: ShredOptions) => shred(names, options)),
    part('certificates', 'list the certificates of shredded studies, or write them to one file')
      .option('--out <file>', 'write them to a new file')
      .action((options: VaultOptions & { out?: string }) => certificates(options)),
    new Command('verify')
      .description('check certificates, without a vault')
      .argument('<files...>', 'certificates, or exports of them')
      .option('--key <key>', 'public key of the vault’s audit log, as "vitrine audit export" prints it')
      .option('--json', 'print one JSON document')
      .action((files: string[], options: { json?: boolean; key?: string }) => verify(files, options)),
  ];
  for (const one of parts) command.addCommand(one.exitOverride(usage));
  return command;
}
