import { VitrineError } from '../../core/errors.ts';

/** What the command line says of a code: what happened, and what to do next. Codes without a line are shown as they are. */
const WORDS: Readonly<Record<string, string>> = {
  'vault/exists': 'There is a vault in this folder already. Nothing was changed.',
  'export/exists': 'What would be written is there already. Choose another --out; nothing was changed.',
  'export/not-written': 'The file cannot be written there. Nothing was changed.',
  'vault/not-a-vault': 'There is no vault in this folder. Make one with "vitrine create".',
  'vault/in-use': 'The vault is open in another program. Close it there, or wait.',
  'vault/newer-version': 'The vault was written by a newer Vitrine. Nothing was changed.',
  'vault/catalogue-damaged': 'The catalogue is damaged and could not be rebuilt. The sealed studies were not touched.',
  'vault/wrong-key': 'The catalogue does not open with this key. Nothing was changed.',
  'vault/disk-full': 'The disk is full. Nothing is lost, and the vault holds nothing half; make room and run it again.',
  'vault/rolled-back':
    'This vault is an older copy and takes no changes. If it is the right one, say so with "vitrine state accept".',
  'backup/inside-vault':
    'A backup inside the vault, or around it, would be lost with it. Choose a folder on another disk.',
  'backup/other-vault': 'The folder holds the backup of another vault. Nothing was changed.',
  'backup/not-empty': 'The folder holds files and is no backup. Choose an empty folder or a new one.',
  'backup/not-a-backup': 'There is no finished backup in this folder.',
  'backup/newer-version': 'The backup was written by a newer Vitrine. Nothing was changed.',
  'backup/in-use': 'Another backup into this folder is running.',
  'backup/damaged': 'A list of the backup is damaged. Its other snapshots are untouched.',
  'backup/no-room': 'There is too little room on the disk. Nothing was restored.',
  'restore/not-empty': 'The folder to restore into holds something. Choose an empty folder or a new one.',
  'restore/no-such-study': 'The backup has no study of this id. A shredded study is in no backup.',
  'vault/io': 'The operating system could not read or write the vault.',
  'vault/no-such-study': 'No study of the vault begins with this id.',
  'vault/no-such-object': 'No image of the vault has this SOP Instance UID.',
  'users/not-permitted': 'None of the account’s roles may do this.',
  'users/not-a-recipient': 'The study is sealed for others than this account’s roles.',
  'users/no-such-user': 'There is no account of this name.',
  'users/exists': 'There is an account of this name already.',
  'users/bad-name':
    'An account’s name has up to 32 small letters, digits, dots, lines and hyphens; its display name up to 80 characters.',
  'users/no-role': 'An account needs at least one role (--role).',
  'users/own-account': 'An administrator removes neither his own account nor his own administrator role.',
  'users/no-accounts': 'The vault has no accounts; make one with "vitrine users add".',
  'users/too-many': 'These are more accounts or attributes than a vault takes (200 accounts, 16 attributes each).',
  'users/file-damaged':
    'users.json is damaged, or its keys are older than the vault’s. The vault’s own passphrase opens the vault.',
  'users/newer-version': 'users.json was written by a newer Vitrine. The vault’s own passphrase opens the vault.',
  'policy/not-met': 'The study is under a rule that this account does not satisfy.',
  'policy/no-rules': 'The vault has no accounts, so no rule can be satisfied.',
  'policy/bad-rule': 'The rule cannot be read. An example: "(radiologist AND cardiology) OR attending".',
  'policy/no-break-glass': 'The study has no break-glass way for this account.',
  'policy/no-reason': 'Breaking the glass needs a reason of at least ten characters.',
  'vault/on-hold': 'A study is on hold. Nothing was shredded; lift the hold first, or leave it out.',
  'vault/object-missing': 'A sealed object is gone from the vault folder.',
  'vault/cancelled': 'Cancelled. Nothing of this operation was kept.',
  'vault/locked': 'The vault was closed while it worked.',
  'seal/altered': 'A sealed object was altered on disk and is not opened.',
  'seal/wrong-key': 'A sealed object does not belong to this vault, or its beginning was altered.',
  'seal/truncated': 'A sealed object was cut short on disk and is not opened.',
  'keys/wrong-passphrase': 'The passphrase does not open this vault.',
  'keys/empty-passphrase': 'The passphrase is empty.',
  'keys/weak-passphrase': 'The passphrase is too short: eight characters at least.',
  'keys/wrong-recovery-code': 'This is a recovery code, but not of this vault.',
  'keys/recovery-code-mistyped': 'The recovery code has a typing error.',
  'keys/share-mistyped': 'A key share has a typing error.',
  'keys/too-few-shares': 'These are not enough key shares.',
  'keys/mixed-shares': 'These key shares do not belong together.',
  'keys/unknown-shares': 'These key shares are of another vault.',
  'keys/retired-shares': 'These key shares were replaced and open nothing any more.',
  'keys/wrong-shares': 'These key shares do not open the vault: one of them was altered.',
  'keys/share-counts': 'A set has at least 2 of at most 16 shares.',
  'keys/not-an-escrow-key':
    'The file cannot be read, or is not the escrow key that is needed here (public to add, secret to recover).',
  'keys/wrong-escrow-passphrase': 'The passphrase does not open the file of the escrow key.',
  'keys/wrong-escrow-key': 'The vault was not escrowed to this key.',
  'keys/rotation-running': 'A change of the master key is unfinished; finish it with "vitrine rotate resume".',
  'keys/no-such-slot': 'The vault has no such key slot.',
  'keys/last-slot': 'This is the last way into the vault that a person holds; add another first.',
  'keys/header-damaged':
    'vault.json is damaged or missing. The sealed studies were not touched; restore vault.json from a backup.',
  'keys/newer-version': 'The vault was made by a newer Vitrine. Nothing was changed.',
  'audit/no-such-entry': 'The audit log has no entry of this number.',
  'audit/not-a-checkpoint': 'This is no checkpoint that the audit log of this vault signed.',
  'audit/not-an-export': 'This file is no exported audit log.',
  'audit/wrong-key': 'The exported log was signed with another key than the one given.',
  'keychain/unavailable': 'There is no keychain on this computer that can be used.',
  'keychain/locked': 'The keychain is locked.',
  'keychain/missing': 'The keychain has no entry of this vault.',
  'keychain/changed': 'The entry in the keychain does not open this vault.',
  'cli/no-vault': 'Which vault? Give --vault DIR, or set VITRINE_VAULT.',
  'cli/no-passphrase': 'Give --passphrase-file F; without a terminal there is no one to ask.',
  'cli/passphrase-unreadable': 'The passphrase file cannot be read.',
  'cli/passphrases-differ': 'The two passphrases differ. Nothing was made.',
  'cli/ambiguous-study': 'More than one study begins with this id. Give more of it.',
  'cli/no-files': 'Nothing to import: name files or folders, or give --sample.',
  'cli/no-studies': 'Which studies? Name them, or give --all.',
  'cli/no-folder': 'The folder of --out cannot be made there. Nothing was exported.',
  'cli/bad-date': 'A date is written YYYY-MM-DD, such as 2026-03-01.',
  'cli/not-confirmed': 'This cannot be undone. Give --yes if you mean it; nothing was changed.',
  'cli/usage': 'The command line was not understood; try --help.',
  'source/missing': 'There is no such file.',
  'source/unreadable': 'The file cannot be read.',
};

/** The developer's message of a code that has no sentence here: it says what, and holds no patient data (core/errors.ts). */
function sentence(error: VitrineError): string {
  const words = WORDS[error.code];
  if (words !== undefined) return words;
  const message = error.message === '' ? 'it did not say why' : error.message;
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** Code and sentence of whatever was thrown. Errors of the file system become a code of their own kind. */
export function explain(error: unknown): { code: string; reason: string } {
  if (error instanceof VitrineError) return { code: error.code, reason: sentence(error) };
  const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (errno === 'ENOENT') return { code: 'source/missing', reason: 'There is no such file.' };
  if (errno === 'EEXIST') return explain(new VitrineError('export/exists', 'it is there already'));
  if (errno === 'ENOSPC') return { code: 'vault/disk-full', reason: 'The disk is full.' };
  if (errno !== null) return { code: 'cli/io', reason: `The operating system refused: ${errno}.` };
  return { code: 'cli/unexpected', reason: 'Vitrine ended for a reason that it did not foresee.' };
}
