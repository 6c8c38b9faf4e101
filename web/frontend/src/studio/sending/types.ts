// What the page is told of sending, and what it gives.

/** What sending does now; `elsewhere`: another tab, computer or encoder has this livestream. */
export type Phase =
  "idle" | "recording" | "catching_up" | "offline" | "stopping" | "refused" | "elsewhere";

/** The server's no: `words` are a sentence for the person. */
export interface Refusal { status: number; code: string; words: string }

/** Where sending stands. Every figure is of this page's life, but what is unsent is all there is. */
export interface SendingState {
  phase: Phase;
  /** Recorded, and not yet at the server. */
  unsentSeconds: number;
  unsentBytes: number;
  /** The number of the chunk that the server wants. */
  next: number;
  /** Chunks up to this one are in the server's storage for certain; -1: none. */
  durableThrough: number;
  recordedSeconds: number;
  /** Recorded, but nobody can send it any more; it is still in `download()`. */
  lostSeconds: number;
  /** `memory`: the browser keeps nothing on its disk (private window, no room); a reload loses it. */
  storage: "disk" | "memory";
  /** Measured on the way to the server; 0: not known yet. */
  bitsPerSecond: number;
  roundTripMs: number;
  /** When the server answered last, in milliseconds since the epoch. */
  lastAckAt: number | null;
  /** Bits per second of the picture that is recorded now. */
  pictureRate: number;
  refusal?: Refusal;
}

/** What a page's life before this one has left in the browser. */
export interface Leftover { pieces: number; seconds: number; bytes: number }
