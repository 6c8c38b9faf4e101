import { indexAt } from "../player/chapters.ts";
import type { Parts } from "../player/parts.ts";
import { linkedSecond } from "../player/times.ts";

const HANDS_OFF_MS = 8_000; // a reader who has scrolled is left alone this long

/** Mark where the sound is in chapters and transcript, and let their links go to their seconds. */
export function followRecording(room: HTMLElement, { video }: Parts, go: (second: number) => void): void {
  const lists = [...room.querySelectorAll<HTMLElement>("[data-chapters], [data-transcript]")];
  const marked = lists.map((list) => new Marked(list));
  video.addEventListener("timeupdate", () => marked.forEach((one) => one.mark(video.currentTime)));
  room.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#t="]') : null;
    const second = link && linkedSecond({ hash: link.hash, search: "" });
    if (!link || second === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the address names the second, but the page does not jump
    history.replaceState(null, "", link.hash);
    go(second);
  });
  // A browser scrolls to the line that the address names; who comes by such a link comes for the video.
  if (lists.length > 0 && linkedSecond({ hash: location.hash, search: "" }) !== null)
    requestAnimationFrame(() => scrollTo(0, 0));
}

/** A list of links to seconds, of which one is current. */
class Marked {
  private readonly list: HTMLElement;
  private readonly links: { second: number; link: HTMLElement }[];
  private current = -1;
  private touched = -Infinity;

  constructor(list: HTMLElement) {
    this.list = list;
    const links = [...list.querySelectorAll<HTMLElement>("[data-second]")];
    this.links = links.map((link) => ({ second: Number(link.dataset["second"]), link }));
    for (const event of ["wheel", "touchmove", "pointerdown", "keydown"])
      list.addEventListener(event, () => (this.touched = performance.now()), { passive: true });
  }

  mark(second: number): void {
    const index = indexAt(this.links, second);
    if (index === this.current) return;
    this.links[this.current]?.link.removeAttribute("aria-current");
    this.current = index;
    const link = this.links[index]?.link;
    link?.setAttribute("aria-current", "true");
    if (link) this.follow(link);
  }

  /** Keep the line in view within its own list: neither the page nor a reader is moved. */
  private follow(link: HTMLElement): void {
    const { list } = this;
    if (list.scrollHeight <= list.clientHeight) return;
    if (performance.now() - this.touched < HANDS_OFF_MS || list.contains(document.activeElement)) return;
    const [box, line] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (line.top >= box.top && line.bottom <= box.bottom) return;
    list.scrollTop += line.top - box.top - box.height / 4;
  }
}
