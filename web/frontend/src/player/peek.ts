import { indexAt } from "./chapters.ts";
import type { Parts } from "./parts.ts";
import { readStory, type Frame } from "./story.ts";
import { clock } from "./times.ts";

const LINGER_MS = 1_500; // after the last move by key or finger
const THUMB = 18; // pixels; its middle does not reach the ends of the bar

/** What a person would see where they point on the bar: picture, time and chapter. */
export class Peek {
  private readonly parts: Parts;
  private readonly address: string;
  private frames: Frame[] | null = null;
  private timer = 0;
  private readonly picture = Object.assign(new Image(), { alt: "", className: "peek__picture" });

  constructor(parts: Parts) {
    const { seek, peek } = parts;
    this.parts = parts;
    this.address = peek.dataset["story"] ?? "";
    seek.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.show(this.secondAt(event.clientX));
    });
    seek.addEventListener("pointerleave", () => this.hide());
    seek.addEventListener("blur", () => this.hide());
    seek.addEventListener("input", () => {
      this.show(Number(seek.value));
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.hide(), LINGER_MS);
    });
  }

  private secondAt(x: number): number {
    const { seek } = this.parts;
    const { left, width } = seek.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (x - left - THUMB / 2) / (width - THUMB)));
    return Number(seek.min) + share * (Number(seek.max) - Number(seek.min));
  }

  private hide(): void {
    clearTimeout(this.timer);
    this.parts.peek.hidden = true;
  }

  private show(second: number): void {
    const { peek, chapters } = this.parts;
    clearTimeout(this.timer);
    if (this.frames === null) void this.fetchFrames(second);
    this.paint(second);
    const [time, title] = [peek.querySelector("time"), peek.querySelector("span")];
    if (time) time.textContent = clock(second);
    if (title) title.textContent = chapters[indexAt(chapters, second)]?.title ?? "";
    peek.hidden = false;
    this.place(second);
  }

  /** Stand above the second, and within the player. */
  private place(second: number): void {
    const { peek, seek } = this.parts;
    const [min, max] = [Number(seek.min), Number(seek.max)];
    const share = max > min ? (second - min) / (max - min) : 0;
    const middle = THUMB / 2 + share * (seek.clientWidth - THUMB);
    const left = Math.min(Math.max(0, middle - peek.offsetWidth / 2), seek.clientWidth - peek.offsetWidth);
    peek.style.left = `${Math.round(left)}px`;
  }

  private paint(second: number): void {
    const frame = this.frames?.[indexAt(this.frames, second)];
    const { picture } = this;
    picture.hidden = !frame;
    if (!frame) return;
    if (!picture.isConnected) this.parts.peek.prepend(picture);
    if (picture.src !== frame.sheet) picture.src = frame.sheet;
    Object.assign(picture.style, {
      width: `${frame.width}px`,
      height: `${frame.height}px`,
      objectPosition: `-${frame.x}px -${frame.y}px`,
    });
  }

  /** Fetch the storyboard at the first look, once; a recording without one has times and names. */
  private async fetchFrames(second: number): Promise<void> {
    this.frames = [];
    if (this.address === "") return;
    try {
      const answer = await fetch(this.address);
      if (answer.ok) this.frames = readStory(await answer.text(), answer.url);
      this.paint(second);
      this.place(second);
    } catch {
      this.frames = null; // the connection is away: the next look tries again
    }
  }
}
