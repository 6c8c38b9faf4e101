// Going live: asked once more, sent first, and begun when the server has the first piece.
import type { Air } from "./air.ts";
import { minutesEarly } from "./clock.ts";
import { ask, close } from "./dialog.ts";
import { fill } from "./facts.ts";
import type { Broadcast } from "./broadcast.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { Reason, View } from "./view.ts";

const AGAIN_MS = 1_500;
const MOST_MINUTES = 90; // more are easier to read as a time

/** The way from "Go live" to being live. */
export class Going {
  private readonly view: View;
  private readonly server: Server;
  private readonly air: Air;
  private readonly broadcast: Broadcast;
  private going = false;
  /** Called when the server says that it is live. */
  began: () => void = () => undefined;

  constructor(view: View, server: Server, air: Air, broadcast: Broadcast) {
    this.view = view;
    this.server = server;
    this.air = air;
    this.broadcast = broadcast;
    view.on("golive", () => this.asked());
    view.on("go", () => void this.go());
    document.getElementById("go-dialog")?.addEventListener("close", () => (this.going = false));
  }

  /** Whether the button leads on depends on what is still missing. */
  draw(): void {
    const button = this.view.button("golive");
    if (button) button.setAttribute("aria-disabled", String(this.missing().length > 0));
  }

  private missing(): Reason[] {
    return [...document.querySelectorAll("#fresh-ready li:has(.tick--warn)")].map((one) => ({
      words: one.querySelector("strong")?.textContent ?? "",
      remedy: (one.querySelector(":is(a, button)[id]") ?? one).id,
    }));
  }

  private asked(): void {
    const missing = this.missing();
    if (missing.length > 0) return this.view.refuse(this.view.word("not_ready"), missing);
    this.view.forgive();
    this.describe();
    ask("go-dialog")?.querySelector<HTMLElement>('[data-act="go"]')?.focus();
  }

  /** Say what follows: how early it is, and what becomes of the recording. */
  private describe(): void {
    const { view } = this;
    const early = minutesEarly(view.facts.startsAt, this.air.now);
    const at = this.air.hour(view.facts.startsAt);
    const title = early === 0 ? "go_now" : early === 1 ? "go_early_one" : early <= MOST_MINUTES ? "go_early" : "go_early_hours";
    view.write("go-title", fill(view.word(title), { minutes: early }));
    view.write("go-words", fill(view.word(early ? "go_early_words" : "go_now_words"), { at }));
    view.write("go-wait", fill(view.word(early ? "go_wait" : "go_not_yet"), { at }));
    view.write("go-recorded", view.word(recordedWord(view)));
    view.label("go", view.word("go"));
    const go = view.button("go");
    if (go) go.disabled = false;
  }

  private async go(): Promise<void> {
    const { view } = this;
    if (this.going) return;
    this.going = true;
    const button = view.button("go");
    if (button) button.disabled = true;
    view.write("go-words", view.word("go_sending"));
    if (!(await this.broadcast.send())) return this.refused([view.word("check_open")]);
    await this.broadcast.arrived(() => this.going, () => view.write("go-words", view.word("go_slow")));
    if (this.broadcast.refusal) return this.refused([this.broadcast.refusal]);
    await this.begin();
  }

  /** Ask the server to open the doors; without an answer, again. */
  private async begin(): Promise<void> {
    while (this.going) {
      const answer = await this.server.post(`${this.view.facts.api}/start`);
      if (answer.ok || (await this.isLive(answer.status))) return this.live();
      if (answer.status >= 400 && answer.status < 500) return this.refused(reasonsOf(answer, this.view.word("no_answer")));
      this.view.write("go-words", this.view.word("go_slow"));
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    void this.broadcast.rest();
  }

  /** A first answer may have been lost on its way, and some begin by themselves. */
  private async isLive(status: number): Promise<boolean> {
    if (status !== 409) return false;
    const now = await this.server.get(`${this.view.facts.api}/audience`);
    return now.body["state"] === "live";
  }

  private live(): void {
    this.view.facts.startedAt = this.air.now;
    close("go-dialog");
    this.began();
  }

  private refused(reasons: string[]): void {
    close("go-dialog");
    void this.broadcast.rest();
    this.view.refuse(this.view.word("not_ready"), reasons);
  }
}

/** The name of the sentence that says what becomes of the recording. */
function recordedWord(view: View): string {
  const recorded = view.part<HTMLInputElement>("recorded");
  if (recorded && !recorded.checked) return "go_not_recorded";
  return view.root.dataset["policy"] === "at_end" ? "go_at_end" : "go_recorded";
}
