import { indexAt } from "../player/chapters.ts";
import { linkedSecond } from "../player/times.ts";

/** Lists of links to seconds, of which the one that is on is marked. */
export interface Following {
  lists: Marked[];
}

/** Mark where the sound is in chapters, transcript and questions, and let their links go to their seconds. */
export function followRecording(room: HTMLElement, video: HTMLVideoElement, go: (second: number) => void): Following {
  const lists = [...room.querySelectorAll<HTMLElement>("[data-chapters], [data-transcript], [data-in-step]")];
  const marked = lists.map((list) => new Marked(list));
  video.addEventListener("timeupdate", () => marked.forEach((one) => one.mark(video.currentTime)));
  room.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#t="]') : null;
    const second = link && linkedSecond({ hash: link.hash, search: "" });
    if (!link || second === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the address names the second, but the page does not jump
    history.replaceState(null, "", link.hash);
    marked.forEach((one) => one.takeUp());
    go(second);
  });
  // A browser scrolls to the line that the address names; who comes by such a link comes for the video.
  if (lists.length > 0 && linkedSecond({ hash: location.hash, search: "" }) !== null)
    requestAnimationFrame(() => scrollTo(0, 0));
  return { lists: marked };
}

const READING_KEYS = /^(Arrow(Up|Down)|Page(Up|Down)|Home|End|Tab| )$/;

/**
 * A list of links to seconds, of which one is current and kept in view within the list: the page is never moved.
 *
 * Who scrolls the list herself, or goes through it by Tab, is left alone until she asks to follow again.
 */
export class Marked {
  readonly list: HTMLElement;
  /** Told whenever it begins or ceases to follow. */
  changed: (follows: boolean) => void = () => undefined;
  private readonly links: { second: number; link: HTMLElement }[];
  private current = -1;
  private follows = true;

  constructor(list: HTMLElement) {
    this.list = list;
    const links = [...list.querySelectorAll<HTMLElement>("[data-second]")];
    this.links = links.map((link) => ({ second: Number(link.dataset["second"]), link }));
    for (const event of ["wheel", "touchmove"]) list.addEventListener(event, () => this.leave(), { passive: true });
    list.addEventListener("pointerdown", (event) => {
      if (event.target === list) this.leave(); // its own bar is pulled
    });
    list.addEventListener("keydown", (event) => {
      if (READING_KEYS.test(event.key)) this.leave();
    });
  }

  /** The index of the current line; -1 before the first. */
  get line(): number {
    return this.current;
  }

  /** The index of the line that is on at a second. */
  at(second: number): number {
    return indexAt(this.links, second);
  }

  mark(second: number): void {
    const index = indexAt(this.links, second);
    if (index === this.current) return;
    this.links[this.current]?.link.removeAttribute("aria-current");
    this.current = index;
    this.links[index]?.link.setAttribute("aria-current", "true");
    if (this.follows) this.show(index);
  }

  /** Leave the list to the reader. */
  leave(): void {
    if (!this.follows || this.current < 0 || !this.scrolls) return; // nothing is followed yet
    this.follows = false;
    this.changed(false);
  }

  /** Follow again, from the current line on. */
  takeUp(): void {
    this.show(this.current);
    if (this.follows) return;
    this.follows = true;
    this.changed(true);
  }

  /** Bring a line into view within the list. */
  show(index: number): void {
    const link = this.links[index]?.link;
    const { list } = this;
    if (!link || !this.scrolls) return;
    const [box, line] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (line.top >= box.top && line.bottom <= box.bottom) return;
    list.scrollTop += line.top - box.top - box.height / 4;
  }

  private get scrolls(): boolean {
    return this.list.scrollHeight > this.list.clientHeight;
  }
}
