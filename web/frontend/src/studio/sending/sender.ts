// Sends what the store keeps, one chunk after the other, until the server has everything for certain.
import type { Answer, Door } from "./door.ts";
import { chunkSize } from "./figures.ts";
import type { Line } from "./line.ts";
import type { Chunk, Store } from "./store.ts";
import type { Refusal } from "./types.ts";

const ASK_AGAIN_MS = 2000; // what is durable, after the last chunk
const MOST_QUESTIONS = 300;

/** Why recordings cannot go on at the server. */
export type Loss =
  "forgotten" | "headless" // nothing is open that they would go on with
  | "replaced" // an encoder sends instead
  | "elsewhere"; // another browser has sent

/** Whoever wants to know. */
export interface Watcher {
  changed(): void;
  /** Recordings through this one are over for the server; `ms` of them never arrived. */
  lost(why: Loss, ms: number, recording: number): void;
  refused(refusal: Refusal): void;
  /** Everything is in the server's storage. */
  finished(): void;
}

export class Sender {
  next = 0;
  durableThrough = -1;
  unsentMs = 0;
  unsentBytes = 0;
  readonly line: Line;
  private readonly livestreamId: string;
  private readonly door: Door;
  private readonly store: Store;
  private readonly watcher: Watcher;
  private placed = false;
  private running: Promise<void> | null = null;
  private runs = 0;
  private closed = false;
  private finishing = false;
  private questions = 0;
  private bell: () => void = () => undefined;
  private rung = false;
  private readonly emptied: (() => void)[] = [];

  constructor(parts: { livestreamId: string; door: Door; store: Store; line: Line; watcher: Watcher }) {
    this.livestreamId = parts.livestreamId;
    this.door = parts.door;
    this.store = parts.store;
    this.line = parts.line;
    this.watcher = parts.watcher;
  }

  /** Send until told to `close`, refused or finished; more calls change nothing. */
  run(): Promise<void> {
    this.runs += 1;
    this.closed = false;
    this.finishing = false;
    this.line.open();
    this.line.rouse();
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  /** Resolves when it sends nothing any more. */
  get done(): Promise<void> {
    return this.running ?? Promise.resolve();
  }

  /** Send nothing more. */
  close(): Promise<void> {
    this.closed = true;
    this.line.close();
    this.ring();
    return this.running ?? Promise.resolve();
  }

  /** Learn that there is more to send. */
  added(ms: number, bytes: number): void {
    this.unsentMs += ms;
    this.unsentBytes += bytes;
    this.ring();
  }

  /** Learn that nothing more will be recorded. */
  finish(): void {
    this.finishing = true;
    this.questions = 0;
    this.ring();
  }

  /** Resolves after `finish`, when the server has everything that was recorded. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.emptied.push(resolve);
      this.ring();
    });
  }

  /** Take the figures of the store. */
  async recount(): Promise<void> {
    const { ms, bytes } = await this.store.waiting(this.livestreamId);
    this.unsentMs = ms;
    this.unsentBytes = bytes;
  }

  private async work(): Promise<void> {
    let runs = -1;
    while (!this.closed) {
      if (runs !== this.runs) this.placed = false;
      runs = this.runs;
      try {
        if (!(await this.step()) && runs === this.runs) return; // else it was told to run meanwhile
      } catch { // of the store: nothing is forgotten, so the same step is right again
        await this.line.rest();
      }
    }
  }

  /** Do the next thing; false: there is nothing to do any more. */
  private async step(): Promise<boolean> {
    if (!this.placed) return this.ask();
    const most = chunkSize(this.line.meter.bitsPerSecond);
    const chunk = await this.store.form(this.livestreamId, this.next, most);
    return chunk ? this.send(chunk) : this.idle();
  }

  private async idle(): Promise<boolean> {
    if (!this.rung) this.unsentMs = this.unsentBytes = 0;
    if (this.rung || !this.finishing) { // a piece may have come since the store was asked
      await this.listen();
      return true;
    }
    for (const resolve of this.emptied.splice(0)) resolve();
    this.watcher.changed();
    if (this.durableThrough >= this.next - 1) {
      this.watcher.finished();
      return false;
    }
    await this.line.pause(ASK_AGAIN_MS);
    this.questions += 1;
    if (!this.finishing || this.closed) return true;
    return this.questions <= MOST_QUESTIONS && this.ask();
  }

  private async ask(): Promise<boolean> {
    const answer = await this.line.ask(0, (signal) => this.door.place(signal));
    if (answer.kind !== "taken") return this.failed(answer);
    await this.place(answer.next, answer.durableThrough);
    return true;
  }

  private async send(chunk: Chunk): Promise<boolean> {
    const { number, bytes, recording } = chunk;
    const answer = await this.line.ask(bytes.length, (signal) => this.door.put(number, bytes, signal));
    if (answer.kind === "taken") await this.arrived(chunk, answer.next, answer.durableThrough);
    else if (answer.kind === "gap" && answer.next !== number) await this.place(answer.next, this.durableThrough);
    else if (answer.kind === "headless") await this.bury(answer.anotherSends ? "replaced" : "headless", recording);
    else return this.failed(answer);
    this.watcher.changed();
    return true;
  }

  private async arrived(chunk: Chunk, next: number, durableThrough: number): Promise<void> {
    this.unsentMs = Math.max(0, this.unsentMs - chunk.ms);
    this.unsentBytes = Math.max(0, this.unsentBytes - chunk.bytes.length);
    if (next !== chunk.number + 1) return this.place(next, durableThrough);
    this.next = next;
    this.durableThrough = Math.max(this.durableThrough, durableThrough);
    await this.store.settle(this.livestreamId, next, this.durableThrough);
  }

  /** Go on where the server wants it; what cannot go on there is buried. */
  private async place(next: number, durableThrough: number): Promise<void> {
    const { livestreamId, store } = this;
    const { formed, floor } = await store.life(livestreamId);
    this.next = next;
    this.durableThrough = Math.min(Math.max(this.durableThrough, durableThrough), next - 1);
    await store.settle(livestreamId, next, this.durableThrough);
    this.placed = true;
    const known = formed < 0 || next === formed + 1 || (await store.numbers(livestreamId)).includes(next);
    // Above what this browser has sent, another one has; below, the server has lost what it had.
    if (!known) await this.bury(next > formed + 1 ? "elsewhere" : "forgotten", floor);
    await this.recount();
    this.watcher.changed();
  }

  private async bury(why: Loss, recording: number): Promise<void> {
    const { ms } = await this.store.bury(this.livestreamId, recording);
    await this.recount();
    this.watcher.lost(why, ms, recording);
  }

  /** Wait after a failure; false: it was a refusal. */
  private async failed(answer: Answer): Promise<boolean> {
    this.watcher.changed();
    if (answer.kind !== "refused") {
      await this.line.rest(answer.kind === "later" ? answer.afterMs : 0);
      return true;
    }
    const { status, code, words } = answer;
    const over = this.finishing && this.questions > 0; // all has arrived: a shut door is no news
    if (!over) this.watcher.refused({ status, code, words });
    return false;
  }

  private listen(): Promise<void> {
    if (this.rung || this.closed) {
      this.rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.bell = () => {
        this.bell = () => undefined;
        this.rung = false;
        resolve();
      };
    });
  }

  private ring(): void {
    this.rung = true;
    this.bell();
  }
}
