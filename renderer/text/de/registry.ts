import type { AttackWords, ParameterWords, RegistryWords, SystemWords } from '../registry-words.ts';
import { figure } from './figures.ts';

const NOTHING_ATTACKED =
  'nichts: Es zeigt, wie wenig genügt, um die Aussage eines Klassifikators zu ändern. Was es fernhält, sind Bilder, deren Pixel signiert und vor der Auswertung geprüft werden';
const ON_THE_WAY =
  'was gespeichert liegt und was unterwegs ist. Der Server entschlüsselt jedes Bild und sieht es: Gegen den, der ihn betreibt oder dort einbricht, hilft die Verschlüsselung des Weges nicht';
const MODEL_ATTACK = 'Angriff auf einen Klassifikator';
const UPLOAD = 'Klassifikator hinter verschlüsseltem Hochladen';
const EPSILON: ParameterWords = {
  label: 'Epsilon',
  means: 'größte Änderung eines Pixels, als Anteil am Helligkeitsumfang',
};
const STEPS: ParameterWords = { label: 'Schritte', means: 'Schritte von ε/10' };
const BLOCKS = { off: 'aus' } as const;

const ciphers: Record<string, SystemWords> = {
  'aes-256-gcm': {
    family: 'genormte authentisierte Verschlüsselung',
    does: 'Verschlüsselt die Werte, wie sie sind, und beglaubigt sie, jedes Mal mit einer neuen Nonce.',
    claims: 'Vertraulichkeit und Unversehrtheit, solange keine Nonce unter einem Schlüssel zweimal vorkommt.',
    protects: 'Alles außer der Länge. Darauf stützt sich Vitrine selbst; kein Verfahren hier ersetzt es.',
    reconstruction: 'Nichts: eine veröffentlichte Norm.',
    headline: ['Keine Zahl einer Arbeit: die Vergleichslinie.'],
    parameters: {},
  },
  'ahmad-perceptual': {
    family: 'Verschlüsselung und Kompression',
    does: 'Vertauscht, dreht, spiegelt und invertiert Blöcke des Bildes nach einem Schlüssel, manche Schritte auf kleineren Blöcken, und schreibt dann ein JPEG.',
    claims: 'Ein Bild, das man nicht erkennt, fast so klein wie das JPEG des Originals.',
    protects:
      'Nur Verschleierung. Puzzle-Löser setzen die Blöcke ohne Schlüssel wieder zusammen, ein bekanntes Bild öffnet alle, die mit seinem Schlüssel entstanden, und das Histogramm ändert sich allein durch das Invertieren. Sein JPEG gehört in die Hülle.',
    reconstruction:
      'Welche Schritte die Arbeit auf den kleineren Blöcken ausführt, ist erschlossen: Unsere Fassung dreht 4×4-Blöcke und vertauscht und invertiert 8×8-Blöcke; jede Größe ist ein Parameter. Der Tuberkulose-Klassifikator ist weggelassen. Bilder mit 12 und 16 Bit werden zuerst auf 8 Bit gefenstert.',
    headline: [
      'Bitrate +12 % gegenüber dem JPEG des Originals, +113 % bei herkömmlicher Verschlüsselung in kleinen Blöcken',
      'Dauer der Verschlüsselung: keine Zahl',
      'Genauigkeit +10 % durch zugefügtes Rauschen',
      'absolute Genauigkeit, PSNR und Größe des Schlüsselraums',
    ],
    parameters: {
      permutation: { label: 'Vertauschen', means: 'Seite der Blöcke, die den Platz wechseln', choices: BLOCKS },
      rotation: { label: 'Drehen', means: 'Seite der Blöcke, die gedreht und gespiegelt werden', choices: BLOCKS },
      negative: { label: 'Invertieren', means: 'Seite der Blöcke, die invertiert werden', choices: BLOCKS },
      channels: {
        label: 'Kanäle',
        means: 'Kanäle farbiger Bilder in 8×8-Blöcken',
        choices: { shuffled: 'vertauscht', kept: 'belassen' },
      },
      codec: { label: 'Ablage', means: 'was gespeichert wird', choices: { jpeg: 'JPEG', none: 'unkomprimiert' } },
      quality: { label: 'Qualität', means: 'Qualität des JPEG' },
    },
  },
  'gaudio-deepfixcx': {
    family: 'durchgängig: Kompression für einen Klassifikator',
    does: 'Zerlegt das Bild in 4^J Wavelet-Pakete und behält von jedem der P×P Felder eines Pakets eine Zahl.',
    claims:
      'Schutz der Person, indem Ort und Kanten verschwinden, ein Bruchteil der Pixel, und gleich gute oder bessere Klassifikation.',
    protects:
      'Viele Bilder führen zu denselben Zahlen, darum ist das Original nicht genau zurückzugewinnen; darüber hinaus gilt nichts, was bewiesen wäre. Es gibt keinen Schlüssel und keine Verschlüsselung: Bei wenigen Ebenen oder vielen Feldern ist das Ergebnis ein lesbares Vorschaubild, und es bleibt eine geschützte Gesundheitsangabe, bis Versuche mit den eigenen Daten anderes zeigen.',
    reconstruction:
      'Die Spezifikation hat den Code der Autoren gelesen. Unsere Fassung: nur Haar-Filter, ungerade Größen mit einer Null ergänzt, je Lauf eine Art der Zusammenfassung.',
    headline: [
      '1700 Bilder/s bei 320×320 auf dem Rechner der Autoren',
      'weniger als 5 % der Pixel, bei gleicher oder besserer Genauigkeit',
      '+0,02 AUC bei Glaukom und Gebärmutterhals; hilft bei 7 von 10 Aufgaben am Thoraxröntgen',
      'Tabellen für jedes J und P',
    ],
    parameters: {
      levels: { label: 'Ebenen', means: 'Ebenen J der Paketzerlegung' },
      patches: { label: 'Felder', means: 'Felder P je Seite in jedem Paket' },
      pooling: {
        label: 'Zusammenfassung',
        means: 'wie aus einem Feld eine Zahl wird',
        choices: {
          l1: 'L1',
          l2: 'L2',
          sum: 'Summe',
          max: 'Größtes',
          min: 'Kleinstes',
          positive: 'Positive',
          negative: 'Negative',
          median: 'Median',
        },
      },
    },
  },
};

const modelAttacks: Record<string, SystemWords> = {
  fgsm: {
    family: MODEL_ATTACK,
    does: 'ändert jeden Pixel um ε in die Richtung, in der der Verlust wächst, in einem Schritt',
    claims: 'ein Schritt entlang des Vorzeichens des Gradienten genügt, um die Klasse vieler Bilder zu ändern',
    protects: NOTHING_ATTACKED,
    reconstruction: 'nichts; der Text der Übersicht zur Gleichung sagt „descending“, das Verfahren steigt',
    headline: [
      'die Genauigkeit fällt auf 16,67 % (VGG16) und 55,56 % (Inception-v3) bei Thoraxröntgen, wie Pal u. a. [91] berichten',
    ],
    parameters: { epsilon: EPSILON },
  },
  bim: {
    family: MODEL_ATTACK,
    does: 'geht FGSM in kleinen Schritten und hält jeden Pixel höchstens ε vom Original entfernt',
    claims: 'kleine Schritte täuschen mehr Bilder als ein großer mit demselben ε',
    protects: NOTHING_ATTACKED,
    reconstruction:
      'die Übersicht nennt dafür eine Arbeit über Übertragbarkeit; αT = ε ist eine mögliche Schrittweite, nicht die Definition, und die Zahl der Schritte ist hier ein Parameter',
    headline: ['keine Zahl der Arbeit zu medizinischen Bildern'],
    parameters: { epsilon: EPSILON, steps: STEPS },
  },
  pgd: {
    family: MODEL_ATTACK,
    does: 'steigt von zufälligen Anfängen in der Kugel vom Radius ε den Verlust hinauf und behält das schlimmste Bild',
    claims: 'der stärkste Angriff, der allein mit Gradienten auskommt',
    protects: NOTHING_ATTACKED,
    reconstruction: 'nichts',
    headline: [
      'Genauigkeit 0 % bei ε 0,02 mit offenem Modell, bei Augenhintergrund, Haut und Thoraxröntgen, wie Finlayson u. a. [89] berichten',
    ],
    parameters: {
      epsilon: EPSILON,
      norm: {
        label: 'Norm',
        means: 'größte Änderung eines Pixels, oder euklidisch',
        choices: { linf: 'L∞', l2: 'L2' },
      },
      steps: STEPS,
      restarts: { label: 'Anfänge', means: 'zufällige Anfänge' },
    },
  },
  'deep-fool': {
    family: MODEL_ATTACK,
    does: 'geht zur nächsten Grenze des Klassifikators, als wäre er linear, wieder und wieder',
    claims: 'findet kleinere Änderungen als FGSM',
    protects: NOTHING_ATTACKED,
    reconstruction:
      'nichts; die Übersicht beschreibt es mit einem Gradienten des Verlusts, das Verfahren nimmt einen Gradienten für jede andere Klasse',
    headline: ['keine Zahl der Arbeit zu medizinischen Bildern'],
    parameters: {
      steps: { label: 'Schritte', means: 'Linearisierungen, höchstens' },
      overshoot: { label: 'Überschuss', means: 'wie weit über die Grenze hinaus' },
    },
  },
};

const others: Record<string, SystemWords> = {
  'naik-112': {
    family: UPLOAD,
    does: 'verschlüsselt eine Röntgenaufnahme mit AES-128 und lädt sie hoch; der Server entschlüsselt und klassifiziert sie',
    claims: 'die Bilder der Patienten sind in der Cloud sicher',
    protects: ON_THE_WAY,
    reconstruction:
      'Betriebsart von AES, Schlüssel, Vorverarbeitung und Ergebnisse waren nicht zu finden. Hier: AES-128-GCM, ein Datenschlüssel je Studie unter dem Schlüssel der Person, Kennungen an jedes Objekt gebunden; dahinter arbeitet das Netz kumar-113, DenseNet-121 ist noch nicht gebaut',
    headline: ['keine Zahl zu ihrem Klassifikator'],
    parameters: {},
  },
  'kumar-113': {
    family: UPLOAD,
    does: 'verschlüsselt eine MR-Aufnahme des Kopfes mit AES-256 und lädt sie hoch; der Server entschlüsselt sie, sagt, welchen Tumor er sieht, und verschlüsselt seine Antwort',
    claims:
      '97,87 % der eigenen Bilder werden richtig klassifiziert, und das Bild der Patienten ist in der Cloud sicher',
    protects: ON_THE_WAY,
    reconstruction:
      'Schichten, Klassen, Bildgröße und Betriebsart von AES waren nicht zu finden. Vier Faltungen mit 16, 32, 64 und 64 Filtern, 128 dichte Einheiten, 128 × 128 Pixel, die vier Klassen eines öffentlichen Datensatzes und AES-256-GCM sind unsere Wahl',
    headline: [
      '97,87 % Genauigkeit auf einem „real-time dataset“; eine Aufteilung ist nicht genannt',
      'Zeit für ein Bild: keine Zahl',
      'Zeit für ein Bild in einer anderen Bibliothek: keine Zahl',
      'Zeit des Trainings: keine Zahl',
    ],
    parameters: {},
  },
  'falcetta-pinpoint': {
    family: 'Rechnen auf verschlüsselten Daten',
    does: 'Sagt aus vierzehn Tagen sieben voraus, mit einer oder zwei Faltungen über die Zeit und Quadraten als Aktivierung, auf BFV-Chiffraten.',
    claims: 'Eine Cloud sagt eine Reihe voraus, die sie nicht lesen kann, fast so gut wie im Klartext.',
    protects:
      'Die Reihe und die Vorhersage vor dem, der rechnet, solange er sich an das Protokoll hält: Antworten sind nicht beglaubigt. Die Gewichte des Netzes werden nur schwerer lesbar: Vor der Antwort kommt eine Verschlüsselung der Null hinzu und der Modul wird gekürzt, und aus vielen Anfragen lernt man ein Netz trotzdem.',
    reconstruction:
      'Die gebrochene Kodierung der Autoren gibt es nicht mehr: Unsere Fassung rechnet mit genauen ganzen Zahlen, über Reste nach Klartext-Primzahlen, und gleicht dem ganzzahligen Netz auf das Bit. Die dichten Schichten, zwischen denen keine Aktivierung liegt, sind zu einer zusammengefasst. Die mitgelieferten Gewichte sind unsere eigenen, auf derselben öffentlichen Reihe trainiert.',
    headline: [
      'mittlerer absoluter Fehler von 1CONV über 305 Tage COVID-19 in Italien: 1063,07 im Klartext, 1057,59 verschlüsselt',
      'mittlerer absoluter Fehler von 2CONV über dieselben Tage: 998,13 im Klartext, 1033,22 verschlüsselt',
      'eine Tabelle in der Ablage der Autoren nennt für dieselben Netze 3102 und 1485, gegen ihre eigenen Notebooks',
      'Gewichte, die andere auf derselben Reihe trainierten: keine Zahl',
      '45,06 s für eine Vorhersage mit 1CONV, Rechner nicht genannt',
      '101,28 s für eine Vorhersage mit 2CONV, Rechner nicht genannt',
      'dieselbe Schaltung von 1CONV in einer anderen Bibliothek: keine Zahl',
      'dieselbe Schaltung von 2CONV in einer anderen Bibliothek: keine Zahl',
    ],
    parameters: {
      topology: {
        label: 'Netz',
        means: 'eine Faltung mit 32 Filtern, oder zwei mit 16 und 32',
        choices: { '1conv': 'eine Faltung', '2conv': 'zwei Faltungen' },
      },
    },
  },
  'more-abe': {
    family: 'Zugriff',
    does: 'Verpackt den Schlüssel einer Studie unter einer Regel wie (radiologist AND cardiology) OR attending, die nur Schlüssel mit diesen Attributen öffnen.',
    claims: 'Bilder werden durch ABE sicher übertragen.',
    protects:
      'Den Schlüssel der Studie vor jedem Konto, dessen Attribute die Regel nicht erfüllen, und vor mehreren davon zusammen. Nicht vor der ausgebenden Stelle, die alles öffnet; nicht vor dem, der einen Schlüssel von vor einem Wechsel behielt; nicht vor einem Quantenrechner. Die Regel selbst ist lesbar.',
    reconstruction:
      'Die Arbeit nennt weder die Art von ABE noch ihre Gruppe noch eine Sprache für Regeln. Unsere Fassung ist FAME (Agrawal und Chase, CCS 2017) über BLS12-381, für Schlüssel und nicht für Bilder, gegen gewählte Chiffrate gefestigt durch die Umformung von Fujisaki und Okamoto; ein Attribut gehört zu einer Generation von Schlüsseln, die endet, wenn jemand geht.',
    headline: ['keine Zahl zum Teil mit Attributen', 'Byte für Byte gleich einer unabhängigen Umsetzung: keine Zahl'],
    parameters: {},
  },
};

const attacks: Record<string, AttackWords> = {
  'chosen-plaintext': {
    title: 'Gewählte Klartexte lesen die Permutation ab',
    source: 'Li u. a. 2008; Li und Lo, arXiv 0912.1918; Jolfaei u. a.',
    needs:
      'Das Chiffrat eines schwarzen Bildes und ⌈log_L n⌉ weiterer, bei L Graustufen und n Werten, unter dem Schlüssel des Geheimnisses.',
    measure: 'Anteil der richtigen Werte des Geheimnisses',
    passesWhen: 'das Geheimnis ist genau wiederhergestellt',
  },
  jigsaw: {
    title: 'Puzzle-Löser',
    source:
      'gieriges Zusammensetzen nach passenden Kanten; erweiterte Löser: Chuman, Kurihara, Kiya, IEICE E101-D 2018',
    needs: 'Das Chiffrat des Geheimnisses und sonst nichts. Gezeigt an 16×16-Blöcken, die nur den Platz wechselten.',
    measure: 'Anteil der wahren Nachbarn, die wieder Nachbarn sind',
    passesWhen: 'mindestens zehnmal so viele Nachbarn stimmen, wie Zufall brächte, und mindestens einer von fünf',
  },
  'extended-jigsaw': {
    title: 'Erweiterter Puzzle-Löser',
    source: 'nach Chuman, Kurihara, Kiya, IEICE E101-D 2018: gedrehte, gespiegelte und invertierte Teile',
    needs: 'Das Chiffrat des Geheimnisses und sonst nichts. Gezeigt an 64 Blöcken von 16×16 mit jedem Schritt.',
    measure: 'Anteil der wahren Nachbarn, die wieder Nachbarn sind',
    passesWhen: 'mindestens zehnmal so viele Nachbarn stimmen, wie Zufall brächte, und mindestens einer von fünf',
  },
  'known-plaintext': {
    title: 'Ein bekanntes Bild öffnet das nächste',
    source: 'Blockvergleich; Angriffe mit bekanntem Klartext auf Permutationen wie Li u. a. 2008',
    needs: 'Ein Bild mit seinem Chiffrat, beides nicht gewählt, unter dem Schlüssel des Geheimnisses.',
    measure: 'Anteil der richtigen Werte des Geheimnisses',
    passesWhen: 'mindestens neun von zehn Werten stimmen',
  },
  'nearest-image': {
    title: 'Welche gespeicherten Bilder von derselben Person sind',
    source: 'Verteilungen der Abstände wie im Code der Autoren: Paare derselben gegen Paare verschiedener Personen',
    needs:
      'Die gespeicherten Bytes mehrerer Bilder, bekannter oder unbekannter Personen. Kein Schlüssel, kein Original.',
    measure: 'Kolmogorow-Smirnow-Abstand zwischen den Abständen gleicher und verschiedener Personen',
    passesWhen: 'der Abstand liegt jenseits dessen, was unverbundene Daten einmal in tausend Fällen erreichen',
  },
};

/** German words for what the registry says, by its ids. */
export const registry: RegistryWords = { systems: { ...ciphers, ...modelAttacks, ...others }, attacks, figure };
