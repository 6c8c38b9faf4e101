import type { Cue } from "./cues.ts";

const LEAD = 0.05; // seconds before a line: sound that begins at once is not cut off

/** The player as the lines use it: plays one line, once or again and again. */
export class Film {
  private readonly video: HTMLVideoElement;
  private line: Cue | null = null;
  private loops = false;
  private opening = false;
  private frame = 0;

  constructor(video: HTMLVideoElement) {
    this.video = video;
    video.addEventListener("seeking", () => this.leave());
  }

  /** Play a line, or stop when it is playing. */
  play(cue: Cue, loop: boolean): void {
    const { video } = this;
    const playing = this.line?.start_ms === cue.start_ms && !video.paused && this.loops === loop;
    if (playing) return this.stop();
    this.line = { ...cue };
    this.loops = loop;
    if (video.readyState === 0) this.begin();
    else this.seek();
    this.watch();
  }

  stop(): void {
    this.line = null;
    this.video.pause();
  }

  /** A line that is played again and again follows its times. */
  follow(cue: Cue): void {
    if (this.line) this.line = { ...cue };
  }

  private get start(): number {
    return Math.max((this.line?.start_ms ?? 0) / 1000 - LEAD, 0);
  }

  /** Let the page open the recording at that second: only its player knows how. */
  private begin(): void {
    if (this.opening) return;
    this.opening = true;
    const active = document.activeElement;
    const link = Object.assign(document.createElement("a"), { href: `#t=${Math.floor(this.start)}`, hidden: true });
    this.video.closest("[data-room]")?.append(link);
    link.click();
    link.remove();
    if (active instanceof HTMLElement) active.focus(); // the player takes it
    this.video.addEventListener("loadeddata", () => this.opened(), { once: true });
  }

  private opened(): void {
    this.opening = false;
    this.seek();
  }

  private seek(): void {
    if (!this.line) return;
    this.video.currentTime = this.start;
    void this.video.play().catch(() => undefined);
  }

  /** Look at every frame whether the line is over: one line at a time, however many were begun. */
  private watch(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (!this.line) return;
      const over = !this.opening && this.video.currentTime >= this.line.end_ms / 1000;
      if (over && !this.loops) return this.stop();
      if (over) this.seek();
      this.watch();
    });
  }

  /** Somebody has gone elsewhere in the player: the line does not call them back. */
  private leave(): void {
    if (!this.line || this.opening) return;
    const { currentTime } = this.video;
    if (currentTime < this.start - 0.5 || currentTime > this.line.end_ms / 1000 + 0.5) this.line = null;
  }
}
