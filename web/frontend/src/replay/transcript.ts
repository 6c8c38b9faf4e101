import { Finder } from "./finder.ts";
import type { Marked } from "./following.ts";

/** The transcript: one language of several, kept with the sound, and searched. */
export function bindTranscript(room: HTMLElement, lists: readonly Marked[]): void {
  const section = room.querySelector<HTMLElement>("[data-transcripts]");
  if (!section) return;
  const tracks = lists.filter(({ list }) => section.contains(list));
  for (const track of tracks) offerFollowing(track);
  const finder = new Finder(section, tracks);
  offerLanguages(section, () => finder.look());
}

/** Show the button that follows again while a reader has taken the list over. */
function offerFollowing(track: Marked): void {
  const button = track.list.parentElement?.querySelector<HTMLButtonElement>("[data-follow]");
  if (!button) return;
  track.changed = (follows) => (button.hidden = follows);
  button.addEventListener("click", () => {
    track.takeUp();
    track.list.focus({ preventScroll: true }); // the button that had the focus goes away
  });
}

/** One of the languages is open at a time: without scripts by their summaries, with them by these buttons. */
function offerLanguages(section: HTMLElement, changed: () => void): void {
  const buttons = [...section.querySelectorAll<HTMLButtonElement>("[data-language]")];
  const parts = [...section.querySelectorAll<HTMLDetailsElement>("details")];
  const choose = (at: number) => {
    parts.forEach((part, index) => (part.open = index === at));
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === at)));
    changed();
  };
  buttons.forEach((button, at) => button.addEventListener("click", () => choose(at)));
}
