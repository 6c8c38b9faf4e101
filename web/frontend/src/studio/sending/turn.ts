// Only one tab of a browser sends a livestream; another can take over.

const PATIENCE_MS = 2000; // the page before a reload may still be letting go

export class Turn {
  private letGo: (() => void) | null = null;
  private readonly name: string;
  private readonly locks: LockManager | null; // null: the browser has none
  private readonly onLost: () => void;

  constructor(name: string, onLost: () => void, locks: LockManager | null) {
    this.name = name;
    this.onLost = onLost;
    this.locks = locks;
  }

  /** Take the turn; false: another tab has it. With `steal` it is taken from there. */
  claim(steal: boolean): Promise<boolean> {
    const locks = this.locks;
    if (this.letGo || !locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const options = steal ? { steal } : { signal: AbortSignal.timeout(PATIENCE_MS) };
      const held = locks.request(this.name, options, () => new Promise<void>((letGo) => {
        this.letGo = letGo;
        resolve(true);
      }));
      held.catch(() => {
        const had = this.letGo !== null;
        this.letGo = null;
        if (had) this.onLost();
        else resolve(false);
      });
    });
  }

  release(): void {
    this.letGo?.();
    this.letGo = null;
  }
}
