const STILL_MS = 8_000;

/** Knows whether somebody reads or works in a part of the page, and says when they have stopped. */
export class Rest {
  private readonly part: HTMLElement;
  private readonly stopped: () => void;
  private touched = -Infinity;
  private timer = 0;

  constructor(part: HTMLElement, stopped: () => void) {
    this.part = part;
    this.stopped = stopped;
    for (const event of ["pointermove", "pointerdown", "wheel", "touchmove", "keydown", "focusin"])
      part.addEventListener(event, () => this.touch(), { passive: true });
    addEventListener("scroll", () => this.isSeen && this.touch(), { passive: true });
  }

  /** Whether nothing may move now. */
  get isRead(): boolean {
    return performance.now() - this.touched < STILL_MS || this.part.contains(document.activeElement);
  }

  /** They asked for another order themselves: everything may move. */
  end(): void {
    this.touched = -Infinity;
  }

  private get isSeen(): boolean {
    const box = this.part.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  }

  private touch(): void {
    this.touched = performance.now();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.stopped(), STILL_MS + 100);
  }
}
