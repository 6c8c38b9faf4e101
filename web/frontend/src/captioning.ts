// The pages on which captions are corrected and typed.
import { correct } from "./captioning/correcting.ts";
import { type } from "./captioning/typing.ts";

const video = document.querySelector<HTMLVideoElement>("[data-part=video]");
const lines = document.querySelector<HTMLFormElement>("form[data-correcting]");
const next = document.querySelector<HTMLFormElement>("form[data-typing]");
if (lines && video) correct(lines, video);
if (next) type(next);
