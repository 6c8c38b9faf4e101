import { indexAt } from "../player/chapters.ts";
import type { Player } from "../player/player.ts";
import { clock, fill } from "../player/times.ts";

/** A chapter of what is live, as the audience state tells it. */
export interface SoFarChapter {
  at: string;
  second: number;
  title: string;
}

const LOOK_MS = 1_000; // how often it is seen which of them the picture can go back to

/** Return the chapter in which the picture of `moment` lies; null before the first, or while nothing plays. */
export function chapterOf(chapters: readonly SoFarChapter[], moment: number | null): SoFarChapter | null {
  if (moment === null) return null;
  const beginnings = chapters.map((one) => ({ second: Date.parse(one.at) }));
  return chapters[indexAt(beginnings, moment)] ?? null;
}

/** The list of chapters under the player: it grows, and leads back as far as the picture can go. */
export class SoFar {
  private readonly root: HTMLElement;
  private readonly list: HTMLElement;
  private readonly player: Player;
  private chapters: SoFarChapter[] = [];
  private drawn = "";

  constructor(root: HTMLElement, player: Player) {
    this.root = root;
    this.list = root.querySelector<HTMLElement>("[data-so-far-list]")!;
    this.player = player;
    this.list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) player.goBack(Date.parse(button.closest("li")?.dataset["at"] ?? ""));
    });
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Follow the audience state; a list that has not changed is left alone, with the focus in it. */
  follow(chapters: SoFarChapter[]): void {
    const text = JSON.stringify(chapters);
    if (text === this.drawn) return;
    this.tell(chapters);
    [this.drawn, this.chapters] = [text, chapters];
    this.root.hidden = chapters.length === 0;
    const tab = document.querySelector<HTMLElement>("[data-tab-so-far]");
    if (tab) tab.hidden = chapters.length === 0;
    this.write("[data-so-far-count]", String(chapters.length));
    const focused = this.list.contains(document.activeElement) ? document.activeElement?.closest("li")?.dataset["at"] : "";
    this.list.replaceChildren(...chapters.map((one) => line(one)));
    this.look();
    if (focused) this.list.querySelector<HTMLElement>(`[data-at="${focused}"] button`)?.focus();
  }

  /** Offer what the picture can go back to, and mark the chapter that it is in. */
  private look(): void {
    const here = chapterOf(this.chapters, this.player.moment);
    for (const item of this.list.children as HTMLCollectionOf<HTMLElement>) {
      const at = item.dataset["at"] ?? "";
      const one = turned(item, this.player.placeOf(Date.parse(at)) !== null);
      if (here?.at === at) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  }

  private tell(chapters: SoFarChapter[]): void {
    const newest = chapters.at(-1);
    if (this.drawn === "" || !newest || chapters.length <= this.chapters.length) return;
    this.write("[data-so-far-said]", fill(this.root.dataset["said"] ?? "", { title: newest.title }));
  }

  private write(selector: string, text: string): void {
    const part = this.root.querySelector(selector);
    if (part && part.textContent !== text) part.textContent = text;
  }
}

function line({ at, second, title }: SoFarChapter): HTMLLIElement {
  const item = document.createElement("li");
  item.dataset["at"] = at;
  const one = Object.assign(document.createElement("span"), { className: "chapters__one" });
  const time = Object.assign(document.createElement("time"), { textContent: clock(second) });
  const name = Object.assign(document.createElement("span"), { textContent: title });
  one.append(time, name, Object.assign(document.createElement("span"), { className: "dot-now" }));
  item.append(one);
  return item;
}

/** Return what a line holds: a button where it leads somewhere, else text. */
function turned(item: HTMLElement, leads: boolean): Element {
  const one = item.firstElementChild!;
  if ((one instanceof HTMLButtonElement) === leads) return one;
  const other = document.createElement(leads ? "button" : "span");
  other.className = "chapters__one";
  if (other instanceof HTMLButtonElement) other.type = "button";
  other.append(...one.childNodes);
  one.replaceWith(other);
  return other;
}
