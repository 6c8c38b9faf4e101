// Fetches what reads PDFs when slides are opened: as a script of this site, at most once.
import type { PdfEngine } from "../../pdf.ts";

type Held = { mindcastPdf?: PdfEngine };

let coming: Promise<PdfEngine> | null = null;

/** Fetch the engine from `url`; rejects when it cannot be had, and the next call tries again. */
export function fetchPdfEngine(url: string): Promise<PdfEngine> {
  coming ??= new Promise<PdfEngine>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    const fail = () => {
      coming = null;
      script.remove();
      reject(new Error("pdf engine"));
    };
    script.onload = () => {
      const engine = (globalThis as Held).mindcastPdf;
      if (engine) resolve(engine);
      else fail();
    };
    script.onerror = fail;
    document.head.append(script);
  });
  return coming;
}
