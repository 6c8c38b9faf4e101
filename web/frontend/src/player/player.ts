import { draw, drawTicks, listHeights, type Scene } from "./drawing.ts";
import { fetchEngine, needsEngine } from "./engine.ts";
import { fillsWindow, fillWindow } from "./filling.ts";
import { deviceSaves, keepChoices, recallChoices, type Choices } from "./memory.ts";
import type { Parts } from "./parts.ts";
import { findPlace } from "./place.ts";
import { openSource, type Source, type Wishes } from "./source.ts";

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
const RENEWAL_MS = 30_000; // addresses are asked for anew at most this often
const SAVING_LINES = 360; // the highest picture while data is saved

/** One video with its source; it decides, {@link bindControls} lets a person decide. */
export class Player {
  readonly choices: Choices = recallChoices();
  private readonly parts: Parts;
  private readonly words: Words;
  private readonly engine: string;
  private source: Source | null = null;
  private addresses: Addresses | null = null;
  private opening = false;
  private turn = 0;
  private renewed = -Infinity;
  private silence = 0;
  /** Whether a picture that stands still is expected: the page says why. */
  patient = false;
  /** The second at which this viewer stopped the last time; 0 when nothing is known. */
  resumeAt = 0;
  /** Finds the addresses of today when those of the page are gone. */
  renew: () => Promise<Addresses | null> = () => Promise.resolve(null);

  constructor(parts: Parts, words: Words, engine: string) {
    this.parts = parts;
    this.words = words;
    this.engine = engine;
    this.recall();
    for (const event of ["timeupdate", "durationchange", "progress", "play", "pause", "volumechange"])
      parts.video.addEventListener(event, () => this.draw());
    parts.video.addEventListener("durationchange", () => drawTicks(parts, this.isLive ? 0 : this.last));
    parts.video.addEventListener("waiting", () => this.listen());
    parts.video.addEventListener("playing", () => this.hear());
  }

  /** Whether a person has joined: nothing is loaded before. */
  get started(): boolean {
    return this.opening || this.source !== null;
  }

  /** Whether data is to be saved: what the person said, else what the device asks for. */
  get saving(): boolean {
    return this.choices.save ?? deviceSaves();
  }

  get isLive(): boolean {
    return this.source?.isLive ?? false;
  }

  /** The moment of the picture that is shown, in milliseconds since 1970; null where it is not known. */
  get moment(): number | null {
    return this.source?.moment ?? null;
  }

  /** Load and play; `start` in seconds, -1 for the live edge of a livestream or the first second of a replay. */
  open(addresses: Addresses, start = -1): void {
    this.addresses = addresses;
    void this.load(start, true);
  }

  /** Let go of the media, at once or when what is buffered has been played. */
  close(whenPlayed: boolean): void {
    if (!this.started) return;
    const stop = () => {
      clearTimeout(timer);
      this.hear();
      this.turn += 1;
      this.opening = false;
      this.source?.close();
      this.source = null;
      if (fillsWindow(this.parts)) fillWindow(this.parts, this.words, false);
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
    this.keepVolume();
  }

  setVolume(volume: number): void {
    this.parts.video.volume = volume;
    this.parts.video.muted = volume === 0;
    this.keepVolume();
  }

  seekTo(second: number): void {
    const { video } = this.parts;
    video.currentTime = Math.min(Math.max(second, this.first), this.last);
  }

  seekBy(seconds: number): void {
    this.seekTo(this.parts.video.currentTime + seconds);
  }

  /** Where an earlier moment of what is live lies; null where the picture cannot go back to it. */
  placeOf(moment: number): number | null {
    const place = this.isLive ? (this.source?.placeOf(moment) ?? null) : null;
    return place !== null && place >= this.first ? place : null;
  }

  /** Play what is live from an earlier moment on. */
  goBack(moment: number): void {
    const place = this.placeOf(moment);
    if (place === null) return;
    this.seekTo(place);
    void this.play();
  }

  goLive(): void {
    this.seekTo(this.last);
    void this.play();
  }

  setRate(rate: number): void {
    this.keep({ rate });
    if (!this.isLive) this.parts.video.playbackRate = rate; // while live hls.js holds the rate
  }

  /** Play the picture of `height` lines, or leave the choice to the connection for 0. */
  chooseHeight(height: number): void {
    this.keep({ height });
    this.source?.wish(this.wishes);
  }

  /** Keep the picture small while the connection chooses, or let it be as good as it can. */
  saveData(save: boolean): void {
    this.keep({ save });
    this.source?.wish(this.wishes);
  }

  /** Fetch sound alone, or picture and sound again, from the same second on. */
  soundOnly(sound: boolean): void {
    const { root, video } = this.parts;
    this.keep({ sound });
    root.classList.toggle("player--sound", sound);
    if (this.started) void this.load(this.atLive ? -1 : video.currentTime, !video.paused);
  }

  retry(): void {
    this.parts.trouble.hidden = true;
    if (!this.source) return void this.load(this.parts.video.currentTime, true);
    this.source.retry();
    void this.play();
  }

  /** Change what is kept on this device. */
  keep(change: Partial<Choices>): void {
    keepChoices(Object.assign(this.choices, change));
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

  private get wishes(): Wishes {
    return { height: this.choices.height, limit: this.saving ? SAVING_LINES : 0 };
  }

  /** Put the controls where the choices of this device have them. */
  private recall(): void {
    const { root, video, rate, sound, save } = this.parts;
    video.volume = this.choices.volume;
    video.muted = this.choices.muted;
    rate.value = String(this.choices.rate);
    sound.checked = this.choices.sound;
    save.checked = this.saving;
    root.classList.toggle("player--sound", this.choices.sound);
  }

  private async load(start: number, play: boolean): Promise<void> {
    if (!this.addresses) return;
    const turn = ++this.turn;
    this.source?.close();
    this.source = null;
    this.opening = true;
    this.parts.trouble.hidden = true;
    if (play) void this.play(); // within the press: some browsers let nothing play later
    this.draw();
    const engine = await fetchEngine(this.engine);
    if (turn !== this.turn) return;
    if (needsEngine() && !engine) return this.showTrouble("network");
    const { all, sound } = this.addresses;
    const url = (this.choices.sound && sound) || all;
    this.source = openSource(engine, this.parts.video, url, start, this.wishes, {
      levels: (heights) => listHeights(this.parts, heights, this.choices.height, this.words["auto"] ?? ""),
      trouble: (kind) => this.showTrouble(kind),
      flowing: () => this.hear(),
      gone: () => void this.loadAnew(),
    });
    this.opening = false;
    this.listen();
    this.draw();
    if (play) void this.play();
  }

  /**
   * Go on from the same picture with the addresses that the recording has now. It lies at another second when
   * the start was cut off meanwhile.
   */
  private async loadAnew(): Promise<void> {
    const { video } = this.parts;
    if (performance.now() - this.renewed < RENEWAL_MS) return;
    this.renewed = performance.now();
    const turn = this.turn;
    const moment = this.source?.moment ?? null;
    const addresses = (await this.renew()) ?? this.addresses;
    const place = addresses && moment !== null ? await findPlace(addresses.all, moment) : null;
    if (turn !== this.turn) return;
    this.addresses = addresses;
    void this.load(place ?? video.currentTime, !video.paused);
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

  private keepVolume(): void {
    const { volume, muted } = this.parts.video;
    this.keep({ volume, muted });
  }

  private showTrouble(kind: "network" | "media"): void {
    const { trouble } = this.parts;
    const text = trouble.querySelector("p");
    if (text) text.textContent = this.words[`trouble_${kind}`] ?? "";
    trouble.hidden = false;
  }

  private draw(): void {
    const { first, started, isLive, atLive } = this;
    const scene: Scene = { first, last: Math.max(this.last, first), started, isLive, atLive };
    draw(this.parts, scene, this.words);
  }
}
