import type { Parts } from "./parts.ts";
import type { Player } from "./player.ts";

const OFF = "off";

/** The captions of a recording: tracks of the video, a menu, and a button that turns them off and on. */
export class Captions {
  private readonly parts: Parts;
  private readonly player: Player;
  private readonly tracks: HTMLTrackElement[];

  constructor(parts: Parts, player: Player) {
    this.parts = parts;
    this.player = player;
    this.tracks = [...parts.video.querySelectorAll("track")];
    parts.captions.value = this.remembered(player.choices.captions);
    parts.captions.addEventListener("change", () => this.choose(parts.captions.value));
    parts.cc.addEventListener("click", () => this.toggle());
    parts.video.addEventListener("play", () => this.show());
    this.show();
  }

  /** Turn them off, or on in the language that was last shown. */
  toggle(): void {
    const { captions } = this.parts;
    if (this.tracks.length > 0) this.choose(captions.value === OFF ? this.remembered("") : OFF);
  }

  private choose(language: string): void {
    this.parts.captions.value = language;
    this.player.keep({ captions: language });
    this.show();
  }

  /** Return the wished language if there is one like that, else the first: the one that suits the page. */
  private remembered(wish: string): string {
    const has = this.tracks.some(({ srclang }) => srclang === wish);
    return wish === OFF || has ? wish : (this.tracks[0]?.srclang ?? OFF);
  }

  /** Show the chosen track; nothing is fetched before somebody plays. */
  private show(): void {
    const { captions, cc } = this.parts;
    for (const { track, srclang } of this.tracks)
      track.mode = this.player.started && srclang === captions.value ? "showing" : "disabled";
    cc.setAttribute("aria-pressed", String(captions.value !== OFF));
  }
}
