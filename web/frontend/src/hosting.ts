// The desk: its changing parts are fetched again and again, and what is copied is copied by a press.
import { offerCopies } from "./hosting/copies.ts";
import { keepFresh } from "./hosting/fresh.ts";
import { offerUpload } from "./upload/page.ts";

const EVERY_MS = 3000;

offerCopies();
const desk = document.querySelector<HTMLElement>("[data-desk]");
if (desk) keepFresh(desk, desk.dataset["desk"] ?? "", EVERY_MS);
const upload = document.querySelector<HTMLElement>("[data-upload]");
if (upload) offerUpload(upload);
