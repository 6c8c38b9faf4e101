// What a sending session consists of, and the figures it shows.
import { Door } from "./door.ts";
import { formatsOf } from "./formats.ts";
import type { Opened } from "./leftovers.ts";
import { Line } from "./line.ts";
import type { Surroundings as Clocks } from "./line.ts";
import { Recorder } from "./recorder.ts";
import type { Surroundings } from "./recorder.ts";
import { Sender } from "./sender.ts";
import type { Watcher } from "./sender.ts";
import type { Phase, Refusal, SendingState } from "./types.ts";
import { Writer } from "./writer.ts";

const BEHIND_MS = 3000; // of unsent media: the page says that it catches up

export interface Options {
  livestreamId: string;
  uploadUrl: string;
  /** Its tracks stay the same while sources change. */
  stream: MediaStream;
}

/** What tests put in place of the browser. */
export interface Parts {
  opened: Opened;
  ask: typeof fetch;
  locks: LockManager | null;
  clocks: Clocks;
  recorders: Pick<Surroundings, "formats" | "make">;
}

/** What is there from the first start on. */
export interface Works { opened: Opened; writer: Writer; recorder: Recorder; sender: Sender }

export type Mode = "idle" | "recording" | "stopping" | "refused" | "elsewhere";

/** What the session itself counts. */
export interface Tally { recordedMs: number; lostMs: number; refusal: Refusal | null }

/** Put a session together. */
export function build(
  options: Options, parts: Partial<Parts>, opened: Opened, clocks: Clocks, watcher: Watcher & { kept: Writer["kept"] },
): Works {
  const { livestreamId, uploadUrl, stream } = options, { store } = opened;
  const writer = new Writer(livestreamId, store, clocks.wall, (ms, bytes, kept) => watcher.kept(ms, bytes, kept));
  const around = { ...(parts.recorders ?? browserRecorders()), now: clocks.now, wall: clocks.wall, timer: clocks.timer };
  const door = new Door(uploadUrl, parts.ask);
  const sender = new Sender({ livestreamId, store, door, line: new Line(clocks), watcher });
  return { opened, writer, sender, recorder: new Recorder(stream, writer, around) };
}

/** Describe a session for the page. */
export function describe(works: Works | null, mode: Mode, tally: Tally): SendingState {
  const sender = works?.sender, line = sender?.line;
  return {
    phase: phaseOf(works, mode),
    unsentSeconds: (sender?.unsentMs ?? 0) / 1000,
    unsentBytes: sender?.unsentBytes ?? 0,
    next: sender?.next ?? 0,
    durableThrough: sender?.durableThrough ?? -1,
    recordedSeconds: tally.recordedMs / 1000,
    lostSeconds: tally.lostMs / 1000,
    storage: works && !works.opened.onDisk() ? "memory" : "disk",
    bitsPerSecond: Math.round(line?.meter.bitsPerSecond ?? 0),
    roundTripMs: line?.meter.roundTripMs ?? 0,
    lastAckAt: line?.lastAckAt ?? null,
    pictureRate: works?.recorder.rate.picture ?? 0,
    ...(tally.refusal ? { refusal: tally.refusal } : {}),
  };
}

function phaseOf(works: Works | null, mode: Mode): Phase {
  if (mode !== "recording" || !works) return mode;
  if (works.sender.line.away) return "offline";
  return works.sender.unsentMs > BEHIND_MS ? "catching_up" : "recording";
}

function browserRecorders(): Pick<Surroundings, "formats" | "make"> {
  return {
    formats: formatsOf((type) => MediaRecorder.isTypeSupported(type)),
    make: (stream, options) => new MediaRecorder(stream, options),
  };
}
