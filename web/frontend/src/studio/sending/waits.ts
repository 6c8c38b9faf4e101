// Waiting that goes on in a hidden tab, where timers come once a second or once a minute only.

/** Sets a timer and returns what takes it back; tests have faster ones. */
export type Timer = (work: () => void, ms: number) => () => void;

export const realTimer: Timer = (work, ms) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

interface Wait { until: number; resolve: () => void; takeBack: () => void }

export class Waits {
  private readonly open = new Set<Wait>();
  private readonly now: () => number;
  private readonly timer: Timer;

  constructor(now: () => number = () => performance.now(), timer: Timer = realTimer) {
    this.now = now;
    this.timer = timer;
  }

  /** Wait for some milliseconds: until a timer, or the first `look` after them, or `rouse`. */
  for(ms: number): { over: Promise<void>; cancel: () => void } {
    let wait: Wait | undefined;
    const over = new Promise<void>((resolve) => {
      const takeBack = this.timer(() => this.end(wait), ms);
      wait = { until: this.now() + ms, resolve, takeBack };
      this.open.add(wait);
    });
    return { over, cancel: () => this.end(wait) };
  }

  /** End the waits whose time is over; called whenever something happens, like a piece recorded. */
  look(): void {
    for (const wait of [...this.open]) if (wait.until <= this.now()) this.end(wait);
  }

  /** End all waits: the network is back. */
  rouse(): void {
    for (const wait of [...this.open]) this.end(wait);
  }

  private end(wait: Wait | undefined): void {
    if (!wait || !this.open.delete(wait)) return;
    wait.takeBack();
    wait.resolve();
  }
}
