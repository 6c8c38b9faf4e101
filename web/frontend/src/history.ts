// Where somebody stopped, kept by the site for those who said yes to it; else nothing is sent.
import { keepPlace, recallPlace } from "./replay/places.ts";

const EVERY_MS = 15_000;

/** Bring the place that is kept by the site into this browser, which goes on from there. */
export function takePlaceFromSite(room: HTMLElement): void {
  const id = room.dataset["room"] ?? "";
  const second = Number(document.querySelector<HTMLElement>("[data-history]")?.dataset["second"] ?? 0);
  if (id !== "" && second > recallPlace(id)) keepPlace(id, second, Infinity);
}

/** Tell the site where somebody is, every 15 seconds and when she pauses or leaves. */
export function keepOnSite(video: HTMLVideoElement): void {
  const element = document.querySelector<HTMLElement>("[data-history]");
  const address = element?.dataset["history"];
  if (!element || !address) return;
  let kept = 0;
  let last = -1;
  const keep = () => {
    const seconds = Math.floor(video.currentTime);
    if (seconds === last || seconds <= 0) return;
    [kept, last] = [performance.now(), seconds];
    const duration = Number.isFinite(video.duration) ? Math.floor(video.duration) : 0;
    void fetch(address, {
      method: "PUT",
      keepalive: true,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": element.dataset["token"] ?? "" },
      body: JSON.stringify({ seconds, duration }),
    }).catch(() => undefined);
  };
  video.addEventListener("timeupdate", () => {
    if (performance.now() - kept >= EVERY_MS) keep();
  });
  video.addEventListener("pause", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
