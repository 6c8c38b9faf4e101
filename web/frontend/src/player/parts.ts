/** The elements of a player, as `streams/_player.html` draws them. */
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
  time: HTMLElement;
  full: HTMLButtonElement;
  keys: HTMLElement;
  quality: HTMLSelectElement;
  rate: HTMLSelectElement;
  sound: HTMLInputElement;
  trouble: HTMLElement;
  retry: HTMLButtonElement;
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
  "time",
  "full",
  "keys",
  "quality",
  "rate",
  "sound",
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
  return { root: find("player"), ...parts } as unknown as Parts;
}
