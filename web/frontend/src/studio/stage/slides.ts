import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { contain, PICTURE, type Size } from "./geometry.ts";
import { fetchPdfEngine } from "./pdf.ts";
import { pdfCodeOf, troubled } from "./remedies.ts";
import type { StageOptions, StageWords, Trouble, TroubleCode } from "./types.ts";

const MOST_BYTES = 40 << 20; // as the server takes them
const MOST_PAGES = 500;
const KEPT = 6; // pages of 3.7 MB each
const LONGEST_MS = 20_000; // a page that takes longer is made to keep browsers busy

/** The slides of a host: a PDF, one page of which can be shown. Dispatches `change`. */
export class Slides extends EventTarget {
  /** The page that is shown, from 1; 0 without slides. */
  page = 0;
  /** How many pages there are. */
  count = 0;
  name = "";
  /** The page as a picture that fits into 1280x720. */
  picture: ImageBitmap | null = null;
  private readonly pdf: StageOptions["pdf"];
  private readonly words: StageWords;
  private document: PDFDocumentProxy | null = null;
  private readonly drawn = new Map<number, Promise<ImageBitmap>>();
  private turn = 0;

  constructor(pdf: StageOptions["pdf"], words: StageWords) {
    super();
    this.pdf = pdf;
    this.words = words;
  }

  /** Open a PDF and show its first page; rejects with a {@link Trouble}. The former slides stay then. */
  async open(file: Blob & { name?: string }): Promise<void> {
    if (file.size > MOST_BYTES) throw this.trouble("pdf_too_big");
    if (file.size === 0) throw this.trouble("pdf_empty");
    const opened = await this.read(file);
    if (opened.numPages > MOST_PAGES) {
      void opened.loadingTask.destroy();
      throw this.trouble("pdf_too_big");
    }
    this.close();
    this.document = opened;
    this.count = opened.numPages;
    this.name = file.name ?? "";
    await this.go(1);
  }

  /** Take the slides away. */
  close(): void {
    void this.document?.loadingTask.destroy();
    for (const one of this.drawn.values()) void one.then((bitmap) => bitmap.close(), () => undefined);
    this.drawn.clear();
    this.document = this.picture = null;
    this.page = this.count = 0;
    this.turn++;
    this.changed();
  }

  next(): Promise<void> { return this.go(this.page + 1); }
  previous(): Promise<void> { return this.go(this.page - 1); }

  /** Show page `number`, from 1; before the first and after the last nothing happens. */
  async go(number: number): Promise<void> {
    if (!this.document || number < 1 || number > this.count || number === this.page) return;
    this.page = number;
    const turn = ++this.turn;
    this.changed();
    const picture = await this.draw(number);
    if (turn !== this.turn) return; // turned on meanwhile
    this.picture = picture;
    this.changed();
    this.drawAhead(number);
  }

  /** Return a small picture of a page, `width` pixels wide; the caller closes it. */
  async thumbnail(number: number, width = 160): Promise<ImageBitmap> {
    return await this.render(number, { width, height: (width * PICTURE.height) / PICTURE.width });
  }

  private async read(file: Blob): Promise<PDFDocumentProxy> {
    const data = new Uint8Array(await file.arrayBuffer());
    const engine = await fetchPdfEngine(this.pdf.script).catch(() => { throw this.trouble("failed"); });
    try {
      return await engine.open(data, this.pdf.worker);
    } catch (fault) {
      throw troubled(fault, "slides", pdfCodeOf(fault), this.words);
    }
  }

  /** Return a page as a picture; what was drawn lately is kept. */
  private draw(number: number): Promise<ImageBitmap> {
    const known = this.drawn.get(number);
    this.drawn.delete(number); // and to the end of the order
    const drawing = known ?? this.render(number, PICTURE);
    this.drawn.set(number, drawing);
    if (!known) drawing.catch(() => this.drawn.delete(number));
    this.forgetOldest();
    return drawing;
  }

  private drawAhead(number: number): void {
    if (number < this.count) this.draw(number + 1).catch(() => undefined); // told when it is turned to
  }

  private forgetOldest(): void {
    for (const [number, drawing] of this.drawn) {
      if (this.drawn.size <= KEPT) return;
      if (number === this.page) continue;
      this.drawn.delete(number);
      void drawing.then((bitmap) => { if (bitmap !== this.picture) bitmap.close(); }, () => undefined);
    }
  }

  private async render(number: number, size: Size): Promise<ImageBitmap> {
    if (!this.document) throw this.trouble("pdf_empty");
    try {
      return await within(LONGEST_MS, renderPage(this.document, number, size));
    } catch (fault) {
      throw troubled(fault, "slides", "pdf_damaged", this.words);
    }
  }

  private trouble(code: TroubleCode): Trouble {
    return troubled(null, "slides", code, this.words);
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

async function renderPage(pdf: PDFDocumentProxy, number: number, size: Size): Promise<ImageBitmap> {
  const page = await pdf.getPage(number);
  const whole = page.getViewport({ scale: 1 });
  const { width, height } = contain(whole, { x: 0, y: 0, ...size });
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, width), height: Math.max(1, height) });
  const viewport = page.getViewport({ scale: width / whole.width });
  // "print" draws at once: "display" waits for the page to be seen, and the host may look elsewhere
  await page.render({ canvas, viewport, background: "#ffffff", intent: "print" }).promise;
  page.cleanup();
  return await createImageBitmap(canvas);
}

async function within<T>(ms: number, act: Promise<T>): Promise<T> {
  let timer = 0;
  const late = new Promise<never>((_, reject) => { timer = window.setTimeout(() => reject(new Error("late")), ms); });
  try {
    return await Promise.race([act, late]);
  } finally {
    clearTimeout(timer);
  }
}
