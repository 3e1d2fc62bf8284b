import type { CareFaultCode, ErrorWords } from '../codes.ts';

/** German words for why a vault was not backed up, restored or repaired. */
export const careFaults: Pick<ErrorWords['faults'], CareFaultCode> = {
  'vault/rolled-back': [
    'Dieser Tresor ist eine ältere Kopie seiner selbst und nimmt keine Änderungen an.',
    'Was da ist, kann gelesen werden; geändert wurde nichts.',
    'Öffnen Sie Tresor, Sicherung und Pflege: Dort steht, was fehlt und wie es weitergeht.',
  ],
  'backup/inside-vault': [
    'Der Ordner liegt im Tresor oder der Tresor in ihm: Eine Sicherung dort ginge mit ihm verloren.',
    'Es wurde nichts geschrieben.',
    'Wählen Sie einen Ordner auf einer anderen Platte.',
  ],
  'backup/other-vault': [
    'Der Ordner enthält die Sicherung eines anderen Tresors.',
    'Es wurde nichts geschrieben.',
    'Wählen Sie einen anderen Ordner.',
  ],
  'backup/not-empty': [
    'Der Ordner enthält Dateien und ist keine Sicherung.',
    'Zwischen sie wurde nichts geschrieben.',
    'Wählen Sie einen leeren oder neuen Ordner.',
  ],
  'backup/not-a-backup': [
    'In diesem Ordner liegt keine fertige Sicherung.',
    'Es wurde nichts geändert.',
    'Wählen Sie den Ordner, in den Sie gesichert haben.',
  ],
  'backup/newer-version': [
    'Ein neueres Vitrine schrieb diese Sicherung.',
    'Es wurde nichts geändert.',
    'Aktualisieren Sie Vitrine oder wählen Sie einen anderen Ordner.',
  ],
  'backup/in-use': [
    'In diesen Ordner läuft schon eine Sicherung.',
    'Sie läuft weiter.',
    'Warten Sie, bis sie fertig ist.',
  ],
  'backup/damaged': [
    'Eine Liste der Sicherung ist beschädigt.',
    'Der Tresor und die anderen Sicherungen im Ordner sind unberührt.',
    'Sichern Sie noch einmal, und sehen Sie nach dieser Platte.',
  ],
  'backup/no-target': ['Es wurde kein Ordner gewählt.', 'Es wurde nichts geändert.', 'Wählen Sie einen Ordner.'],
  'backup/no-room': [
    'Auf der Platte ist zu wenig Platz dafür.',
    'Frühere Sicherungen sind, wie sie waren.',
    'Schaffen Sie Platz oder wählen Sie eine andere Platte.',
  ],
  'restore/not-empty': [
    'Der Ordner, in den wiederhergestellt werden soll, enthält etwas.',
    'Es wurde nichts geschrieben.',
    'Wählen Sie einen leeren oder neuen Ordner.',
  ],
  'restore/no-such-study': [
    'Die Sicherung hat keine solche Studie.',
    'Es wurde nichts geschrieben.',
    'Eine vernichtete Studie ist in keiner Sicherung; andere hat vielleicht eine ältere Sicherung.',
  ],
};
