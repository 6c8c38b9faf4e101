import { clock, fill, linkedSecond } from "../player/times.ts";
import type { Parts } from "../player/parts.ts";
import type { Addresses, Player, Words } from "../player/player.ts";
import { minutesLeft, phaseOf, PLAYABLE, type Audience, type Phase } from "./phases.ts";

/** The page around the player: it moves through the phases of a livestream without a reload. */
export class Room {
  phase: Phase;
  startsAt: number;
  /** How many pages one beat stands for. */
  sample = 1;
  private readonly element: HTMLElement;
  private readonly parts: Parts;
  private readonly player: Player;
  private readonly words: Words;
  private addresses: Addresses | null;

  constructor(element: HTMLElement, parts: Parts, player: Player, words: Words) {
    this.element = element;
    this.parts = parts;
    this.player = player;
    this.words = words;
    this.phase = element.dataset["phase"] as Phase;
    this.startsAt = Date.parse(element.dataset["startsAt"] ?? "");
    this.addresses = addressesOf(element.dataset["playback"] ?? null, element);
    parts.join.addEventListener("click", () => this.join());
    player.renew = () => this.renew();
    window.addEventListener("hashchange", () => this.show());
    this.show();
  }

  /** Follow the audience state. */
  follow(audience: Audience): void {
    this.startsAt = Date.parse(audience.starts_at);
    this.sample = audience.sample ?? 1;
    this.addresses = addressesOf(audience.playback_url, this.element) ?? this.addresses;
    this.enter(phaseOf(audience, this.element.dataset["crew"] !== undefined));
    this.showViewers(audience.viewers);
  }

  /** Nothing changed but the time: what is said of the minutes left. */
  tick(): void {
    this.show();
  }

  /** The livestream is not there any more for this viewer. */
  lose(): void {
    this.enter("gone");
  }

  private enter(phase: Phase): void {
    if (phase !== this.phase) {
      this.phase = phase;
      this.element.dataset["phase"] = phase;
      this.player.patient = phase === "interrupted" || phase === "ended";
      this.parts.root.classList.toggle("player--over", this.recorded && this.player.nearEnd);
      if (phase === "ended" || phase === "cancelled" || phase === "gone") this.player.close(phase === "ended");
    }
    this.show();
  }

  /** Whether somebody watches live here; who waits for the picture to come back does. */
  get playsLive(): boolean {
    const live = this.phase === "live" || this.phase === "interrupted";
    return live && this.player.started && !this.parts.video.paused;
  }

  private get recorded(): boolean {
    return this.phase === "replay" || this.phase === "review";
  }

  /** Play a recording from `second` on, whether it plays already or not. */
  go(second: number): void {
    if (!this.recorded || !this.addresses) return;
    if (!this.player.started) return this.join(second);
    this.player.seekTo(second);
    if (this.parts.video.paused) this.player.toggle();
  }

  /** The second that a link names, or where this viewer stopped: where a recording begins for her. */
  private get linked(): number {
    return linkedSecond(location) ?? this.player.resumeAt;
  }

  private join(second = this.linked): void {
    if (!this.addresses) return;
    const start = this.recorded ? second : -1;
    this.parts.root.classList.remove("player--over");
    this.player.open(this.addresses, start);
    this.parts.toggle.focus(); // the button that had the focus goes away
  }

  private show(): void {
    this.parts.join.hidden = !(PLAYABLE.has(this.phase) && this.addresses);
    const label = this.parts.join.querySelector("[data-label]");
    if (label) label.textContent = this.label;
    this.say(this.sentence());
  }

  private get label(): string {
    if (!this.recorded) return this.words["join"] ?? "";
    const at = clock(this.linked);
    if (this.linked === 0) return this.words["watch_replay"] ?? "";
    return fill(this.words[linkedSecond(location) === null ? "continue_at" : "watch_from"] ?? "", { at });
  }

  /** Ask the page where the media is now: a recording gets other addresses when it is encoded anew. */
  private async renew(): Promise<Addresses | null> {
    try {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const room = fresh.querySelector<HTMLElement>("[data-room]");
      return room && addressesOf(room.dataset["playback"] ?? null, room);
    } catch {
      return null;
    }
  }

  private sentence(): string {
    if (this.phase !== "before") return this.words[`phase_${this.phase}`] ?? "";
    const minutes = minutesLeft(this.startsAt - Date.now());
    if (minutes === null) return this.words["phase_before"] ?? "";
    const key = minutes === 0 ? "starts_now" : minutes === 1 ? "starts_minute" : "starts_minutes";
    return fill(this.words[key] ?? "", { minutes });
  }

  private say(text: string): void {
    const status = this.element.querySelector("[data-status]");
    if (status && status.textContent !== text) status.textContent = text; // equal text is not read out again
  }

  private showViewers(viewers: Audience["viewers"]): void {
    const element = this.element.querySelector<HTMLElement>("[data-viewers]");
    if (!element) return;
    const shown = this.phase === "live" && viewers !== null && viewers !== undefined && viewers !== 0;
    element.hidden = !shown;
    if (!shown) return;
    const few = typeof viewers === "string" || Number(viewers) < 10; // small groups are not counted out
    element.textContent = few ? (this.words["viewers_few"] ?? "") : fill(this.words["viewers"] ?? "", { viewers });
  }
}

function addressesOf(playback: string | null, element: HTMLElement): Addresses | null {
  return playback ? { all: playback, sound: element.dataset["sound"] ?? null } : null;
}
