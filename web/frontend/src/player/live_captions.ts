import type { Parts } from "./parts.ts";
import type { Player } from "./player.ts";

/** A line as the server gives it out; an empty text was taken back. */
export interface LiveLine {
  number: number;
  language: string;
  starts_at: string;
  text: string;
}

const SECOND = 1000;
const OFTEN_MS = 1_000;
const SELDOM_MS = 12_000; // as long as nobody has typed anything
const SHOWN = 6; // seconds a line is shown at least
const LETTERS = 15; // a second, which people read
const LATE = 15; // seconds that a line may come behind its words and still be shown at once
const OFF = "off";
const NAMES: Record<string, string> = { en: "English", "zh-Hans": "中文" };

/**
 * Captions that are typed while it is live.
 *
 * They lie on the clock of the broadcast, so whoever has gone back reads what is said there. Who watches live
 * reads a line as soon as it comes: it is typed after it was said.
 */
export class LiveCaptions {
  private readonly url: string;
  private readonly parts: Parts;
  private readonly player: Player;
  private readonly label: string;
  private readonly tracks = new Map<string, TextTrack>();
  private readonly lines: LiveLine[] = [];
  private last = 0;

  /** `label` says after the name of a language that people type these words. */
  constructor(url: string, parts: Parts, player: Player, label: string) {
    this.url = url;
    this.label = label;
    this.parts = parts;
    this.player = player;
    parts.captions.addEventListener("change", () => this.show());
    parts.cc.addEventListener("click", () => this.toggle());
    parts.video.addEventListener("emptied", () => this.place()); // another source: seconds mean other moments
    void this.follow();
  }

  private async follow(): Promise<void> {
    const plays = this.player.started && this.player.isLive && !document.hidden;
    const more = plays ? await this.ask().catch(() => false) : false;
    const pause = more ? 0 : this.last > 0 && plays ? OFTEN_MS : plays ? SELDOM_MS : OFTEN_MS;
    setTimeout(() => void this.follow(), pause);
  }

  /** Ask for new lines; tell whether there may be more of them. */
  private async ask(): Promise<boolean> {
    const answer = await fetch(`${this.url}?after=${this.last}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return false;
    const { items } = (await answer.json()) as { items: LiveLine[] };
    for (const line of items) this.take(line, items.length === 1 || line === items.at(-1));
    return items.length >= 200; // as many as one answer holds
  }

  private take(line: LiveLine, fresh: boolean): void {
    this.last = Math.max(this.last, line.number);
    if (line.text === "") return;
    this.lines.push(line);
    this.add(line, fresh);
  }

  /** Put all lines where they belong in the seconds of the present source. */
  private place(): void {
    this.clear();
    const again = () => {
      this.clear(); // a source may be emptied several times before it plays, and lines came meanwhile
      this.lines.forEach((line) => this.add(line, false));
    };
    this.parts.video.addEventListener("playing", again, { once: true });
  }

  private clear(): void {
    for (const track of this.tracks.values()) for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  }

  private add(line: LiveLine, fresh: boolean): void {
    const { video } = this.parts;
    const moment = this.player.moment;
    if (moment === null) return;
    const said = video.currentTime + (Date.parse(line.starts_at) - moment) / SECOND;
    const behind = video.currentTime - said;
    const start = fresh && behind > 0 && behind < LATE ? video.currentTime : said;
    const track = this.trackOf(line.language);
    const before = track.cues?.[track.cues.length - 1];
    if (before && before.endTime > start && start > before.startTime) before.endTime = start;
    const cue = new VTTCue(Math.max(start, 0), start + Math.max(SHOWN, line.text.length / LETTERS), "");
    cue.text = escaped(line.text);
    if (cue.endTime > cue.startTime) track.addCue(cue);
  }

  private trackOf(language: string): TextTrack {
    const known = this.tracks.get(language);
    if (known) return known;
    const { video, captions, cc } = this.parts;
    const name = `${NAMES[language] ?? language}${this.label}`;
    const track = video.addTextTrack("captions", name, language);
    this.tracks.set(language, track);
    captions.prepend(Object.assign(new Option(name, language), { lang: language }));
    captions.closest("label")?.removeAttribute("hidden");
    cc.hidden = false;
    const wish = this.player.choices.captions;
    captions.value = wish === OFF ? OFF : this.tracks.has(wish) ? wish : ([...this.tracks.keys()][0] ?? OFF);
    this.show();
    return track;
  }

  private toggle(): void {
    if (this.tracks.size === 0) return;
    const { captions } = this.parts;
    captions.value = captions.value === OFF ? ([...this.tracks.keys()][0] ?? OFF) : OFF;
    this.player.keep({ captions: captions.value });
    this.show();
  }

  private show(): void {
    const { captions, cc } = this.parts;
    for (const [language, track] of this.tracks) track.mode = language === captions.value ? "showing" : "hidden";
    if (this.tracks.size > 0) cc.setAttribute("aria-pressed", String(captions.value !== OFF));
  }
}

/** Write words so that a cue shows them as they are. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
