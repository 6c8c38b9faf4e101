import type { Chapter } from "./chapters.ts";

/** The elements of a player, as `streams/_player.html` draws them, and the chapters of the page. */
export interface Parts {
  root: HTMLElement;
  video: HTMLVideoElement;
  join: HTMLButtonElement;
  toggle: HTMLButtonElement;
  mute: HTMLButtonElement;
  volume: HTMLInputElement;
  live: HTMLButtonElement;
  seek: HTMLInputElement;
  done: SVGRectElement;
  ticks: SVGGElement;
  peek: HTMLElement;
  time: HTMLElement;
  full: HTMLButtonElement;
  keys: HTMLElement;
  cc: HTMLButtonElement;
  captions: HTMLSelectElement;
  quality: HTMLSelectElement;
  rate: HTMLSelectElement;
  sound: HTMLInputElement;
  save: HTMLInputElement;
  trouble: HTMLElement;
  retry: HTMLButtonElement;
  chapters: Chapter[];
}

const NAMES = [
  "video",
  "join",
  "toggle",
  "mute",
  "volume",
  "live",
  "seek",
  "done",
  "ticks",
  "peek",
  "time",
  "full",
  "keys",
  "cc",
  "captions",
  "quality",
  "rate",
  "sound",
  "save",
  "trouble",
  "retry",
] as const;

/** Find the parts within the room; the template and this list belong together. */
export function findParts(room: HTMLElement): Parts {
  const find = (name: string) => {
    const element = room.querySelector(`[data-part="${name}"]`);
    if (!element) throw new Error(`the player has no ${name}`);
    return element;
  };
  const parts = Object.fromEntries(NAMES.map((name) => [name, find(name)]));
  return { root: find("player"), ...parts, chapters: readChapters(room) } as unknown as Parts;
}

function readChapters(room: HTMLElement): Chapter[] {
  return [...room.querySelectorAll<HTMLElement>("[data-chapters] [data-second]")].map((link) => ({
    second: Number(link.dataset["second"]),
    title: link.querySelector("[data-title]")?.textContent ?? "",
  }));
}
