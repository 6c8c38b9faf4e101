// Records a stream in pieces of a quarter of a second, and begins anew whenever a recorder fails.
import { optionsOf, RATES } from "./formats.ts";
import type { Rate } from "./formats.ts";
import type { Timer } from "./waits.ts";

const SLICE_MS = 250; // what a crash of the tab costs, and what viewers wait longer
const STALLED_MS = 5000;
const SLEPT_MS = 2000;
const STOP_MS = 2000; // a recorder that failed may not say that it has stopped
const LONGEST_PAUSE_MS = 2000;

/** Whoever keeps what is recorded. A recording begins with its first piece. */
export interface Ears {
  begun(type: string): void;
  piece(data: Blob, ms: number): void;
}

/** What is used of a `MediaRecorder`. */
export type Machine = Pick<
  MediaRecorder, "mimeType" | "state" | "start" | "stop" | "ondataavailable" | "onerror" | "onstop">;

export interface Surroundings {
  /** Types the browser records, the best first. */
  formats: string[];
  make: (stream: MediaStream, options: MediaRecorderOptions) => Machine;
  /** Milliseconds; it may stand still while the computer sleeps. */
  now: () => number;
  /** Milliseconds since the epoch. */
  wall: () => number;
  timer: Timer;
}

/** One recorder from its beginning to its end. */
interface Take { machine: Machine; pieces: number; at: number; signal: AbortController; patience: () => void }

export class Recorder {
  rate: Rate = RATES[0] as Rate;
  private stream: MediaStream;
  private readonly ears: Ears;
  private readonly around: Surroundings;
  private take: Take | null = null;
  private wanted = false;
  private format = 0;
  private failures = 0;
  private drift = 0;
  private pause: () => void = () => undefined;
  private stopped: () => void = () => undefined;

  constructor(stream: MediaStream, ears: Ears, around: Surroundings) {
    this.stream = stream;
    this.ears = ears;
    this.around = around;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.drift = this.driftNow();
    this.begin();
  }

  /** End the recording and begin a new one: with another rate or stream, or after a fault. */
  renew(rate: Rate = this.rate, stream: MediaStream = this.stream): void {
    this.rate = rate;
    this.stream = stream;
    if (this.take) this.end(this.take);
  }

  /** Stop; what was recorded has been heard when this resolves. */
  stop(): Promise<void> {
    this.wanted = false;
    this.pause();
    const take = this.take;
    if (!take) return Promise.resolve();
    return new Promise((resolve) => {
      this.stopped = resolve;
      this.end(take);
    });
  }

  /** Begin anew when nothing is recorded any more, or the computer has slept. Called every second. */
  look(): void {
    if (!this.take || !this.wanted) return;
    const slept = Math.abs(this.driftNow() - this.drift) > SLEPT_MS; // times of frames are wrong then
    this.drift = this.driftNow();
    if (slept || this.around.now() - this.take.at > STALLED_MS) this.renew();
  }

  private begin(): void {
    const tracks = this.stream.getTracks().filter((track) => track.readyState === "live");
    const whole = tracks.length === this.stream.getTracks().length;
    if (!tracks.length) return this.later();
    try {
      this.run(this.made(whole ? this.stream : new MediaStream(tracks)), tracks);
    } catch {
      this.format = (this.format + 1) % this.around.formats.length;
      this.later();
    }
  }

  private run(machine: Machine, tracks: MediaStreamTrack[]): void {
    const take: Take = { machine, pieces: 0, at: this.around.now(), signal: new AbortController(), patience: () => undefined };
    machine.ondataavailable = (event) => this.heard(take, event.data);
    machine.onstop = () => this.over(take);
    machine.onerror = () => this.end(take);
    machine.start(SLICE_MS);
    this.take = take;
    const { signal } = take.signal;
    for (const track of tracks) track.addEventListener("ended", () => this.end(take), { signal });
  }

  private made(stream: MediaStream): Machine {
    const type = this.around.formats[this.format];
    if (!type) throw new Error("This browser records nothing that the server takes.");
    const options = optionsOf(type, this.rate);
    try {
      return this.around.make(stream, options);
    } catch { // some browsers refuse what they do not know: the server encodes then
      const { mimeType, videoBitsPerSecond, audioBitsPerSecond } = options;
      return this.around.make(stream, { mimeType, videoBitsPerSecond, audioBitsPerSecond } as MediaRecorderOptions);
    }
  }

  private heard(take: Take, data: Blob): void {
    if (take !== this.take || !data.size) return;
    const now = this.around.now(), ms = now - take.at;
    if (!take.pieces) this.ears.begun(take.machine.mimeType);
    take.pieces += 1;
    take.at = now;
    this.failures = 0;
    this.ears.piece(data, ms);
  }

  private end(take: Take): void {
    take.signal.abort();
    try {
      if (take.machine.state !== "inactive") take.machine.stop(); // its last piece comes before its end
    } catch { /* it failed while it stopped */ }
    take.patience();
    take.patience = this.around.timer(() => this.over(take), STOP_MS);
  }

  private over(take: Take): void {
    if (take !== this.take) return;
    take.signal.abort();
    take.patience();
    this.take = null;
    if (!this.wanted) return this.stopped();
    if (take.pieces) return this.begin();
    this.format = (this.format + 1) % this.around.formats.length; // this one gave nothing
    this.later();
  }

  private later(): void {
    if (!this.wanted) return;
    const ms = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** this.failures);
    this.failures += 1;
    this.pause = this.around.timer(() => { if (this.wanted && !this.take) this.begin(); }, ms);
  }

  private driftNow(): number {
    return this.around.wall() - this.around.now();
  }
}
