import { linkedSecond } from "../player/times.ts";
import type { Player } from "../player/player.ts";
import { forgetPlace, keepPlace, recallPlace } from "./places.ts";

const EVERY_MS = 5_000;

const RECORDED = /^(replay|review)$/;

/** Return the second at which somebody stopped here, in this browser; a link to a second goes before it. */
export function placeToResume(room: HTMLElement): number {
  const isRecorded = RECORDED.test(room.dataset["phase"] ?? "");
  return isRecorded && linkedSecond(location) === null ? recallPlace(room.dataset["room"] ?? "") : 0;
}

/** Remember in this browser where somebody is, and let her begin anew where she would go on. */
export function offerResuming(
  room: HTMLElement,
  video: HTMLVideoElement,
  player: Player,
  go: (second: number) => void,
): void {
  const id = room.dataset["room"] ?? "";
  const anew = room.querySelector<HTMLElement>("[data-anew]");
  if (id === "") return;
  if (anew) anew.hidden = player.resumeAt === 0;
  room.toggleAttribute("data-resumes", player.resumeAt > 0);
  anew?.querySelector("button")?.addEventListener("click", () => {
    forgetPlace(id);
    go(0);
  });
  const keep = () => {
    if (player.started && video.currentTime > 0) keepPlace(id, video.currentTime, player.isLive ? Infinity : player.last);
  };
  let kept = 0;
  video.addEventListener("timeupdate", () => {
    if (performance.now() - kept < EVERY_MS) return;
    kept = performance.now();
    keep();
  });
  for (const event of ["pause", "seeked"]) video.addEventListener(event, keep);
  video.addEventListener("playing", () => {
    player.resumeAt = 0;
    if (anew) anew.hidden = true;
  });
}
