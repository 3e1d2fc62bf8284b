import type { ErrorWords } from '../codes.ts';
import { careFaults } from './care-errors.ts';
import { fileWords } from './file-errors.ts';
import { inferFaults } from './findings-errors.ts';
import { labFaults } from './laboratory-errors.ts';
import { usersFaults } from './users-errors.ts';

const INTACT = 'Nichts wurde geändert, nichts ging verloren.';
const STUDIES_STAY = 'Studien und Messungen sind versiegelt und unberührt.';
const OTHERS = 'Die anderen Bilder und Ihre Messungen sind unversehrt.';
const AGAIN = 'Versuchen Sie es noch einmal.';
const RESTART = 'Starten Sie Vitrine neu. Geschieht es wieder, geben Sie den Code an den Support.';
const RESTORE = 'Importieren Sie die Studie neu aus ihrer Quelle.';
const PASSPHRASE = 'Entsperren Sie mit der Passphrase.';

/** German words for every code. */
export const errorWords: ErrorWords = {
  faults: {
    'ipc/bad-request': ['Das Fenster verlangte etwas, das Vitrine nicht bietet.', INTACT, RESTART],
    'ipc/bad-response': ['Die Antwort hatte nicht die vereinbarte Form und wurde verworfen.', INTACT, RESTART],
    'ipc/unexpected': ['In Vitrine ist etwas fehlgeschlagen.', INTACT, RESTART],
    'ipc/forbidden': ['Dieses Fenster darf das nicht.', INTACT, RESTART],
    'settings/not-saved': [
      'Die Einstellungen konnten nicht geschrieben werden.',
      'Sie gelten, bis Vitrine beendet wird.',
      'Prüfen Sie, ob Ihr Benutzerordner beschreibbar ist und Platz hat.',
    ],
    'keys/wrong-passphrase': [
      'Diese Passphrase öffnet den Tresor nicht.',
      INTACT,
      'Prüfen Sie Feststelltaste und Tastaturlayout.',
    ],
    'keys/empty-passphrase': ['Die Passphrase ist leer.', INTACT, 'Geben Sie eine Passphrase ein.'],
    'keys/weak-passphrase': ['Die Passphrase ist zu kurz.', INTACT, 'Nehmen Sie mindestens {{minimum}} Zeichen.'],
    'keys/passphrase-needed': [
      'Der Tresor wurde gesperrt, und der Schlüsselbund hebt keine Sperre auf.',
      INTACT,
      'Geben Sie die Passphrase ein.',
    ],
    'keys/too-soon': [
      'Der letzte Versuch ist erst einen Moment her.',
      INTACT,
      'Warten Sie, bis der Countdown abgelaufen ist.',
    ],
    'keys/wrong-recovery-code': [
      'Das ist ein Wiederherstellungscode, aber nicht der dieses Tresors.',
      INTACT,
      'Suchen Sie das Blatt mit dem Namen dieses Tresors.',
    ],
    'keys/recovery-code-mistyped': [
      'Der Wiederherstellungscode enthält einen Tippfehler.',
      INTACT,
      'Vergleichen Sie ihn Gruppe für Gruppe mit dem Blatt.',
    ],
    'keys/wrong-keychain-secret': [
      'Der Schlüsselbund enthält den Schlüssel eines anderen Tresors.',
      STUDIES_STAY,
      PASSPHRASE,
    ],
    'keys/share-mistyped': [
      'In Anteil {{share}} ist ein Tippfehler.',
      INTACT,
      'Vergleichen Sie ihn Gruppe für Gruppe mit dem Blatt.',
    ],
    'keys/too-few-shares': [
      'Das sind {{have}} von {{need}} Anteilen, die der Tresor braucht.',
      INTACT,
      'Nehmen Sie Anteile weiterer Blätter desselben Satzes dazu.',
    ],
    'keys/mixed-shares': [
      'Diese Anteile gehören nicht zusammen.',
      INTACT,
      'Nehmen Sie Blätter, die denselben Satz nennen.',
    ],
    'keys/unknown-shares': [
      'Diese Anteile gehören zu einem anderen Tresor.',
      INTACT,
      'Suchen Sie die Blätter mit dem Namen dieses Tresors.',
    ],
    'keys/retired-shares': [
      'Diese Anteile wurden ersetzt und öffnen nichts mehr.',
      INTACT,
      'Nehmen Sie die neueren Blätter oder einen anderen Weg.',
    ],
    'keys/wrong-shares': [
      'Diese Anteile öffnen den Tresor nicht: Einer wurde verändert.',
      INTACT,
      'Versuchen Sie andere Blätter desselben Satzes.',
    ],
    'keys/share-counts': [
      'Einen solchen Satz von Anteilen gibt es nicht.',
      INTACT,
      'Wählen Sie mindestens 2 von höchstens 16 Anteilen.',
    ],
    'keys/not-an-escrow-key': [
      'Diese Datei ist nicht der Hinterlegungsschlüssel, der hier gebraucht wird.',
      INTACT,
      'Zum Hinterlegen die öffentliche Datei wählen, zum Öffnen die geheime.',
    ],
    'keys/wrong-escrow-key': [
      'Dieser Tresor ist nicht bei diesem Schlüssel hinterlegt.',
      INTACT,
      'Wählen Sie den Schlüssel der Person, die der Tresor nennt.',
    ],
    'keys/wrong-escrow-passphrase': [
      'Die Datei des Hinterlegungsschlüssels lässt sich mit dieser Passphrase nicht öffnen.',
      INTACT,
      'Gemeint ist die Passphrase, mit der die Datei angelegt wurde, nicht die des Tresors. Versuchen Sie es noch einmal.',
    ],
    'keys/rotation-running': [
      'Der Schlüssel des Tresors wird schon gewechselt.',
      STUDIES_STAY,
      'Warten Sie, bis dieser Wechsel fertig ist.',
    ],
    'keys/no-such-slot': ['Auf diesem Weg lässt sich der Tresor nicht öffnen.', STUDIES_STAY, PASSPHRASE],
    'keys/last-slot': [
      'Das ist der letzte Weg in den Tresor; er bleibt.',
      INTACT,
      'Fügen Sie erst einen anderen hinzu.',
    ],
    'keys/weak-parameters': [
      'Der Passphrasenschutz des Tresors ist schwächer, als Vitrine zulässt.',
      STUDIES_STAY,
      'Stellen Sie vault.json aus einer Sicherung wieder her.',
    ],
    'keys/excessive-parameters': [
      'Der Passphrasenschutz verlangt mehr Speicher, als ein Tresor je braucht.',
      STUDIES_STAY,
      'Stellen Sie vault.json aus einer Sicherung wieder her.',
    ],
    'keys/header-damaged': [
      'Der Kopf des Tresors, vault.json, ist beschädigt.',
      'Die versiegelten Studien sind unberührt.',
      'Stellen Sie vault.json aus einer Sicherung wieder her.',
    ],
    'keys/newer-version': [
      'Diesen Tresor hat ein neueres Vitrine angelegt.',
      STUDIES_STAY,
      'Aktualisieren Sie Vitrine auf diesem Rechner.',
    ],
    'keys/bad-argument': ['Beim Umgang mit einem Schlüssel ist etwas fehlgeschlagen.', INTACT, RESTART],
    'keys/derivation-failed': [
      'Der Speicher reichte nicht, um die Passphrase zu prüfen.',
      INTACT,
      'Schließen Sie andere Programme und versuchen Sie es noch einmal.',
    ],
    'keychain/missing': ['Der Schlüsselbund hat keinen Eintrag für diesen Tresor.', STUDIES_STAY, PASSPHRASE],
    'keychain/changed': [
      'Der Eintrag im Schlüsselbund wurde geändert und öffnet diesen Tresor nicht.',
      STUDIES_STAY,
      PASSPHRASE,
    ],
    'keychain/locked': [
      'Der Schlüsselbund des Systems ist gesperrt.',
      STUDIES_STAY,
      'Entsperren Sie ihn oder nehmen Sie die Passphrase.',
    ],
    'keychain/cancelled': ['Die Frage des Schlüsselbunds wurde geschlossen.', STUDIES_STAY, PASSPHRASE],
    'keychain/unavailable': ['Der Schlüsselbund des Systems antwortet nicht.', STUDIES_STAY, PASSPHRASE],
    'keychain/plaintext-backend': [
      'Dieses System schützt Schlüsselbund-Einträge nicht; Vitrine nutzt ihn nicht.',
      STUDIES_STAY,
      PASSPHRASE,
    ],
    'seal/not-sealed': [
      'Eine versiegelte Datei wurde durch etwas anderes ersetzt und wird nicht gezeigt.',
      OTHERS,
      RESTORE,
    ],
    'seal/unknown-version': [
      'Das hat ein neueres Vitrine versiegelt.',
      INTACT,
      'Aktualisieren Sie Vitrine auf diesem Rechner.',
    ],
    'seal/unknown-parameters': [
      'Eine versiegelte Datei hat einen Kopf, den Vitrine nie schreibt, und wird nicht gezeigt.',
      OTHERS,
      RESTORE,
    ],
    'seal/wrong-key': [
      'Eine versiegelte Datei wurde verändert oder gehört woandershin und wird nicht gezeigt.',
      OTHERS,
      RESTORE,
    ],
    'seal/altered': ['Eine versiegelte Datei wurde auf der Platte verändert und wird nicht gezeigt.', OTHERS, RESTORE],
    'seal/truncated': [
      'Eine versiegelte Datei wurde auf der Platte abgeschnitten und wird nicht gezeigt.',
      OTHERS,
      RESTORE,
    ],
    'seal/out-of-range': ['Von einer versiegelten Datei wurde mehr verlangt, als sie enthält.', INTACT, RESTART],
    'seal/too-long': [
      'Die Datei ist größer, als Vitrine versiegeln kann.',
      INTACT,
      'Teilen Sie die Serie an ihrer Quelle.',
    ],
    'seal/closed': ['Die Studie wurde inzwischen geschlossen.', INTACT, 'Öffnen Sie sie neu.'],
    'seal/bad-argument': ['Beim Versiegeln ist in Vitrine etwas fehlgeschlagen.', INTACT, RESTART],
    'vault/exists': ['Es gibt schon einen Tresor.', STUDIES_STAY, PASSPHRASE],
    'export/not-written': [
      'Die Datei ließ sich dort nicht schreiben.',
      INTACT,
      'Wählen Sie einen anderen Ordner oder einen mit mehr Platz.',
    ],
    'export/exists': [
      'Im Ordner des Exports liegen schon Dateien.',
      'Nichts darin wurde geändert.',
      'Wählen Sie einen anderen Ordner.',
    ],
    'vault/not-a-vault': [
      'Im gewählten Ordner ist kein Tresor.',
      INTACT,
      'Wählen Sie einen anderen Ordner oder legen Sie einen Tresor an.',
    ],
    'vault/in-use': ['Ein anderes Vitrine hat diesen Tresor geöffnet.', STUDIES_STAY, 'Schließen Sie es dort zuerst.'],
    'vault/locked': [
      'Der Tresor wurde vorher gesperrt.',
      'Alles zuvor Gespeicherte ist erhalten.',
      'Entsperren Sie und wiederholen Sie es.',
    ],
    'vault/newer-version': [
      'Den Katalog hat ein neueres Vitrine geschrieben.',
      STUDIES_STAY,
      'Aktualisieren Sie Vitrine auf diesem Rechner.',
    ],
    'vault/catalogue-damaged': [
      'Der Katalog ist beschädigt und ließ sich nicht neu aufbauen.',
      'Die versiegelten Studien sind unberührt.',
      'Stellen Sie den Ordner des Tresors aus einer Sicherung wieder her.',
    ],
    'vault/wrong-key': [
      'Der Katalog passt nicht zum Schlüssel dieses Tresors.',
      'Die versiegelten Studien sind unberührt.',
      'Stellen Sie den Ordner des Tresors aus einer Sicherung wieder her.',
    ],
    ...careFaults,
    ...usersFaults,
    'vault/disk-full': [
      'Die Platte ist voll.',
      'Zuvor Gespeichertes ist erhalten; nichts blieb halb fertig.',
      'Schaffen Sie Platz und wiederholen Sie es.',
    ],
    'vault/io': [
      'Die Platte ließ sich nicht lesen oder beschreiben.',
      'Zuvor Gespeichertes ist erhalten.',
      'Prüfen Sie die Platte und versuchen Sie es noch einmal.',
    ],
    'vault/no-such-study': ['Diese Studie ist nicht mehr im Tresor.', INTACT, 'Suchen Sie neu in der Liste.'],
    'vault/no-such-object': ['Dieses Bild ist nicht mehr im Tresor.', OTHERS, 'Öffnen Sie die Studie neu.'],
    'vault/no-such-handle': ['Die Studie wurde inzwischen geschlossen.', INTACT, 'Öffnen Sie sie neu.'],
    'vault/no-such-frame': ['Das Objekt hat kein solches Bild.', OTHERS, 'Öffnen Sie die Studie neu.'],
    'vault/on-hold': [
      'Eine Studie ist gesperrt und wird nicht vernichtet.',
      INTACT,
      'Heben Sie zuerst die Sperre auf, oder lassen Sie die Studie aus.',
    ],
    'vault/object-missing': ['Eine versiegelte Datei fehlt auf der Platte.', OTHERS, RESTORE],
    'vault/no-pixels': ['Dieses Objekt enthält kein Bild.', INTACT, 'Wählen Sie eine andere Serie.'],
    'vault/frame-too-large': [
      'Das Bild ist zu groß, um es in einem Stück zu öffnen.',
      OTHERS,
      'Exportieren Sie es für ein anderes Programm.',
    ],
    'vault/cancelled': ['Abgebrochen.', INTACT, 'Starten Sie es neu, wann Sie möchten.'],
    'vault/bad-request': ['Das Fenster verlangte vom Tresor etwas, das er nicht bietet.', INTACT, RESTART],
    'vault/unexpected': ['Im Tresorprozess ist etwas fehlgeschlagen.', 'Zuvor Gespeichertes ist erhalten.', RESTART],
    'import/no-such-source': ['Die gewählten Dateien sind nicht mehr bekannt.', INTACT, 'Wählen Sie sie neu.'],
    'import/busy': ['Es läuft schon ein Import.', INTACT, 'Warten Sie, bis er endet, oder brechen Sie ihn ab.'],
    'private/series': [
      'Die Datei enthält keine Zahlenreihe.',
      'Nichts davon wurde behalten.',
      'Wählen Sie eine CSV-Datei mit einem Datum und einer Zahl je Zeile.',
    ],
    'private/series-date': [
      'Zeile {{line}} beginnt nicht mit einem Datum.',
      'Nichts aus der Datei wurde behalten.',
      'Schreiben Sie Daten wie 2021-01-31 und wählen Sie die Datei erneut.',
    ],
    'private/series-number': [
      'Zeile {{line}} enthält keine Zahl.',
      'Nichts aus der Datei wurde behalten.',
      'Füllen Sie die Lücke, oder entfernen Sie die Zeilen davor, und wählen Sie die Datei erneut.',
    ],
    'private/series-order': [
      'Zeile {{line}} ist nicht später als die Zeile davor.',
      'Nichts aus der Datei wurde behalten.',
      'Sortieren Sie die Zeilen nach Datum und wählen Sie die Datei erneut.',
    ],
    'private/series-gap': [
      'Zeile {{line}} folgt nicht auf die Zeile davor: Es fehlen Tage, oder einer steht doppelt.',
      'Nichts aus der Datei wurde behalten.',
      'Füllen Sie die Lücke und wählen Sie die Datei erneut.',
    ],
    'private/series-short': [
      'Die Reihe hat {{rows}} Zeilen; für diese Tage braucht es {{needed}}.',
      'Nichts wurde berechnet.',
      'Sagen Sie weniger Tage vorher, oder wählen Sie eine längere Reihe.',
    ],
    'private/series-flat': [
      'Alle Werte vor den vorherzusagenden Tagen sind gleich; es fehlt der Maßstab.',
      'Die Reihe bleibt gewählt.',
      'Sagen Sie weniger Tage vorher, oder wählen Sie eine andere Reihe.',
    ],
    'private/no-such-series': [
      'Die Reihe ist nicht mehr im Speicher.',
      'Es wurde nichts berechnet.',
      'Wählen Sie sie erneut.',
    ],
    'private/weights': [
      'Die Gewichte des Netzes sind nicht die, die das Training schrieb.',
      'Es wurde nichts berechnet.',
      'Installieren Sie Vitrine neu.',
    ],
    'private/range': [
      'Ein Wert liegt mehr als ein Achtel außerhalb des Bereichs der Tage davor.',
      'Es wurde nichts berechnet; exakte Zahlen würden unbemerkt überlaufen.',
      'Sagen Sie weniger Tage vorher, damit der Bereich bekannt ist.',
    ],
    'private/noise': [
      'Keine Parameter mit 128 Bit Sicherheit tragen dieses Netz.',
      'Es wurde kein Schlüssel erzeugt und nichts berechnet.',
      'Wählen Sie das andere Netz.',
    ],
    'private/evaluator': [
      'Ein Prozess der Vorhersage endete unerwartet.',
      'Ihre Reihe bleibt gewählt; sonst wurde nichts behalten.',
      'Starten Sie die Vorhersage erneut.',
    ],
    'private/payload': [
      'Eine Antwort war kein Chiffrat dieser Schlüssel.',
      'Nichts davon wurde verwendet.',
      'Starten Sie die Vorhersage erneut.',
    ],
    'private/cancelled': [
      'Die Vorhersage wurde abgebrochen.',
      'Nichts davon wurde behalten.',
      'Starten Sie sie erneut, wenn Sie möchten.',
    ],
    'audit/unreachable': [
      'Die Sammelstelle für Protokollnachrichten antwortet nicht.',
      'Das Protokoll im Tresor ist vollständig; was nicht gesendet ist, wartet.',
      'Prüfen Sie Namen, Port und Netzwerk.',
    ],
    'audit/untrusted': [
      'Das Zertifikat der Sammelstelle gilt nicht; ihr wurde nichts gesendet.',
      'Das Protokoll im Tresor ist vollständig.',
      'Wählen Sie das Zertifikat, das Sie von Ihrem Haus dafür bekommen haben.',
    ],
    'audit/not-an-export': [
      'Ein Teil des Protokolls fehlt oder ist verändert; es wurde nicht exportiert.',
      'Das Protokoll ist, wie es war.',
      'Prüfen Sie das Protokoll, um zu sehen, was ihm fehlt.',
    ],
    ...labFaults,
    ...inferFaults,
    'image/undecodable': ['Die komprimierten Daten des Bildes sind beschädigt.', OTHERS, RESTORE],
    'image/unsupported-syntax': [
      'Für die Kompression dieses Bildes gibt es keinen Decoder.',
      OTHERS,
      'Bitten Sie die Quelle um unkomprimierte Bilder.',
    ],
    'image/decode-timeout': ['Das Dekodieren dauerte zu lange und wurde aufgegeben.', OTHERS, AGAIN],
    'image/no-header': ['Der Kopf des Bildes ließ sich nicht öffnen.', OTHERS, RESTORE],
    'image/failed': ['Das Bild kann nicht gezeigt werden.', OTHERS, AGAIN],
  },
  unknown: ['Etwas ist fehlgeschlagen ({{code}}).', INTACT, RESTART],
  ...fileWords,
};
