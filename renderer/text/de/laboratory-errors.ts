import type { ErrorWords, LabFaultCode } from '../codes.ts';

const INTACT = 'Nichts wurde geändert, nichts ging verloren.';
const STUDIES_STAY = 'Studien und Messungen sind versiegelt und unberührt.';
const AGAIN = 'Versuchen Sie es noch einmal.';
const RESTART = 'Starten Sie Vitrine neu. Geschieht es wieder, geben Sie den Code an den Support.';

/** German words for what goes wrong in the Laboratory and in the engine process. */
export const labFaults: Pick<ErrorWords['faults'], LabFaultCode> = {
  'schemes/picture': [
    'Dieses Bild hat eine Form, die das Labor nicht annimmt.',
    INTACT,
    'Wählen Sie ein Grau- oder Farbbild mit höchstens 16 Bit.',
  ],
  'schemes/file': [
    'Die Datei ist nicht als Bild lesbar.',
    INTACT,
    'Speichern Sie sie neu als JPEG, als PNG ohne Interlacing oder als DICOM.',
  ],
  'schemes/constant': [
    'Alle Pixel dieses Bildes haben denselben Wert, also gibt es nichts zu messen.',
    INTACT,
    'Wählen Sie ein Bild, das etwas zeigt.',
  ],
  'schemes/too-small': ['Das Bild ist dafür zu klein.', INTACT, 'Wählen Sie ein größeres Bild oder kleinere Blöcke.'],
  'schemes/too-large': ['Das Bild ist größer, als das Labor annimmt.', INTACT, 'Wählen Sie ein kleineres Bild.'],
  'schemes/depth': [
    'Das Verfahren nimmt {{low}} bis {{high}} Bit, und dieses Bild hat {{bits}}.',
    INTACT,
    'Wählen Sie ein anderes Verfahren oder ein Bild dieser Tiefe.',
  ],
  'schemes/parameter': [
    'Ein Parameter hat einen Wert, den das Verfahren nicht nimmt.',
    INTACT,
    'Nehmen Sie die Vorgaben oder einen Wert im Bereich.',
  ],
  'schemes/payload': [
    'Was das Verfahren gemacht hat, ließ sich nicht wieder entschlüsseln.',
    INTACT,
    'Wählen Sie andere Parameter oder ein anderes Bild.',
  ],
  'schemes/altered': ['Die authentisierte Verschlüsselung hat zurückgewiesen, was sie bekam.', INTACT, AGAIN],
  'schemes/key': ['Der Schlüssel hat eine andere Länge, als das Verfahren braucht.', INTACT, RESTART],
  'systems/unknown-system': ['Dieses Verfahren gibt es nicht.', INTACT, 'Wählen Sie eines aus der Liste.'],
  'systems/unknown-attack': [
    'Diesen Angriff gibt es auf das Verfahren nicht.',
    INTACT,
    'Wählen Sie einen aus der Liste.',
  ],
  'systems/other-kind': [
    'Dieses Verfahren verschlüsselt keine Bilder.',
    INTACT,
    'Seine Beschreibung sagt, wo es läuft.',
  ],
  'engine/cancelled': [
    'Die Arbeit wurde abgebrochen.',
    'Nichts davon wurde behalten; Ihre Studien sind unberührt.',
    'Starten Sie sie erneut, wenn Sie möchten.',
  ],
  'engine/crashed': [
    'Der Rechenprozess ist zu Ende gegangen.',
    'Nichts davon wurde behalten; Ihre Studien sind unberührt.',
    'Starten Sie die Arbeit erneut, möglichst mit einem kleineren Bild.',
  ],
  'engine/memory': [
    'Die Arbeit brauchte mehr Speicher, als sie darf, und wurde beendet.',
    'Ihre Studien sind unberührt.',
    'Wählen Sie ein kleineres Bild.',
  ],
  'engine/answer': [
    'Der Rechenprozess gab eine Antwort ohne Sinn und wurde beendet.',
    'Nichts davon wurde behalten; Ihre Studien sind unberührt.',
    AGAIN,
  ],
  'engine/no-frame': [
    'Das Bild ließ sich für den Rechenprozess nicht öffnen.',
    STUDIES_STAY,
    'Öffnen Sie die Studie erneut und versuchen Sie es noch einmal.',
  ],
  'lab/no-such-picture': ['Das Labor hält dieses Bild nicht mehr.', STUDIES_STAY, 'Wählen Sie das Bild erneut.'],
};
