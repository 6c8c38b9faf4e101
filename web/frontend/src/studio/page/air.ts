// What stands on the page while it is on air: time, health, audience; and the clock before it.
import type { SendingState } from "../sending/types.ts";
import { viewersWords, type State } from "./audience.ts";
import { countdown, hourOf, OVERRUN, plan, span } from "./clock.ts";
import type { Face } from "./faces.ts";
import { fill } from "./facts.ts";
import { health } from "./health.ts";
import type { View } from "./view.ts";

/** Draws the clocks once a second, and the rest as it comes. */
export class Air {
  private readonly view: View;
  endsAt: number;

  constructor(view: View) {
    this.view = view;
    this.endsAt = view.facts.endsAt;
    this.tick();
    setInterval(() => this.tick(), 1000);
  }

  /** The server's present moment. */
  get now(): number {
    return Date.now() + this.view.facts.ahead;
  }

  follow(state: State): void {
    const { view } = this;
    this.endsAt = Date.parse(state.ends_at);
    if (state.started_at) view.facts.startedAt = Date.parse(state.started_at);
    view.write("air-title", view.word(state.interrupted ? "interrupted" : "on_air"));
    view.write("viewers", viewersWords(state.viewers, view));
    this.tick();
  }

  /** Say how the connection is; what was said is not said again. */
  health(state: SendingState): void {
    this.view.write("health", health(state, this.view.facts.words));
  }

  /** What stands over the picture. */
  badge(face: Face, rehearsing: boolean): void {
    const badge = this.view.part("badge");
    if (!badge) return;
    const live = face === "air";
    badge.className = live ? "live-badge" : "badge badge--stage";
    this.view.write("badge", this.view.word(live ? "live" : rehearsing ? "rehearsing" : "preview"));
  }

  hour(moment: number): string {
    return hourOf(moment, document.documentElement.dataset["zone"] ?? "");
  }

  private tick(): void {
    if (this.view.root.dataset["face"] === "air") this.tickOnAir();
    else if (this.view.root.dataset["face"] === "green") this.tickBefore();
  }

  private tickBefore(): void {
    const { view } = this;
    const { kind, text } = countdown(view.facts.startsAt, this.now);
    if (kind === "far") return;
    view.write("clock-words", view.word(kind === "late" ? "late" : "starts_in"));
    view.write("clock", kind === "late" ? fill(view.word("late_by"), { time: text }) : text);
    view.part("clock")?.classList.toggle("golive__late", kind === "late");
  }

  private tickOnAir(): void {
    const { view } = this;
    const { text, over, say } = plan(this.endsAt, this.now);
    view.write("elapsed", span(this.now - (view.facts.startedAt ?? this.now)));
    const at = this.hour(this.endsAt);
    view.write("remaining", fill(view.word(over ? "left_over" : "left"), { time: text, at }));
    view.show("ending", say !== "");
    const last = this.hour(this.endsAt + OVERRUN);
    view.write("ending-words", say === "" ? "" : fill(view.word(say === "over" ? "ending_over" : "ending_soon"), { at: last }));
  }
}
