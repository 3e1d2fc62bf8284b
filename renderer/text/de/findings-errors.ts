import type { ErrorWords, InferFaultCode } from '../codes.ts';

const UNTOUCHED = 'Die Studie ist unverändert.';
const NOT_RUN = 'Das Modell lief nicht; die Studie ist unverändert.';
const INSTALL = 'Vitrine neu installieren.';

/** German words for why a model did not answer. */
export const inferFaults: Pick<ErrorWords['faults'], InferFaultCode> = {
  'infer/unknown-model': ['Dieses Modell ist nicht vorhanden.', NOT_RUN, 'Eines aus der Liste wählen.'],
  'infer/manifest': ['Die Beschreibung des Modells fehlt oder ist beschädigt.', NOT_RUN, INSTALL],
  'infer/signature': ['Die Signatur des Modells passt nicht: Es wurde verändert oder beschädigt.', NOT_RUN, INSTALL],
  'infer/weights-missing': ['Die Gewichte des Modells fehlen.', NOT_RUN, INSTALL],
  'infer/weights-altered': [
    'Die Gewichte des Modells sind nicht die signierten: Sie wurden verändert oder beschädigt.',
    NOT_RUN,
    INSTALL,
  ],
  'infer/weights-not-finite': ['Unter den Gewichten des Modells ist etwas, das keine Zahl ist.', NOT_RUN, INSTALL],
  'infer/weights-shape': ['Die Gewichte gehören zu einem anderen Netz als dem des Modells.', NOT_RUN, INSTALL],
  'infer/report': ['Der Robustheitsbericht des Modells fehlt oder ist nicht der signierte.', NOT_RUN, INSTALL],
  'infer/not-admitted': [
    'Das Modell ist nicht für den klinischen Gebrauch zugelassen.',
    NOT_RUN,
    'Nur zur Forschung verwenden; was ihm fehlt, steht unter „Über dieses Modell“.',
  ],
  'infer/modality': [
    'Das Modell ist für MR des Kopfes gemacht, und dieses Bild hat eine andere Modalität.',
    UNTOUCHED,
    'Ein MR-Bild eines Kopfes wählen.',
  ],
  'infer/size': [
    'Das Bild ist für das Modell zu klein, zu groß oder zu lang gestreckt.',
    UNTOUCHED,
    'Ein Bild mit 32 bis 8192 Pixeln je Seite wählen, höchstens dreimal so lang wie breit.',
  ],
  'infer/depth': [
    'Das Modell nimmt Grau- oder RGB-Bilder mit 6 bis 16 Bit, und dieses ist von anderer Art.',
    UNTOUCHED,
    'Ein anderes Bild wählen.',
  ],
  'infer/flat': [
    'Das Bild hat fast überall denselben Wert; es gibt nichts zu klassifizieren.',
    UNTOUCHED,
    'Ein Bild wählen, auf dem ein Kopf ist.',
  ],
  'infer/back-end': ['Auf diesem Rechner lässt sich das Modell nicht ausführen.', UNTOUCHED, INSTALL],
  'infer/compute-lost': [
    'Der Grafikprozessor antwortet nicht mehr.',
    UNTOUCHED,
    'Starten Sie das Modell noch einmal: es läuft ohne den Grafikprozessor, bis Vitrine neu gestartet wird.',
  ],
  'infer/cancelled': ['Die Arbeit wurde abgebrochen.', UNTOUCHED, 'Bei Bedarf noch einmal starten.'],
};
