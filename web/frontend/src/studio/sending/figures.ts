// How the way to the server is: its rate, its round trip, and whether it is too slow.

const LEAST_BYTES = 16_000; // the time of a smaller request says nothing about the rate
const SHARE_UP = 0.3; // of the newest measurement
const SHARE_DOWN = 0.8; // at once: chunks that are too large for a slower line look like silence
const ROUND_TRIPS = 20;

/** Measures requests that were answered. */
export class Meter {
  bitsPerSecond = 0;
  private readonly times: number[] = [];

  note(bytes: number, ms: number): void {
    this.times.push(ms);
    if (this.times.length > ROUND_TRIPS) this.times.shift();
    if (bytes < LEAST_BYTES) return;
    const rate = (bytes * 8000) / Math.max(1, ms);
    const share = rate < this.bitsPerSecond ? SHARE_DOWN : SHARE_UP;
    this.bitsPerSecond = this.bitsPerSecond ? this.bitsPerSecond * (1 - share) + rate * share : rate;
  }

  /** Milliseconds of the shortest of the last requests; 0: none was answered yet. */
  get roundTripMs(): number {
    return this.times.length ? Math.round(Math.min(...this.times)) : 0;
  }
}

const LEAST_CHUNK = 64 * 1024;
const FIRST_CHUNK = 256 * 1024;
const MOST_CHUNK = 2 * 1024 * 1024;
const CHUNK_SECONDS = 1.5; // longer, and the server takes a slow sender for a silent one

/** Return how many bytes a chunk should have at most. */
export function chunkSize(bitsPerSecond: number): number {
  if (!bitsPerSecond) return FIRST_CHUNK;
  return Math.min(MOST_CHUNK, Math.max(LEAST_CHUNK, Math.round((bitsPerSecond / 8) * CHUNK_SECONDS)));
}

const LONG_MS = 8000; // of unsent media
const GROWING_MS = 12_000; // for so long
const GROWN_MS = 1000; // less is the saw of pieces and chunks
const COOL_MS = 20_000; // until a new rate has shown what it does

/** Tells when more is recorded than the way carries. An absent network is not a slow one. */
export class Backlog {
  private seen: { at: number; unsentMs: number }[] = [];
  private quietUntil = 0;

  /** Note what is unsent; true: a lower rate is due. `answered`: the server answers meanwhile. */
  note(at: number, unsentMs: number, answered: boolean): boolean {
    if (!answered || unsentMs < LONG_MS || at < this.quietUntil) {
      this.seen = [];
      return false;
    }
    this.seen.push({ at, unsentMs });
    while (this.seen.length > 1 && at - (this.seen[1]?.at ?? at) >= GROWING_MS) this.seen.shift();
    const first = this.seen[0];
    if (!first || at - first.at < GROWING_MS || unsentMs < first.unsentMs + GROWN_MS) return false;
    this.seen = [];
    this.quietUntil = at + COOL_MS;
    return true;
  }
}
