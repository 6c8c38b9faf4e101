import { fill, linkedSecond } from "../player/times.ts";
import { patternFor, piecesOf, stepFrom } from "./finding.ts";
import type { Marked } from "./following.ts";

/** Looking for words in the transcript that is open: as they are typed, then from place to place. */
export class Finder {
  private readonly tracks: readonly Marked[];
  private readonly input: HTMLInputElement;
  private readonly said: HTMLElement;
  private readonly steps: HTMLElement;
  private readonly words: Record<string, string>;
  private places: number[] = [];
  private at = -1;

  constructor(section: HTMLElement, tracks: readonly Marked[]) {
    const form = section.querySelector<HTMLFormElement>("[data-find]");
    const find = <T extends HTMLElement>(name: string) => form?.querySelector<T>(`[data-find-${name}]`) as T;
    this.tracks = tracks;
    this.input = find<HTMLInputElement>("words");
    this.said = find("said");
    this.steps = find("steps");
    this.words = JSON.parse(form?.dataset["find"] ?? "{}") as Record<string, string>;
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("keydown", (event) => this.press(event));
    form?.addEventListener("submit", (event) => {
      event.preventDefault(); // what is looked for stays in this browser
      this.step(1);
    });
    this.steps.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-step]") : null;
      if (button) this.step(button.dataset["step"] === "-1" ? -1 : 1);
    });
    if (this.input.value) this.look();
  }

  /** Mark what is looked for in the open transcript, and show its first place. */
  look(): void {
    const track = this.open;
    const texts = track ? linesOf(track).map((line) => line.textContent) : [];
    const pattern = patternFor(this.input.value, texts);
    for (const one of this.tracks) this.markIn(one, one === track ? pattern : null);
    this.places = texts.flatMap((text, line) => (pattern?.test(text) ? [line] : []));
    this.at = -1;
    this.steps.hidden = this.places.length === 0;
    this.say();
    if (this.places.length > 0 && track) this.showPlace(track, stepFrom(this.places, from(track) - 1, 1));
  }

  private step(step: 1 | -1): void {
    const track = this.open;
    if (!track || this.places.length === 0) return;
    const first = track.line < 0 ? from(track) - 1 : track.line; // what is shown before it plays comes first
    const here = this.at < 0 ? first : (this.places[this.at] ?? 0);
    this.at = stepFrom(this.places, here, step);
    this.showPlace(track, this.at);
    this.say();
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing) return; // Enter takes what an input method offers
    if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && this.input.value) this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private clear(): void {
    this.input.value = "";
    this.look();
    this.open?.takeUp();
  }

  /** The transcript that can be read now. */
  private get open(): Marked | undefined {
    return this.tracks.find(({ list }) => list.closest("details")?.open ?? true);
  }

  private markIn(track: Marked, pattern: RegExp | null): void {
    for (const line of linesOf(track)) {
      line.closest("li")?.classList.remove("is-place");
      if (!pattern && !line.firstElementChild) continue; // nothing is marked and nothing was
      const pieces = piecesOf(line.textContent, pattern);
      line.replaceChildren(...pieces.map(({ text, found }) => (found ? markOf(text) : text)));
    }
  }

  private showPlace(track: Marked, at: number): void {
    const line = this.places[at] ?? -1;
    const items = track.list.querySelectorAll("li");
    track.leave();
    track.show(line);
    items.forEach((item, index) => item.classList.toggle("is-place", index === line));
  }

  private say(): void {
    const text = this.input.value.trim();
    const name = ["find_none", "find_one"][this.places.length] ?? "find_many";
    const values = { text, count: this.places.length, at: this.at + 1 };
    const found = text === "" ? "" : fill(this.words[name] ?? "", values);
    const place = this.at < 0 || this.places.length === 1 ? "" : fill(this.words["find_at"] ?? "", values);
    this.said.textContent = place || found;
  }
}

/** The line to look from: where the sound is or, before it plays, where the address says that it will begin. */
function from(track: Marked): number {
  return track.line < 0 ? track.at(linkedSecond(location) ?? -1) : track.line;
}

function linesOf(track: Marked): HTMLElement[] {
  return [...track.list.querySelectorAll<HTMLElement>("a > span")];
}

function markOf(text: string): HTMLElement {
  return Object.assign(document.createElement("mark"), { textContent: text });
}
