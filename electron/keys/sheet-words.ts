/** Languages that sheets are printed in. */
export type SheetLanguage = 'en' | 'de';

/** What stands on a sheet with a key share. `{…}` are filled in. */
interface SheetWords {
  readonly title: string;
  readonly vault: string;
  readonly set: string;
  readonly place: string;
  readonly made: string;
  readonly page: string;
  readonly steps: readonly string[];
}

/** Paper leaves the app, so its words lie where it is printed and not with the window's. */
export const SHEET_WORDS: Readonly<Record<SheetLanguage, SheetWords>> = {
  en: {
    title: 'Key share',
    vault: 'Vault: {vault}',
    set: 'Set {set}',
    place: 'Share {index} of {count}. Any {threshold} of them open the vault together.',
    made: 'Made on {date}',
    page: 'Vitrine key share, set {set}, {index} of {count}',
    steps: [
      'Keep this sheet apart from the other sheets and from the computer. One sheet alone opens nothing.',
      'Give it to nobody but the people who unlock the vault together.',
      'To unlock: in Vitrine choose “Other ways in”, then “Key shares”, and type or scan {threshold} shares of this set.',
      'If a sheet is lost, print a new set: from then on the sheets of this one open nothing.',
      'If fewer than {threshold} sheets are left, this set is of no use any more.',
    ],
  },
  de: {
    title: 'Schlüsselanteil',
    vault: 'Tresor: {vault}',
    set: 'Satz {set}',
    place: 'Anteil {index} von {count}. Je {threshold} davon öffnen den Tresor gemeinsam.',
    made: 'Erstellt am {date}',
    page: 'Vitrine-Schlüsselanteil, Satz {set}, {index} von {count}',
    steps: [
      'Bewahren Sie dieses Blatt getrennt von den anderen Blättern und vom Computer auf. Allein öffnet es nichts.',
      'Geben Sie es nur den Personen, die den Tresor gemeinsam entsperren.',
      'Zum Entsperren: in Vitrine „Andere Wege“, dann „Schlüsselanteile“ wählen und {threshold} Anteile dieses Satzes tippen oder scannen.',
      'Geht ein Blatt verloren, drucken Sie einen neuen Satz: Die Blätter dieses Satzes öffnen dann nichts mehr.',
      'Sind weniger als {threshold} Blätter übrig, ist dieser Satz wertlos.',
    ],
  },
};
