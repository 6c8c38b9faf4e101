// The half of pdf.js that works beside the page; `pdf.ts` starts it.
import "pdfjs-dist/legacy/build/pdf.worker.min.mjs";
