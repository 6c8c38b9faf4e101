import { indexAt } from "./chapters.ts";
import type { Parts } from "./parts.ts";
import type { Words } from "./player.ts";
import { clock, fill } from "./times.ts";

/** What the player shows besides the picture; positions in seconds. */
export interface Scene {
  first: number;
  last: number;
  started: boolean;
  isLive: boolean;
  atLive: boolean;
}

const SVG = "http://www.w3.org/2000/svg";
const BAR = 1000; // units of the bar's drawing
const GAP = 4;

/** Draw buttons, bar and times as they are now. */
export function draw(parts: Parts, scene: Scene, words: Words): void {
  const { root, video, live, toggle, mute, volume, rate } = parts;
  const { isLive, atLive } = scene;
  root.classList.toggle("player--started", scene.started);
  root.classList.toggle("player--paused", video.paused);
  root.classList.toggle("player--muted", video.muted || video.volume === 0);
  root.classList.toggle("player--at-live", atLive);
  root.classList.toggle("player--is-live", isLive);
  setLabel(toggle, words[video.paused ? "play" : "pause"]);
  setLabel(mute, words[video.muted ? "unmute" : "mute"]);
  volume.value = String(video.muted ? 0 : video.volume);
  rate.disabled = isLive;
  live.hidden = !isLive;
  setText(live.querySelector("[data-label]"), words[atLive ? "at_live" : "go_live"] ?? "");
  drawPosition(parts, scene, words);
}

/** Offer the heights there are, the highest first, `chosen` among them selected. */
export function listHeights({ quality }: Parts, heights: number[], chosen: number, auto: string): void {
  const named = [...new Set(heights.filter((height) => height > 0))].sort((one, other) => other - one);
  const options = named.map((height) => new Option(`${height}p`, String(height)));
  quality.replaceChildren(new Option(auto, "0"), ...options);
  quality.value = String(named.includes(chosen) ? chosen : 0);
  quality.disabled = options.length < 2;
}

/** Cut the bar where chapters begin; `last` is the end of a recording, 0 for something without one. */
export function drawTicks({ ticks, chapters }: Parts, last: number): void {
  const inside = chapters.filter(({ second }) => second > 0 && second < last);
  ticks.replaceChildren(
    ...inside.map(({ second }) => {
      const gap = document.createElementNS(SVG, "rect");
      const place = { x: ((second / last) * BAR - GAP / 2).toFixed(1), width: String(GAP), height: "10" };
      for (const [name, value] of Object.entries(place)) gap.setAttribute(name, value);
      gap.classList.add("scrub-gap");
      return gap;
    }),
  );
}

/** Write where the person is or wants to be, as text, on the bar and for ears. */
function drawPosition(parts: Parts, { first, last, isLive, atLive }: Scene, words: Words): void {
  const { video, seek, done, time } = parts;
  if (seek.dataset["held"] === undefined) {
    seek.min = String(Math.floor(first));
    seek.max = String(Math.max(Math.floor(last), 1));
    seek.value = String(Math.floor(video.currentTime));
  }
  const second = Number(seek.value);
  const share = last > first ? Math.min(1, Math.max(0, (second - first) / (last - first))) : 0;
  done.setAttribute("width", String(Math.round(share * BAR)));
  const chapter = parts.chapters[indexAt(parts.chapters, second)]?.title;
  const values = { at: clock(second), all: clock(last), behind: clock(last - second), chapter: chapter ?? "" };
  const recorded = chapter ? "spoken_chapter" : "spoken_at";
  const spoken = isLive ? (atLive ? "spoken_live" : "spoken_behind") : recorded;
  seek.setAttribute("aria-valuetext", fill(words[spoken] ?? "", values));
  setText(time, isLive ? values.at : fill(words["position"] ?? "", values));
}

function setLabel(button: HTMLButtonElement, label = ""): void {
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
}

function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text; // equal text is no change to report
}
