/** Names, ideals and notes of the Laboratory's figures as core/schemes/measures.ts says them, and their German. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^entropy of the cipher \((.+)\)$/, 'Entropie des Chiffrats ($1)'],
  [/^local entropy of the cipher \((.+)\)$/, 'lokale Entropie des Chiffrats ($1)'],
  [/^histogram chi-square of the cipher \((.+)\)$/, 'Chi-Quadrat des Histogramms, Chiffrat ($1)'],
  [/^(NPCR|UACI), one pixel changed by one$/, '$1, ein Pixel um eins geändert'],
  [/^(NPCR|UACI), the same with a fresh nonce each time$/, '$1, dasselbe mit jeweils neuer Nonce'],
  [/^(NPCR|UACI), one key bit flipped$/, '$1, ein Schlüsselbit gekippt'],
  [/^correlation of the cipher, horizontal$/, 'Korrelation des Chiffrats, waagerecht'],
  [/^correlation of the cipher, vertical$/, 'Korrelation des Chiffrats, senkrecht'],
  [/^correlation of the cipher, diagonal$/, 'Korrelation des Chiffrats, diagonal'],
  [/^(PSNR|SSIM) of the cipher$/, '$1 des Chiffrats'],
  [/^(MSE|PSNR|SSIM|MS-SSIM|UIQ) of the recovered picture$/, '$1 des zurückgewonnenen Bildes'],
  [/^PSNR with one key bit wrong$/, 'PSNR mit einem falschen Schlüsselbit'],
  [/^log2 of the key space$/, 'log2 des Schlüsselraums'],
  [/^compression ratio$/, 'Kompressionsverhältnis'],
  [/^payload$/, 'Nutzlast'],
  [/^bitrate overhead over plain JPEG$/, 'Mehr an Bitrate gegenüber JPEG des Originals'],
  [/^bitrate overhead$/, 'Mehr an Bitrate'],
  [/^PSNR lost against plain JPEG$/, 'PSNR-Verlust gegenüber JPEG des Originals'],
  [/^BD-rate against plain JPEG$/, 'BD-Rate gegenüber JPEG des Originals'],
  [/^random: ([\d.]+)$/, 'Zufall: $1'],
  [/^random: ([\d.]+); at least ([\d.]+)$/, 'Zufall: $1; mindestens $2'],
  [/^random: ([\d.]+); ([\d.]+) to ([\d.]+)$/, 'Zufall: $1; $2 bis $3'],
  [/^([\d.]+) to ([\d.]+)$/, '$1 bis $2'],
  [/^at least ([\d.]+)$/, 'mindestens $1'],
  [/^at most ±([\d.]+)$/, 'höchstens ±$1'],
  [/^p at least ([\d.]+), (\d+) degrees of freedom$/, 'p mindestens $1, $2 Freiheitsgrade'],
  [/^p ([\d.]+), suspiciously even$/, 'p $1, verdächtig gleichmäßig'],
  [/^p ([\d.]+)$/, 'p $1'],
  [/^low$/, 'niedrig'],
  [/^near 0$/, 'nahe 0'],
  [/^rejected$/, 'abgewiesen'],
  [/^no block of 44×44 fits$/, 'kein Block von 44×44 passt'],
  [/^(\d+) blocks$/, '$1 Blöcke'],
  [/^says something about diffusion, not about security$/, 'sagt etwas über Diffusion, nicht über Sicherheit'],
  [/^undefined: the cipher is constant$/, 'nicht bestimmt: Das Chiffrat ist konstant'],
  [/^original: undefined$/, 'Original: nicht bestimmt'],
  [/^original: (-?[\d.]+)$/, 'Original: $1'],
  [
    /^the cipher has another depth or size than the original$/,
    'das Chiffrat hat eine andere Tiefe oder Größe als das Original',
  ],
  [/^no window fits, or all are constant$/, 'kein Fenster passt, oder alle sind konstant'],
  [/^(\d+) scales$/, '$1 Stufen'],
  [/^the picture is smaller than the window$/, 'das Bild ist kleiner als das Fenster'],
  [/^mean over (\d+) key bits, nonce held, (\d+×\d+)$/, 'Mittel über $1 Schlüsselbits, Nonce festgehalten, $2'],
  [/^a count, no measure of security$/, 'eine Anzahl, kein Maß für Sicherheit'],
  [/^(\d+) stored bits a sample against the whole payload$/, '$1 gespeicherte Bit je Wert gegen die ganze Nutzlast'],
  [/^no JPEG in this run$/, 'kein JPEG in diesem Lauf'],
  [/^quality (\d+)$/, 'Qualität $1'],
  [/^qualities ([\d, ]+)$/, 'Qualitäten $1'],
  [/^the curves do not meet$/, 'die Kurven begegnen sich nicht'],
];

const PLANES: readonly (readonly [string, string])[] = [
  ['(byte)', '(Byte)'],
  ['(low byte)', '(niederes Byte)'],
  ['(high byte)', '(höheres Byte)'],
];

/** The German of a figure's name, ideal or note, numbers with their comma; null where there is no rule for it. */
export function figure(text: string): string | null {
  const rule = RULES.find(([pattern]) => pattern.test(text));
  if (rule === undefined) return null;
  const said = text.replace(...rule).replaceAll(/(\d)\.(\d)/g, '$1,$2');
  return PLANES.reduce((made, [english, german]) => made.replace(english, german), said);
}
