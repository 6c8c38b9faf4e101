// Reads slides, in a file of its own: it is large, and no page needs it before slides are opened.
// `studio/stage/pdf.ts` fetches it and takes it from where it is put here.
import { getDocument, GlobalWorkerOptions, version, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** Open a PDF; `worker` is the address of `pdf_worker.js`, which has the fonts beside it. */
async function open(data: Uint8Array, worker: string): Promise<PDFDocumentProxy> {
  GlobalWorkerOptions.workerPort ??= new Worker(worker); // a classic script, as all of ours
  const beside = new URL(`pdfjs/${version}/`, new URL(worker, location.href)).href;
  return await getDocument({
    data,
    cMapUrl: `${beside}cmaps/`,
    standardFontDataUrl: `${beside}standard_fonts/`,
    wasmUrl: `${beside}wasm/`,
    iccUrl: `${beside}iccs/`,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: 50_000_000, // pixels: a picture that would fill the memory is left out
  }).promise;
}

export type PdfEngine = { open: typeof open };

(globalThis as { mindcastPdf?: PdfEngine }).mindcastPdf = { open };
