import type { ErrorWords } from '../codes.ts';
import { careFaults } from './care-errors.ts';
import { fileWords } from './file-errors.ts';
import { inferFaults } from './findings-errors.ts';
import { labFaults } from './laboratory-errors.ts';
import { usersFaults } from './users-errors.ts';

const INTACT = 'Nothing was changed or lost.';
const STUDIES_STAY = 'Your studies and measurements are sealed and untouched.';
const OTHERS = 'The other images and your measurements are intact.';
const AGAIN = 'Try again.';
const RESTART = 'Close Vitrine and start it again. If it happens again, send the code to support.';
const RESTORE = 'Import this study again from its source.';
const PASSPHRASE = 'Unlock with your passphrase.';

/** English words for every code. */
export const errorWords: ErrorWords = {
  faults: {
    'ipc/bad-request': ['The window asked for something that Vitrine does not offer.', INTACT, RESTART],
    'ipc/bad-response': ['The answer was not in the agreed form and was not used.', INTACT, RESTART],
    'ipc/unexpected': ['Something failed inside Vitrine.', INTACT, RESTART],
    'ipc/forbidden': ['This window may not do that.', INTACT, RESTART],
    'settings/not-saved': [
      'The settings could not be written.',
      'They hold until Vitrine is closed.',
      'Check that your home folder is writable and has room.',
    ],
    'keys/wrong-passphrase': [
      'This passphrase does not open the vault.',
      INTACT,
      'Check Caps Lock and the keyboard layout.',
    ],
    'keys/empty-passphrase': ['The passphrase is empty.', INTACT, 'Type a passphrase.'],
    'keys/weak-passphrase': ['The passphrase is too short.', INTACT, 'Use at least {{minimum}} characters.'],
    'keys/passphrase-needed': [
      'The vault was locked, and the keychain does not lift a lock.',
      INTACT,
      'Type the passphrase.',
    ],
    'keys/too-soon': ['The last try was a moment ago.', INTACT, 'Wait until the countdown ends.'],
    'keys/wrong-recovery-code': [
      'This is a recovery code, but not of this vault.',
      INTACT,
      'Look for the sheet with this vault’s name.',
    ],
    'keys/recovery-code-mistyped': [
      'The recovery code has a typing error.',
      INTACT,
      'Compare it with the sheet, group by group.',
    ],
    'keys/wrong-keychain-secret': ['The keychain holds the key of another vault.', STUDIES_STAY, PASSPHRASE],
    'keys/share-mistyped': [
      'Share {{share}} has a typing error.',
      INTACT,
      'Compare it with the sheet, group by group.',
    ],
    'keys/too-few-shares': [
      'These are {{have}} of the {{need}} shares that the vault needs.',
      INTACT,
      'Add shares of other sheets of the same set.',
    ],
    'keys/mixed-shares': ['These shares do not belong together.', INTACT, 'Use sheets that name the same set.'],
    'keys/unknown-shares': [
      'These shares are of another vault.',
      INTACT,
      'Look for the sheets with this vault’s name.',
    ],
    'keys/retired-shares': [
      'These shares were replaced and open nothing any more.',
      INTACT,
      'Use the newer sheets, or another way in.',
    ],
    'keys/wrong-shares': [
      'These shares do not open the vault: one of them was altered.',
      INTACT,
      'Try other sheets of the same set.',
    ],
    'keys/share-counts': ['There is no such set of shares.', INTACT, 'Choose at least 2 of at most 16 shares.'],
    'keys/not-an-escrow-key': [
      'This file is not the escrow key that is needed here.',
      INTACT,
      'Choose the public file to add escrow, the secret file to open a vault.',
    ],
    'keys/wrong-escrow-key': [
      'This vault was not escrowed to this key.',
      INTACT,
      'Choose the key of the administrator that the vault names.',
    ],
    'keys/wrong-escrow-passphrase': [
      'The escrow key’s file does not open with this passphrase.',
      INTACT,
      'It is the passphrase that the file was made with, not the vault’s. Try again.',
    ],
    'keys/rotation-running': [
      'The vault’s key is being changed already.',
      STUDIES_STAY,
      'Wait until that change is finished.',
    ],
    'keys/no-such-slot': ['This vault cannot be opened in that way.', STUDIES_STAY, PASSPHRASE],
    'keys/last-slot': ['This is the last way into the vault and stays.', INTACT, 'Add another way first.'],
    'keys/weak-parameters': [
      'The vault’s passphrase protection is below what Vitrine accepts.',
      STUDIES_STAY,
      'Restore vault.json from a backup.',
    ],
    'keys/excessive-parameters': [
      'The vault’s passphrase protection asks for more memory than any vault needs.',
      STUDIES_STAY,
      'Restore vault.json from a backup.',
    ],
    'keys/header-damaged': [
      'The vault’s header, vault.json, is damaged.',
      'The sealed studies are untouched.',
      'Restore vault.json from a backup.',
    ],
    'keys/newer-version': ['This vault was made by a newer Vitrine.', STUDIES_STAY, 'Update Vitrine on this computer.'],
    'keys/bad-argument': ['Something failed inside Vitrine while it handled a key.', INTACT, RESTART],
    'keys/derivation-failed': [
      'There was not enough memory to check the passphrase.',
      INTACT,
      'Close other programs and try again.',
    ],
    'keychain/missing': ['The keychain has no entry for this vault.', STUDIES_STAY, PASSPHRASE],
    'keychain/changed': ['The keychain’s entry was changed and does not open this vault.', STUDIES_STAY, PASSPHRASE],
    'keychain/locked': [
      'The system’s keychain is locked.',
      STUDIES_STAY,
      'Unlock the keychain, or unlock with your passphrase.',
    ],
    'keychain/cancelled': ['The keychain’s question was closed.', STUDIES_STAY, PASSPHRASE],
    'keychain/unavailable': ['The system’s keychain does not answer.', STUDIES_STAY, PASSPHRASE],
    'keychain/plaintext-backend': [
      'This system keeps keychain entries unprotected, so Vitrine does not use it.',
      STUDIES_STAY,
      PASSPHRASE,
    ],
    'seal/not-sealed': ['A sealed file was replaced by something else and is not shown.', OTHERS, RESTORE],
    'seal/unknown-version': ['This was sealed by a newer Vitrine.', INTACT, 'Update Vitrine on this computer.'],
    'seal/unknown-parameters': [
      'A sealed file has a header that Vitrine never writes and is not shown.',
      OTHERS,
      RESTORE,
    ],
    'seal/wrong-key': ['A sealed file was altered on disk or belongs elsewhere, and is not shown.', OTHERS, RESTORE],
    'seal/altered': ['A sealed file was altered on disk and is not shown.', OTHERS, RESTORE],
    'seal/truncated': ['A sealed file was cut short on disk and is not shown.', OTHERS, RESTORE],
    'seal/out-of-range': ['More was asked of a sealed file than it holds.', INTACT, RESTART],
    'seal/too-long': ['The file is larger than Vitrine can seal.', INTACT, 'Split the series at its source.'],
    'seal/closed': ['The study was closed meanwhile.', INTACT, 'Open it again.'],
    'seal/bad-argument': ['Something failed inside Vitrine while it sealed.', INTACT, RESTART],
    'vault/exists': ['There is a vault already.', STUDIES_STAY, PASSPHRASE],
    'export/not-written': [
      'The file could not be written there.',
      INTACT,
      'Choose another folder, or one with more room.',
    ],
    'export/exists': [
      'The folder of the export holds files already.',
      'Nothing in it was changed.',
      'Choose another folder.',
    ],
    'vault/not-a-vault': [
      'There is no vault in the chosen folder.',
      INTACT,
      'Choose another folder or create a vault.',
    ],
    'vault/in-use': ['Another Vitrine has this vault open.', STUDIES_STAY, 'Close it there first.'],
    'vault/locked': [
      'The vault was locked before this was done.',
      'Everything saved before is kept.',
      'Unlock and do it again.',
    ],
    'vault/newer-version': [
      'The catalogue was written by a newer Vitrine.',
      STUDIES_STAY,
      'Update Vitrine on this computer.',
    ],
    'vault/catalogue-damaged': [
      'The catalogue is damaged and could not be rebuilt.',
      'The sealed studies are untouched.',
      'Restore the vault’s folder from a backup.',
    ],
    'vault/wrong-key': [
      'The catalogue does not fit the key of this vault.',
      'The sealed studies are untouched.',
      'Restore the vault’s folder from a backup.',
    ],
    ...careFaults,
    ...usersFaults,
    'vault/disk-full': [
      'The disk is full.',
      'What was saved before is kept; nothing of this was left half done.',
      'Free some space and do it again.',
    ],
    'vault/io': [
      'The disk could not be read or written.',
      'What was saved before is kept.',
      'Check the disk, then try again.',
    ],
    'vault/no-such-study': ['This study is not in the vault any more.', INTACT, 'Search the list again.'],
    'vault/no-such-object': ['This image is not in the vault any more.', OTHERS, 'Open the study again.'],
    'vault/no-such-handle': ['The study was closed meanwhile.', INTACT, 'Open it again.'],
    'vault/no-such-frame': ['The object has no such image.', OTHERS, 'Open the study again.'],
    'vault/on-hold': [
      'A study is on hold and is not shredded.',
      INTACT,
      'Lift the hold first, or leave the study out.',
    ],
    'vault/object-missing': ['A sealed file is gone from the disk.', OTHERS, RESTORE],
    'vault/no-pixels': ['This object holds no image.', INTACT, 'Choose another series.'],
    'vault/frame-too-large': [
      'The image is too large to be opened in one piece.',
      OTHERS,
      'Export it for another program.',
    ],
    'vault/cancelled': ['Cancelled.', INTACT, 'Start it again when you like.'],
    'vault/bad-request': ['The window asked the vault for something it does not offer.', INTACT, RESTART],
    'vault/unexpected': ['Something failed inside the vault process.', 'What was saved before is kept.', RESTART],
    'import/no-such-source': ['The chosen files are not known any more.', INTACT, 'Choose them again.'],
    'import/busy': ['Another import is running.', INTACT, 'Wait for it to end, or cancel it.'],
    'private/series': [
      'The file holds no series of numbers.',
      'Nothing of it was kept.',
      'Choose a CSV file with a date and a number in each row.',
    ],
    'private/series-date': [
      'Line {{line}} does not begin with a date.',
      'Nothing of the file was kept.',
      'Write dates as 2021-01-31 and choose the file again.',
    ],
    'private/series-number': [
      'Line {{line}} has no number.',
      'Nothing of the file was kept.',
      'Fill the gap with a number, or remove the rows before it, and choose the file again.',
    ],
    'private/series-order': [
      'Line {{line}} is not later than the line before it.',
      'Nothing of the file was kept.',
      'Sort the rows by date and choose the file again.',
    ],
    'private/series-gap': [
      'Line {{line}} does not follow the line before it: days are missing, or one is there twice.',
      'Nothing of the file was kept.',
      'Fill the gap and choose the file again.',
    ],
    'private/series-short': [
      'The series has {{rows}} rows; {{needed}} are needed for these days.',
      'Nothing was computed.',
      'Forecast fewer days, or choose a longer series.',
    ],
    'private/series-flat': [
      'All values before the days to forecast are the same, so there is nothing to scale by.',
      'The series is still chosen.',
      'Forecast fewer days, or choose another series.',
    ],
    'private/no-such-series': ['The series is not in memory any more.', 'Nothing was computed.', 'Choose it again.'],
    'private/weights': [
      'The network’s weights are not those that training wrote.',
      'Nothing was computed.',
      'Install Vitrine again.',
    ],
    'private/range': [
      'A value lies more than an eighth outside the range of the days before those to forecast.',
      'Nothing was computed; exact integers would overflow silently.',
      'Forecast fewer days, so that the range is known.',
    ],
    'private/noise': [
      'No parameters at 128 bits of security carry this network.',
      'No key was made and nothing was computed.',
      'Choose the other network.',
    ],
    'private/evaluator': [
      'A process of the forecast ended unexpectedly.',
      'Your series is still chosen; nothing else was kept.',
      'Forecast again.',
    ],
    'private/payload': ['An answer was no ciphertext of these keys.', 'Nothing of it was used.', 'Forecast again.'],
    'private/cancelled': ['The forecast was cancelled.', 'Nothing of it was kept.', 'Forecast again when you want it.'],
    'audit/unreachable': [
      'The collector of audit messages does not answer.',
      'The audit log is complete in the vault; what is not sent waits.',
      'Check its name, the port and the network.',
    ],
    'audit/untrusted': [
      'The collector’s certificate does not hold, so nothing was sent to it.',
      'The audit log is complete in the vault.',
      'Choose the certificate that your site gave you for it.',
    ],
    'audit/not-an-export': [
      'A part of the audit log is missing or altered, so it was not exported.',
      'The log is as it was.',
      'Verify the log to see what is wrong with it.',
    ],
    ...labFaults,
    ...inferFaults,
    'image/undecodable': ['The image’s compressed data is damaged.', OTHERS, RESTORE],
    'image/unsupported-syntax': [
      'There is no decoder for this image’s compression.',
      OTHERS,
      'Ask the source to send it uncompressed.',
    ],
    'image/decode-timeout': ['The image took too long to decode and was given up.', OTHERS, AGAIN],
    'image/no-header': ['The image’s header could not be opened.', OTHERS, RESTORE],
    'image/failed': ['The image cannot be shown.', OTHERS, AGAIN],
  },
  unknown: ['Something failed ({{code}}).', INTACT, RESTART],
  ...fileWords,
};
