// What the server wrote into the page: facts of the livestream, addresses, and every sentence.
import { fill as filled } from "../../player/times.ts";

/** Translated sentences by name; `streams/studio/_words.html` renders them. */
export type Words = Record<string, string>;

/** Facts of one livestream as the page was given them; moments are milliseconds since the epoch. */
export interface Facts {
  id: string;
  face: string;
  state: string;
  api: string;
  parts: string;
  token: string;
  uploadUrl: string;
  startsAt: number;
  endsAt: number;
  startedAt: number | null;
  /** How far this computer's clock is behind the server's. */
  ahead: number;
  runs: boolean;
  /** Whoever runs it shows a talk that was recorded earlier: nothing is sent. */
  premiere: boolean;
  autoStart: boolean;
  host: string;
  title: string;
  slidesUrl: string;
  uplinkUrl: string;
  pdf: { script: string; worker: string };
  stageWords: string;
  words: Words;
}

/** Read the facts from the root of the studio. */
export function readFacts(root: HTMLElement, now = Date.now()): Facts {
  const said = (name: string) => root.dataset[name] ?? "";
  const moment = (name: string) => Date.parse(said(name));
  const started = moment("startedAt");
  return {
    id: said("studio"),
    face: said("face"),
    state: said("state"),
    api: said("api"),
    parts: said("parts"),
    token: said("token"),
    uploadUrl: said("uploadUrl"),
    startsAt: moment("startsAt"),
    endsAt: moment("endsAt"),
    startedAt: Number.isNaN(started) ? null : started,
    ahead: moment("now") - now,
    runs: root.dataset["runs"] !== undefined,
    premiere: root.dataset["premiere"] !== undefined,
    autoStart: root.dataset["autoStart"] !== undefined,
    host: said("host"),
    title: said("title"),
    slidesUrl: said("slides"),
    uplinkUrl: said("uplink"),
    pdf: { script: said("pdfScript"), worker: said("pdfWorker") },
    stageWords: said("stageWords"),
    words: JSON.parse(said("words") || "{}") as Words,
  };
}

/** Put values in place of `{names}`; nothing for a sentence that is not there. */
export function fill(sentence: string | undefined, values: Record<string, string | number> = {}): string {
  return filled(sentence ?? "", values);
}
