// Writes what is recorded into the store, one piece after the other.
import type { Ears } from "./recorder.ts";
import type { Store } from "./store.ts";

const BEGINNING = 12; // bytes: by these the server tells that a recording begins, and as what

interface Held { parts: Blob[]; size: number; ms: number }

export class Writer implements Ears {
  /** The number of the newest recording; 0: none yet. */
  recording = 0;
  private order = 0;
  private held: Held | null = null;
  private last: Promise<void> = Promise.resolve();
  private readonly livestreamId: string;
  private readonly store: Store;
  private readonly now: () => number;
  private readonly kept: (ms: number, bytes: number, kept: boolean) => void;

  /** `kept` is told of every piece; false: another tab has taken over, or nothing could keep it. */
  constructor(livestreamId: string, store: Store, now: () => number, kept: Writer["kept"]) {
    this.livestreamId = livestreamId;
    this.store = store;
    this.now = now;
    this.kept = kept;
  }

  begun(type: string): void {
    this.then(async () => {
      this.recording = await this.store.begin(this.livestreamId, type, this.now());
      this.order = 0;
      this.held = { parts: [], size: 0, ms: 0 }; // what an earlier one held never became a recording
    });
  }

  piece(data: Blob, ms: number): void {
    this.then(async () => {
      const whole = this.joined(data, ms);
      if (!whole) return;
      const kept = await this.keep(whole.data, whole.ms).catch(() => false);
      this.kept(whole.ms, whole.data.size, kept);
    });
  }

  /** Resolves when everything heard so far is written. */
  idle(): Promise<void> {
    return this.last;
  }

  /**
   * Hold a beginning that is too short to be known as one. A recorder whose first picture comes late
   * gives a first piece of a single byte: alone it would be no recording, or the end of another.
   */
  private joined(data: Blob, ms: number): { data: Blob; ms: number } | null {
    const { held } = this;
    if (!held) return { data, ms };
    held.parts.push(data);
    held.size += data.size;
    held.ms += ms;
    if (held.size < BEGINNING) return null;
    this.held = null;
    return { data: new Blob(held.parts), ms: held.ms };
  }

  private async keep(data: Blob, ms: number): Promise<boolean> {
    const bytes = new Uint8Array(await data.arrayBuffer());
    const { livestreamId, recording, order } = this;
    this.order += 1;
    return this.store.add({ livestreamId, recording, order, bytes, ms });
  }

  private then(work: () => Promise<void>): void {
    this.last = this.last.then(work).catch(() => undefined);
  }
}
