import type { CareFaultCode, ErrorWords } from '../codes.ts';

/** English words for why a vault was not backed up, restored or repaired. */
export const careFaults: Pick<ErrorWords['faults'], CareFaultCode> = {
  'vault/rolled-back': [
    'This vault is an older copy of itself and takes no changes.',
    'What is here can be read; nothing was changed.',
    'Open Vault, Backup and care: it says what is missing and how to go on.',
  ],
  'backup/inside-vault': [
    'The folder lies in the vault, or the vault in it: a backup there would be lost with it.',
    'Nothing was written.',
    'Choose a folder on another disk.',
  ],
  'backup/other-vault': [
    'The folder holds the backup of another vault.',
    'Nothing was written.',
    'Choose another folder.',
  ],
  'backup/not-empty': [
    'The folder holds files and is no backup.',
    'Nothing was written among them.',
    'Choose an empty folder or a new one.',
  ],
  'backup/not-a-backup': [
    'There is no finished backup in this folder.',
    'Nothing was changed.',
    'Choose the folder that you backed up into.',
  ],
  'backup/newer-version': [
    'A newer Vitrine wrote this backup.',
    'Nothing was changed.',
    'Update Vitrine, or choose another folder.',
  ],
  'backup/in-use': ['Another backup into this folder is running.', 'It goes on.', 'Wait until it has ended.'],
  'backup/damaged': [
    'A list in the backup is damaged.',
    'The vault and the other backups in the folder are untouched.',
    'Back up again, and look at that disk.',
  ],
  'backup/no-target': ['No folder was chosen.', 'Nothing was changed.', 'Choose a folder.'],
  'backup/no-room': [
    'The disk has too little room for it.',
    'Earlier backups are as they were.',
    'Free some space, or choose another disk.',
  ],
  'restore/not-empty': [
    'The folder to restore into holds something.',
    'Nothing was written.',
    'Choose an empty folder or a new one.',
  ],
  'restore/no-such-study': [
    'The backup has no such study.',
    'Nothing was written.',
    'A shredded study is in no backup; of others an older backup may have it.',
  ],
};
