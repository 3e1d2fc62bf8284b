import type { ErrorWords, UsersFaultCode } from '../codes.ts';

const INTACT = 'Nichts wurde geändert, nichts ging verloren.';
const SEALED = 'Die Studie ist versiegelt und unberührt.';

/** German words for why an account, a role or a rule doesn't let somebody. */
export const usersFaults: Pick<ErrorWords['faults'], UsersFaultCode> = {
  'users/not-permitted': [
    'Keine Rolle Ihres Kontos darf das.',
    INTACT,
    'Bitten Sie die Verwaltung um die Rolle, oder lassen Sie es jemanden tun, der sie hat.',
  ],
  'users/not-a-recipient': [
    'Diese Studie ist für andere als die Rollen Ihres Kontos versiegelt.',
    SEALED,
    'Die Verwaltung kann die Studien für die heutigen Konten verpacken (Tresor, Benutzer).',
  ],
  'users/no-such-user': ['Ein Konto dieses Namens gibt es nicht.', INTACT, 'Wählen Sie ein anderes Konto.'],
  'users/exists': ['Ein Konto dieses Namens gibt es schon.', INTACT, 'Wählen Sie einen anderen Namen.'],
  'users/bad-name': [
    'So kann ein Konto nicht heißen.',
    INTACT,
    'Nehmen Sie bis zu 32 Kleinbuchstaben, Ziffern, Punkte und Bindestriche und einen Anzeigenamen von bis zu 80 Zeichen.',
  ],
  'users/no-role': ['Ein Konto braucht mindestens eine Rolle.', INTACT, 'Wählen Sie eine Rolle.'],
  'users/own-account': [
    'Ihr eigenes Konto und Ihre eigene Verwaltungsrolle können Sie nicht entfernen.',
    INTACT,
    'Das kann eine andere Verwalterin oder der Inhaber.',
  ],
  'users/no-accounts': ['Dieser Tresor hat keine Konten.', INTACT, 'Legen Sie zuerst ein Konto an (Tresor, Benutzer).'],
  'users/too-many': [
    'Das sind mehr Konten oder Merkmale, als ein Tresor fasst.',
    INTACT,
    'Ein Tresor fasst 200 Konten mit je 16 Merkmalen.',
  ],
  'users/file-damaged': [
    'Die Datei der Konten ist beschädigt oder älter als die Schlüssel des Tresors.',
    'Die Studien sind versiegelt und unberührt; die Passphrase des Inhabers öffnet den Tresor.',
    'Stellen Sie users.json aus einer Sicherung wieder her, oder der Inhaber legt die Konten neu an.',
  ],
  'users/newer-version': [
    'Die Konten wurden von einem neueren Vitrine geschrieben.',
    'Die Studien sind versiegelt und unberührt; die Passphrase des Inhabers öffnet den Tresor.',
    'Aktualisieren Sie Vitrine auf diesem Rechner.',
  ],
  'policy/not-met': [
    'Diese Studie steht unter einer Regel, die Ihr Konto nicht erfüllt: {{rule}}.',
    SEALED,
    'Bitten Sie die Verwaltung um die Merkmale, oder brechen Sie das Glas mit einem Grund.',
  ],
  'policy/no-rules': [
    'Dieser Tresor hat keine Konten, darum kann niemand eine Regel erfüllen.',
    INTACT,
    'Legen Sie zuerst Konten an.',
  ],
  'policy/bad-rule': [
    'Die Regel lässt sich nicht lesen.',
    INTACT,
    'Schreiben Sie sie so: (radiologist AND cardiology) OR attending.',
  ],
  'policy/no-break-glass': [
    'Für Ihr Konto hat diese Studie keinen Weg durch das Glas.',
    SEALED,
    'Fragen Sie die Verwaltung, die jede Studie öffnet.',
  ],
  'policy/no-reason': [
    'Ein Grund braucht mindestens zehn Zeichen und höchstens 300.',
    SEALED,
    'Sagen Sie in einem Satz, warum Sie die Studie jetzt öffnen müssen.',
  ],
};
