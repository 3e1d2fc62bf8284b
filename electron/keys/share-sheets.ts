/**
 * The sheets of a set of key shares: one A4 page for each, with the share as text and as a QR code. Made here and nowhere
 * else, from the fonts that every PDF reader has; nothing is fetched, and nothing of it stays in memory that is ours to wipe
 * (the texts are strings, because people read them).
 */
import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from 'pdf-lib';
import { create as createQr } from 'qrcode';
import type { NewShares } from './key-slots.ts';
import { SHEET_WORDS, type SheetLanguage } from './sheet-words.ts';

/** A4 in points, and its margin. */
const WIDTH = 595.28;
const HEIGHT = 841.89;
const MARGIN = 64;
/** Side of the QR code, in points: 6 cm, which a phone's camera reads from a hand's breadth. */
const QR_SIDE = 170;
/** Groups of a share on one line. */
const GROUPS_A_LINE = 6;
const BLACK = rgb(0, 0, 0);

interface Fonts {
  readonly text: PDFFont;
  readonly strong: PDFFont;
  readonly mono: PDFFont;
}

/** The standard fonts know Western European letters only; what they lack becomes a question mark instead of no sheet. */
function printable(text: string, font: PDFFont): string {
  const known = new Set(font.getCharacterSet());
  return [...text.normalize('NFC')].map((one) => (known.has(one.codePointAt(0) ?? 0) ? one : '?')).join('');
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => String(values[name] ?? ''));
}

/** Breaks at spaces to lines of at most `width` points. */
function lines(text: string, font: PDFFont, size: number, width: number): string[] {
  const broken: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && font.widthOfTextAtSize(longer, size) > width) {
      broken.push(line);
      line = word;
    } else line = longer;
  }
  return [...broken, line];
}

/** Writes downwards from the top of a page. */
class Writer {
  readonly #page: PDFPage;
  y = HEIGHT - MARGIN;

  constructor(page: PDFPage) {
    this.#page = page;
  }

  write(text: string, font: PDFFont, size: number, gap: number, indent = 0): void {
    for (const line of lines(printable(text, font), font, size, WIDTH - 2 * MARGIN - indent)) {
      this.y -= size * 1.35;
      this.#page.drawText(line, { x: MARGIN + indent, y: this.y, size, font, color: BLACK });
    }
    this.y -= gap;
  }

  /** Modules as squares: sharp at every resolution of a printer. */
  qr(text: string): void {
    const { modules } = createQr(text, { errorCorrectionLevel: 'M' });
    const side = QR_SIDE / modules.size;
    for (let row = 0; row < modules.size; row++)
      for (let column = 0; column < modules.size; column++) {
        if (!modules.get(row, column)) continue;
        const at = { x: MARGIN + column * side, y: this.y - (row + 1) * side };
        this.#page.drawRectangle({ ...at, width: side * 1.01, height: side * 1.01, color: BLACK });
      }
    this.y -= QR_SIDE + 20;
  }
}

function drawSheet(page: PDFPage, fonts: Fonts, set: NewShares, index: number, language: SheetLanguage): void {
  const words = SHEET_WORDS[language];
  const { setId, threshold, shares } = set;
  const values = {
    vault: set.vaultName,
    set: setId,
    index: index + 1,
    count: shares.length,
    threshold,
    date: set.createdAt.slice(0, 10),
  };
  const share = shares[index] ?? '';
  const writer = new Writer(page);
  writer.write(words.title, fonts.strong, 24, 10);
  writer.write(fill(words.vault, values), fonts.strong, 14, 4);
  writer.write(`${fill(words.set, values)}. ${fill(words.made, values)}.`, fonts.text, 12, 4);
  writer.write(fill(words.place, values), fonts.text, 12, 20);
  const groups = share.split('-');
  for (let at = 0; at < groups.length; at += GROUPS_A_LINE)
    writer.write(groups.slice(at, at + GROUPS_A_LINE).join(' - '), fonts.mono, 15, 6);
  writer.y -= 14;
  writer.qr(share);
  for (const [at, step] of words.steps.entries()) writer.write(`${at + 1}. ${fill(step, values)}`, fonts.text, 11, 5);
  page.drawText(fill(words.page, values), { x: MARGIN, y: MARGIN / 2, size: 9, font: fonts.text, color: BLACK });
}

/** The PDF of a set. No patient data is in it. */
export async function shareSheets(set: NewShares, language: SheetLanguage): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setTitle(`${SHEET_WORDS[language].title} ${set.setId}`);
  document.setProducer('Vitrine');
  document.setCreator('Vitrine');
  const fonts: Fonts = {
    text: await document.embedFont(StandardFonts.Helvetica),
    strong: await document.embedFont(StandardFonts.HelveticaBold),
    mono: await document.embedFont(StandardFonts.CourierBold),
  };
  for (const index of set.shares.keys()) drawSheet(document.addPage([WIDTH, HEIGHT]), fonts, set, index, language);
  return document.save();
}
