// Ending: named first, then the last seconds are sent, then the server is told. Nothing here loses media.
import { ask, close } from "./dialog.ts";
import { fill } from "./facts.ts";
import type { Broadcast } from "./broadcast.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

const AGAIN_MS = 1_500;

/** The way from "End" to ended. */
export class Ending {
  private readonly view: View;
  private readonly server: Server;
  private readonly broadcast: Broadcast;
  /** Called when the server says that it is over. */
  ended: () => void = () => undefined;
  isGoing = false;

  constructor(view: View, server: Server, broadcast: Broadcast) {
    this.view = view;
    this.server = server;
    this.broadcast = broadcast;
    view.on("end", () => this.asked());
    view.on("finish", () => void this.finish());
    broadcast.watch(() => this.draw());
    document.getElementById("end-dialog")?.addEventListener("cancel", (event) => {
      if (this.isGoing) event.preventDefault(); // it goes on whether it is looked at or not
    });
  }

  private asked(): void {
    const { view } = this;
    if (!this.isGoing) {
      const recorded = view.part<HTMLInputElement>("recorded")?.checked ?? true;
      const atEnd = view.root.dataset["policy"] === "at_end";
      view.write("end-recorded", view.word(recorded ? (atEnd ? "end_at_once" : "end_review") : "end_deleted"));
      this.describeUnsent();
      view.show("end-elsewhere", !this.broadcast.isMine);
    }
    ask("end-dialog");
  }

  private describeUnsent(): void {
    const seconds = Math.round(this.broadcast.unsentSeconds);
    this.view.show("end-unsent", seconds >= 3);
    this.view.write("end-unsent", fill(this.view.word("end_unsent"), { seconds }));
  }

  private async finish(): Promise<void> {
    if (this.isGoing) return;
    this.isGoing = true;
    this.view.show("end-ask", false);
    this.view.show("end-going", true);
    this.draw();
    await this.broadcast.stop();
    await this.tell();
    this.isGoing = false;
    close("end-dialog");
    this.view.show("end-ask", true);
    this.view.show("end-going", false);
  }

  /** Tell the server until it has heard it. */
  private async tell(): Promise<void> {
    for (;;) {
      const answer = await this.server.post(`${this.view.facts.api}/end`);
      if (answer.ok || answer.status === 409) return this.ended(); // 409: the clock or an editor was first
      if (answer.status >= 400 && answer.status < 500)
        return this.view.refuse(this.view.word("refused"), reasonsOf(answer, this.view.word("no_answer")));
      this.view.write("end-words", this.view.word(answer.status ? "end_failed" : "end_offline"));
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  private draw(): void {
    if (!this.isGoing) return;
    const { view, broadcast } = this;
    const seconds = Math.round(broadcast.unsentSeconds);
    const key = broadcast.isOffline ? "end_offline" : seconds > 0 ? "end_sending" : "end_ending";
    view.write("end-words", fill(view.word(key), { seconds }));
    const bar = view.part<HTMLProgressElement>("end-bar");
    if (bar) bar.value = broadcast.flushed;
  }
}
