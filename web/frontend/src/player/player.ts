import { keepChoices, recallChoices } from "./memory.ts";
import type { Parts } from "./parts.ts";
import { openSource, type Source } from "./source.ts";
import { clock, fill } from "./times.ts";

/** Translated sentences by name; the server renders them into the page. */
export type Words = Record<string, string>;

/** Where the media of a broadcast is. */
export interface Addresses {
  all: string;
  sound: string | null;
}

const NEAR_LIVE = 4; // seconds behind the sync position that still count as live
const NEAR_END = 10; // seconds before the end from which on the beginning is offered
const SILENCE_MS = 12_000; // longer than any segment takes on a line that can carry the video
const LAST_WORDS_MS = 8_000; // what is buffered at the end is played out, but not longer than this

/** One video with its source; it decides, {@link bindControls} lets a person decide. */
export class Player {
  private readonly parts: Parts;
  private readonly words: Words;
  private readonly choices = recallChoices();
  private source: Source | null = null;
  private addresses: Addresses | null = null;
  private heights: number[] = [];
  private silence = 0;
  /** Whether a picture that stands still is expected: the page says why. */
  patient = false;

  constructor(parts: Parts, words: Words) {
    this.parts = parts;
    this.words = words;
    parts.video.volume = this.choices.volume;
    parts.video.muted = this.choices.muted;
    parts.rate.value = String(this.choices.rate);
    for (const event of ["timeupdate", "durationchange", "progress", "play", "pause", "volumechange"])
      parts.video.addEventListener(event, () => this.draw());
    parts.video.addEventListener("waiting", () => this.listen());
    parts.video.addEventListener("playing", () => this.hear());
  }

  /** Whether a person has joined: nothing is loaded before. */
  get started(): boolean {
    return this.source !== null;
  }

  get isLive(): boolean {
    return this.source?.isLive ?? false;
  }

  /** Load and play; `start` in seconds, -1 for the live edge of a livestream or the first second of a replay. */
  open(addresses: Addresses, start = -1): void {
    this.addresses = addresses;
    this.load(start);
    void this.play();
  }

  /** Let go of the media, at once or when what is buffered has been played. */
  close(whenPlayed: boolean): void {
    if (!this.source) return;
    const stop = () => {
      clearTimeout(timer);
      this.hear();
      this.source?.close();
      this.source = null;
      this.parts.root.classList.remove("player--full");
      this.draw();
    };
    const timer = setTimeout(stop, whenPlayed ? LAST_WORDS_MS : 0);
    if (whenPlayed)
      for (const event of ["ended", "waiting"]) this.parts.video.addEventListener(event, stop, { once: true });
  }

  toggle(): void {
    if (this.parts.video.paused) void this.play();
    else this.parts.video.pause();
  }

  mute(): void {
    this.parts.video.muted = !this.parts.video.muted;
    this.keep();
  }

  setVolume(volume: number): void {
    this.parts.video.volume = volume;
    this.parts.video.muted = volume === 0;
    this.keep();
  }

  seekTo(second: number): void {
    const { video } = this.parts;
    video.currentTime = Math.min(Math.max(second, this.first), this.last);
  }

  seekBy(seconds: number): void {
    this.seekTo(this.parts.video.currentTime + seconds);
  }

  goLive(): void {
    this.seekTo(this.last);
    void this.play();
  }

  setRate(rate: number): void {
    this.choices.rate = rate;
    this.keep();
    if (!this.isLive) this.parts.video.playbackRate = rate; // while live hls.js holds the rate
  }

  /** Play the level at `index`, or leave the choice to the connection for -1. */
  chooseLevel(index: number): void {
    this.source?.choose(index);
  }

  /** Fetch sound alone, or picture and sound again, from the same second on. */
  soundOnly(): void {
    const { video } = this.parts;
    this.parts.root.classList.toggle("player--sound", this.parts.sound.checked);
    if (!this.source) return;
    const [paused, start] = [video.paused, this.atLive ? -1 : video.currentTime];
    this.load(start);
    if (!paused) void this.play();
  }

  retry(): void {
    this.parts.trouble.hidden = true;
    this.source?.retry();
    void this.play();
  }

  /** Whether what is seen is as new as it can be. */
  get atLive(): boolean {
    return this.isLive && this.last - this.parts.video.currentTime < NEAR_LIVE;
  }

  /** Whether a person who plays has seen nearly all there is. */
  get nearEnd(): boolean {
    return this.started && this.last - this.parts.video.currentTime < NEAR_END;
  }

  get first(): number {
    const { seekable } = this.parts.video;
    return seekable.length > 0 ? seekable.start(0) : 0;
  }

  get last(): number {
    const { video } = this.parts;
    if (this.isLive) return this.source?.liveEdge ?? video.currentTime;
    return Number.isFinite(video.duration) ? video.duration : video.currentTime;
  }

  private load(start: number): void {
    if (!this.addresses) return;
    this.source?.close();
    const { sound, trouble } = this.parts;
    trouble.hidden = true;
    const url = sound.checked && this.addresses.sound ? this.addresses.sound : this.addresses.all;
    this.source = openSource(this.parts.video, url, start, {
      levels: (heights) => this.listLevels(heights),
      trouble: (kind) => this.showTrouble(kind),
      flowing: () => this.hear(),
    });
    this.listen();
    this.draw();
  }

  private async play(): Promise<void> {
    try {
      await this.parts.video.play();
    } catch {
      // Not allowed without another press, or replaced by a newer source: the play button stands there.
    }
    if (!this.isLive) this.parts.video.playbackRate = this.choices.rate;
  }

  /** Say that the connection is gone when nothing has arrived for a while; it is still tried. */
  private listen(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => {
      if (this.started && !this.patient && !this.parts.video.paused) this.showTrouble("network");
    }, SILENCE_MS);
  }

  private hear(): void {
    clearTimeout(this.silence);
    this.parts.trouble.hidden = true;
  }

  private keep(): void {
    const { volume, muted } = this.parts.video;
    Object.assign(this.choices, { volume, muted });
    keepChoices(this.choices);
  }

  private listLevels(heights: number[]): void {
    if (heights.join() === this.heights.join()) return;
    this.heights = heights;
    const { quality } = this.parts;
    const named = heights.map((height, index) => ({ height, index })).filter(({ height }) => height > 0);
    const options = named.map(({ height, index }) => new Option(`${height}p`, String(index)));
    quality.replaceChildren(new Option(this.words["auto"], "-1"), ...options.reverse());
    quality.disabled = options.length < 2;
  }

  private showTrouble(kind: "network" | "media"): void {
    const { trouble } = this.parts;
    const text = trouble.querySelector("p");
    if (text) text.textContent = this.words[`trouble_${kind}`] ?? "";
    trouble.hidden = false;
  }

  private draw(): void {
    const { root, video, seek, done, time, live, toggle, mute, volume, rate } = this.parts;
    const [first, last, now] = [this.first, Math.max(this.last, this.first), video.currentTime];
    root.classList.toggle("player--started", this.started);
    root.classList.toggle("player--paused", video.paused);
    root.classList.toggle("player--muted", video.muted || video.volume === 0);
    root.classList.toggle("player--at-live", this.atLive);
    root.classList.toggle("player--is-live", this.isLive);
    setLabel(toggle, this.words[video.paused ? "play" : "pause"]);
    setLabel(mute, this.words[video.muted ? "unmute" : "mute"]);
    volume.value = String(video.muted ? 0 : video.volume);
    rate.disabled = this.isLive;
    live.hidden = !this.isLive;
    const label = this.words[this.atLive ? "at_live" : "go_live"] ?? "";
    const text = live.querySelector("[data-label]");
    if (text && text.textContent !== label) text.textContent = label;
    if (seek.dataset["held"] === undefined) {
      seek.min = String(Math.floor(first));
      seek.max = String(Math.max(Math.floor(last), 1));
      seek.value = String(Math.floor(now));
    }
    this.drawPosition(Number(seek.value), first, last, time, done);
  }

  /** Write where `second` is, as text, on the bar and for ears. */
  private drawPosition(second: number, first: number, last: number, time: HTMLElement, done: SVGRectElement): void {
    const share = last > first ? Math.min(1, Math.max(0, (second - first) / (last - first))) : 0;
    done.setAttribute("width", String(Math.round(share * 1000)));
    const values = { at: clock(second), all: clock(last), behind: clock(last - second) };
    const spoken = this.isLive ? (this.atLive ? "spoken_live" : "spoken_behind") : "spoken_at";
    this.parts.seek.setAttribute("aria-valuetext", fill(this.words[spoken] ?? "", values));
    time.textContent = this.isLive ? values.at : fill(this.words["position"] ?? "", values);
  }
}

function setLabel(button: HTMLButtonElement, label = ""): void {
  if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
}
