// The line to the server: one request at a time, its time-outs, its failures, its figures.
import { backoff, patience } from "./door.ts";
import type { Answer } from "./door.ts";
import { Meter } from "./figures.ts";
import { realTimer, Waits } from "./waits.ts";
import type { Timer } from "./waits.ts";

const STALE_MS = 2000; // a request that began before the network came back is given up

/** Clocks in milliseconds, and chance from 0 to 1. */
export interface Surroundings { now: () => number; wall: () => number; chance: () => number; timer: Timer }

export const REAL: Surroundings = {
  now: () => performance.now(), wall: () => Date.now(), chance: () => Math.random(), timer: realTimer,
};

export class Line {
  /** Nobody answers: two requests in a row, or one for long. A single one means nothing. */
  away = false;
  /** Milliseconds since the epoch. */
  lastAckAt: number | null = null;
  readonly meter = new Meter();
  private failures = 0;
  private timeouts = 0;
  private closed = false;
  private request: { began: number; abort: AbortController } | null = null;
  private readonly pauses: Waits;
  private readonly limits: Waits;
  private readonly around: Surroundings;

  constructor(around: Surroundings = REAL) {
    this.around = around;
    this.pauses = new Waits(around.now, around.timer);
    this.limits = new Waits(around.now, around.timer);
  }

  /** Make a request that carries some bytes; it is aborted when it takes too long. */
  async ask(bytes: number, make: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const abort = new AbortController(), began = this.around.now();
    const limit = this.limits.for(patience(bytes, this.meter.bitsPerSecond, this.timeouts));
    let late = false;
    void limit.over.then(() => { late = true; abort.abort(); });
    this.request = { began, abort };
    const answer = await make(abort.signal);
    this.request = null;
    const unheard = answer.kind === "away";
    this.timeouts = unheard && late ? this.timeouts + 1 : 0;
    this.away = unheard && (this.timeouts > 0 || this.failures > 0);
    limit.cancel();
    if (answer.kind === "taken") this.succeeded(bytes, this.around.now() - began);
    return answer;
  }

  /** Wait after a failure, longer after each. */
  async rest(leastMs = 0): Promise<void> {
    await this.pause(Math.max(leastMs, backoff(this.failures, this.around.chance())));
    this.failures += 1;
  }

  async pause(ms: number): Promise<void> {
    if (!this.closed) await this.pauses.for(ms).over;
  }

  /** Try at once: the network is back. */
  rouse(): void {
    if (this.request && this.around.now() - this.request.began > STALE_MS) this.request.abort.abort();
    this.pauses.rouse();
  }

  /** Notice what is over; called by what happens anyhow, as timers of hidden tabs come late. */
  look(): void {
    this.pauses.look();
    this.limits.look();
  }

  open(): void {
    this.closed = false;
  }

  /** Give up the request there is, and wait no more. */
  close(): void {
    this.closed = true;
    this.request?.abort.abort();
    this.pauses.rouse();
  }

  private succeeded(bytes: number, ms: number): void {
    this.failures = 0;
    this.lastAckAt = this.around.wall();
    this.meter.note(bytes, ms);
  }
}
