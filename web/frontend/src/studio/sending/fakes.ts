// A server, a recorder and a page's life for tests: they fail when they are told to.
import { MemoryStore } from "./memory_store.ts";
import type { Machine } from "./recorder.ts";
import type { Store } from "./store.ts";
import type { Parts } from "./works.ts";

const MAGIC = [0x1a, 0x45, 0xdf, 0xa3];
const SPEED = 200; // timers run so many times faster than they say

/** The chunk door as it is described: what it has taken, recording by recording. */
export class FakeServer {
  recordings: number[][] = [];
  taken: Uint8Array[] = [];
  durableLag = 2;
  /** Milliseconds until an answer. */
  slowness = 0;
  puts: string[] = [];
  /** What goes wrong with the next request. */
  fault: () => "" | "away" | "unheard" | "busy" | "silent" = () => "";
  refusal: { status: number; code: string; detail: string } | null = null;
  /** Whether an encoder sends in place of this browser. */
  another = false;
  private open = false;

  readonly ask = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const fault = this.fault();
    if (fault === "away") throw new TypeError("Failed to fetch");
    if (fault === "silent") return aborted(init.signal);
    if (this.slowness) await new Promise((resolve) => setTimeout(resolve, this.slowness));
    if (fault === "busy") return new Response("<h1>502</h1>", { status: 502 });
    const answer = init.method === "PUT" ? this.put(Number(String(input).split("/").at(-1)), init.body as Uint8Array) : this.receipt(200);
    if (fault === "unheard") throw new TypeError("The answer did not arrive");
    return answer;
  };

  /** Go on without the recording there was, as after another source. */
  forgetRecording(): void {
    this.open = false;
  }

  /** Go back to an earlier number, as after a backup was restored. */
  goBack(next: number): void {
    this.taken.length = next;
  }

  private put(number: number, bytes: Uint8Array): Response {
    this.puts.push(`${number}:${bytes.length}`);
    const wanted = this.taken.length;
    if (this.refusal) return Response.json(this.refusal, { status: this.refusal.status });
    if (number < wanted) return this.receipt(200);
    if (number > wanted) return Response.json({ code: "chunk_gap", next: wanted }, { status: 409 });
    const begins = MAGIC.every((byte, at) => bytes[at] === byte);
    if (!begins && !this.open) return Response.json({ code: "not_a_recording", another_sends: this.another }, { status: 422 });
    if (begins) this.recordings.push([]);
    this.open = true;
    this.recordings.at(-1)?.push(...bytes);
    this.taken.push(bytes.slice());
    return this.receipt(201);
  }

  private receipt(status: number): Response {
    const next = this.taken.length;
    return Response.json({ next, durable_through: Math.max(-1, next - 1 - this.durableLag) }, { status });
  }
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
}

/** Recorders of a page; `recorded` has the bytes of each recording. */
export class FakeRecorders {
  readonly recorded: number[][];
  readonly machines: FakeMachine[] = [];
  readonly formats = ["video/webm"];
  /** Their page is gone: they give nothing any more. */
  dead = false;
  /** How many pieces there were. */
  pieces = 0;
  private count = 0;

  constructor(recorded: number[][] = []) {
    this.recorded = recorded;
  }

  readonly make = (): Machine => {
    const machine = new FakeMachine(this);
    this.machines.push(machine);
    return machine;
  };

  get current(): FakeMachine {
    const machine = this.machines.at(-1);
    if (!machine) throw new Error("nothing records");
    return machine;
  }

  /** Return other bytes each time. */
  bytes(size: number): number[] {
    return Array.from({ length: size }, () => (this.count += 1) % 251);
  }
}

export class FakeMachine implements Machine {
  mimeType = "video/webm";
  state: RecordingState = "inactive";
  ondataavailable: Machine["ondataavailable"] = null;
  onerror: Machine["onerror"] = null;
  onstop: Machine["onstop"] = null;
  private mine: number[] | null = null;
  private readonly all: FakeRecorders;

  constructor(all: FakeRecorders) {
    this.all = all;
  }

  start(): void {
    this.state = "recording";
  }

  /** Record a piece. */
  give(size = 20): void {
    const bytes = this.all.bytes(size);
    if (!this.mine) {
      this.mine = [];
      this.all.recorded.push(this.mine);
      bytes.unshift(...MAGIC);
    }
    this.mine.push(...bytes);
    this.hand(bytes);
  }

  /** Record a piece as a recorder does that waits for its first picture: the first byte by itself. */
  giveLate(size = 20): void {
    const bytes = [...MAGIC, ...this.all.bytes(size)];
    this.mine = [...bytes];
    this.all.recorded.push(this.mine);
    this.hand(bytes.slice(0, 1));
    this.hand(bytes.slice(1));
  }

  private hand(bytes: number[]): void {
    this.all.pieces += 1;
    const data = new Blob([new Uint8Array(bytes)]);
    this.ondataavailable?.call(this as unknown as MediaRecorder, { data } as BlobEvent);
  }

  stop(): void {
    if (this.state === "inactive" || this.all.dead) return;
    if (this.mine) this.give(5);
    this.state = "inactive";
    queueMicrotask(() => this.onstop?.call(this as unknown as MediaRecorder, new Event("stop")));
  }

  fail(): void {
    this.onerror?.call(this as unknown as MediaRecorder, new Event("error") as ErrorEvent);
  }
}

/** A store whose page can be killed: then nothing it asks for happens or comes back. */
export function mortal(store: Store): { store: Store; kill: () => void; adds: () => number } {
  let dead = false, adds = 0;
  const guarded = new Proxy(store, {
    get: (target, name) => async (...given: unknown[]) => {
      if (dead) return new Promise(() => undefined);
      const found: unknown = await (Reflect.get(target, name) as (...all: unknown[]) => Promise<unknown>).apply(target, given);
      if (dead) return new Promise(() => undefined);
      if (name === "add") adds += 1;
      return found;
    },
  });
  return { store: guarded, kill: () => { dead = true; }, adds: () => adds };
}

/** Return what a session needs in place of a browser. */
export function surroundings(server: FakeServer, recorders: FakeRecorders, store: Store = new MemoryStore()): Parts {
  return {
    opened: { store, onDisk: () => true },
    ask: server.ask as typeof fetch,
    locks: null,
    recorders,
    clocks: {
      now: () => performance.now() * SPEED,
      wall: () => Math.round(1e12 + performance.now() * SPEED),
      chance: () => 0.5,
      timer: (work, ms) => {
        const timer = setTimeout(work, ms / SPEED);
        return () => clearTimeout(timer);
      },
    },
  };
}

/** A stream with one track that lives. */
export function stream(): MediaStream {
  const track = Object.assign(new EventTarget(), { readyState: "live" });
  return { getTracks: () => [track] } as unknown as MediaStream;
}

/** Wait until something holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Let intervals of pages that were killed not keep the tests from ending. */
export function forgetIntervals(): void {
  const real = globalThis.setInterval;
  globalThis.setInterval = ((work: () => void, ms: number) => real(work, ms).unref()) as typeof setInterval;
}
