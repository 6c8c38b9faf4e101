// The studio of a livestream, and the page of its encoder.
import { offerCopies } from "./hosting/copies.ts";
import { keepFresh } from "./hosting/fresh.ts";
import { openStudio } from "./studio/page/page.ts";

const EVERY_MS = 3000;

offerCopies();
const encoder = document.querySelector<HTMLElement>("[data-desk]");
if (encoder) keepFresh(encoder, encoder.dataset["desk"] ?? "", EVERY_MS);
const studio = document.querySelector<HTMLElement>("[data-studio]");
if (studio) openStudio(studio);
