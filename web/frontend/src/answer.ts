// A page with one answer: the recording begins where the answer does, and pauses where it ends. On
// the form, the position that plays becomes the start or the end.
import { clock } from "./player/times.ts";

const element = document.querySelector<HTMLElement>("[data-room]");
const video = element?.querySelector("video");
const start = Number(element?.dataset["clipStart"] ?? 0);
const end = Number(element?.dataset["clipEnd"] ?? 0);

if (start > 0 && !location.hash) history.replaceState(history.state, "", `#t=${start}`);

if (video && end > 0) {
  let before = 0;
  video.addEventListener("timeupdate", () => {
    const now = video.currentTime;
    if (before < end && now >= end && now - before < 2) video.pause(); // who plays on may watch on
    before = now;
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-here]")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset["here"] ?? "");
    if (video && field instanceof HTMLInputElement) field.value = clock(Math.floor(video.currentTime));
  });
}
