// Ticks that go on while the page is hidden: timers of a page slow to one per second then, those of a
// worker do not.

const PROGRAM = "let timer; onmessage = ({ data }) => { clearInterval(timer); if (data > 0) timer = setInterval(() => postMessage(0), data); };";

/** Calls `act` every `ms` milliseconds until it is stopped. */
export class Ticker {
  private readonly worker: Worker | null;
  private timer = 0;
  private last = 0;

  constructor(ms: number, act: () => void) {
    const tick = () => {
      const now = performance.now();
      if (now - this.last < ms / 3) return; // ticks that piled up behind a long task
      this.last = now;
      act();
    };
    this.worker = startWorker();
    if (this.worker) {
      this.worker.onmessage = tick;
      this.worker.postMessage(ms);
    } else this.timer = window.setInterval(tick, ms);
  }

  stop(): void {
    this.worker?.terminate();
    clearInterval(this.timer);
  }
}

/** Return a worker that ticks; null where a policy or an old browser has none of a blob. */
function startWorker(): Worker | null {
  const url = URL.createObjectURL(new Blob([PROGRAM], { type: "text/javascript" }));
  try {
    return new Worker(url);
  } catch {
    return null;
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
