// Figures of an upload in words: how much, how fast, how long still.

const UNITS = ["B", "KB", "MB", "GB"];

/** Write a number of bytes as people do: 1.4 GB. */
export function bytes(count: number): string {
  let value = count, unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) { value /= 1000; unit += 1; }
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** Write seconds as 0:07 or 1:02:03. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The speed over the last seconds, from moments and how much had been sent by then. */
export class Speed {
  private readonly seen: [number, number][] = [];
  private readonly overMs: number;

  constructor(overMs = 15000) {
    this.overMs = overMs;
  }

  note(nowMs: number, sent: number): void {
    this.seen.push([nowMs, sent]);
    while (this.seen.length > 2 && nowMs - (this.seen[0]?.[0] ?? nowMs) > this.overMs) this.seen.shift();
  }

  /** Bytes per second; 0 while nothing can be said. */
  perSecond(): number {
    const first = this.seen[0], last = this.seen.at(-1);
    if (!first || !last || last[0] <= first[0]) return 0;
    return (last[1] - first[1]) * 1000 / (last[0] - first[0]);
  }
}
