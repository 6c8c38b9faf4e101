// What is sent, and whether: one sender for the whole life of the page, whatever the page asks of it.
import { Sending } from "../sending/session.ts";
import type { SendingState } from "../sending/types.ts";
import type { Picture } from "./picture.ts";
import type { View } from "./view.ts";

const SLOW_MS = 6_000;
const LOOK_MS = 150;

/** The sending side of the studio. */
export class Broadcast {
  private readonly view: View;
  private readonly picture: Picture;
  private sending: Sending | null = null;
  private toFlush = 0;
  private watchers: (() => void)[] = [];

  constructor(view: View, picture: Picture) {
    this.view = view;
    this.picture = picture;
  }

  get state(): SendingState | null {
    return this.sending?.state ?? null;
  }

  get isSending(): boolean {
    return ["recording", "catching_up", "offline"].includes(this.state?.phase ?? "idle");
  }

  get isOffline(): boolean {
    return this.state?.phase === "offline" || !navigator.onLine;
  }

  get unsentSeconds(): number {
    return this.state?.unsentSeconds ?? 0;
  }

  /** Whether what this window has recorded is still to be sent from here. */
  get isMine(): boolean {
    return !["refused", "elsewhere"].includes(this.state?.phase ?? "elsewhere");
  }

  get refusal(): string {
    return this.state?.phase === "refused" ? (this.state.refusal?.words ?? "") : "";
  }

  /** How much of what was unsent when it was stopped has been sent, 0 to 1. */
  get flushed(): number {
    return this.toFlush > 0 ? 1 - Math.min(1, this.unsentSeconds / this.toFlush) : 1;
  }

  /** Hear of every change. */
  watch(tell: () => void): void {
    this.watchers.push(tell);
  }

  /** Begin to send, or go on; false: there is nothing to send, or another window sends. */
  async send(steal = false): Promise<boolean> {
    if (this.isSending) return true;
    if (!this.picture.isOpen && !(await this.picture.open())) return false;
    this.sending ??= this.make();
    return this.sending.start({ steal });
  }

  /** Wait until the server has something of this recording, or refuses it. */
  async arrived(wanted: () => boolean, slow: () => void): Promise<void> {
    const [began, first] = [Date.now(), this.state?.lastAckAt ?? null];
    while (wanted() && this.isSending && (this.state?.lastAckAt ?? null) === first) {
      if (Date.now() - began > SLOW_MS) slow();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Stop recording, and send everything, however long the network is away. */
  async stop(): Promise<void> {
    this.toFlush = Math.max(this.unsentSeconds, 1);
    while (this.sending && this.isMine && (await this.sending.stop()) > 0);
  }

  /** Stop what was a rehearsal, or another window has taken over. */
  async rest(): Promise<void> {
    if (this.isSending) await this.stop();
  }

  /** Save what never arrived with the browser's downloads. */
  async download(): Promise<void> {
    await (this.sending ?? this.make()).download();
  }

  /** Seconds that an earlier life of this page has left in the browser. */
  async leftover(): Promise<number> {
    return (await Sending.leftover(this.view.facts.id))?.seconds ?? 0;
  }

  /** Whether this browser was on air when its page went away. */
  resumable(): Promise<boolean> {
    return Sending.resumable(this.view.facts.id);
  }

  private make(): Sending {
    const { id, uploadUrl } = this.view.facts;
    const sending = new Sending({ livestreamId: id, uploadUrl, stream: this.picture.stage.stream });
    sending.addEventListener("change", () => {
      for (const tell of this.watchers) tell();
    });
    return sending;
  }
}
