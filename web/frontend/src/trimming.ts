// The page on which a replay is cut: positions are taken from the second that plays.
import { clock } from "./player/times.ts";

const TENTH = 10;

const place = document.querySelector<HTMLElement>("[data-trim]");
const video = document.querySelector<HTMLVideoElement>("[data-part=video]");
if (place && video) offerTrimming(place, video);

function offerTrimming(place: HTMLElement, video: HTMLVideoElement): void {
  for (const button of place.querySelectorAll<HTMLElement>("[data-here]"))
    button.addEventListener("click", () => take(place, video, button.dataset["here"] ?? ""));
  document.addEventListener("keydown", (event) => {
    const name = { i: "start_seconds", o: "end_seconds" }[event.key.toLowerCase()];
    if (!name || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    take(place, video, name);
  });
  stopAtTheEnd(place, video);
  const rows = place.querySelector<HTMLElement>("[data-chapter-rows]");
  place.querySelector("[data-add-chapter]")?.addEventListener("click", () => rows && addChapter(rows, video));
}

/** Write the second that plays into a field, as people write it. */
function take(place: HTMLElement, video: HTMLVideoElement, name: string): void {
  const field = place.querySelector<HTMLInputElement>(`input[type=text][name=${name}], input:not([type])[name=${name}]`);
  if (!field) return;
  field.value = written(video.currentTime);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
}

/** Write a position with its tenth where it has one: 72.4 → "1:12.4". */
function written(seconds: number): string {
  const tenths = Math.floor((seconds % 1) * TENTH);
  return tenths > 0 ? `${clock(seconds)}.${tenths}` : clock(seconds);
}

/** What is previewed ends where the replay would: the room has begun to play it by the link. */
function stopAtTheEnd(place: HTMLElement, video: HTMLVideoElement): void {
  let until = Infinity;
  for (const link of place.querySelectorAll<HTMLElement>("[data-play-to]"))
    link.addEventListener("click", () => (until = Number(link.dataset["playTo"])));
  video.addEventListener("timeupdate", () => {
    if (video.currentTime < until) return;
    until = Infinity;
    video.pause();
  });
}

/** Fill the empty last row with the second that plays, and put another empty one below it. */
function addChapter(rows: HTMLElement, video: HTMLVideoElement): void {
  const last = rows.lastElementChild;
  if (!(last instanceof HTMLElement)) return;
  const empty = last.cloneNode(true) as HTMLElement;
  const [at, title] = last.querySelectorAll("input");
  if (!at || !title) return;
  at.value = clock(video.currentTime);
  for (const input of empty.querySelectorAll("input")) input.value = "";
  rows.append(empty);
  title.focus();
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
}
