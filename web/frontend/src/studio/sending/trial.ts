// A page for tests and benchmarks alone: a clock burnt into a canvas, a tone, and a session.
import { openDatabase } from "./database.ts";
import { IndexedStore } from "./indexed_store.ts";
import { Sending } from "./session.ts";
import type { Options } from "./works.ts";
import { CONTRACT } from "./store.contract.ts";

const [WIDTH, HEIGHT, FRAMES] = [640, 360, 25];
const [BITS, SQUARE, LEFT, TOP] = [40, 12, 80, 16]; // as the presenter's test picture has them

interface Trial {
  Sending: typeof Sending;
  sending: Sending | null;
  begin: (options: Omit<Options, "stream">, format?: string) => Promise<boolean>;
  contract: () => Promise<string[]>;
  phases: string[];
}

const trial: Trial = {
  Sending,
  sending: null,
  phases: [],
  /** Go on air, in a format that is not the best where one is named. */
  async begin(options, format) {
    const make = (source: MediaStream, how: MediaRecorderOptions): MediaRecorder => new MediaRecorder(source, how);
    const parts = format ? { recorders: { formats: [format], make } } : {};
    const sending = new Sending({ ...options, stream: stream() }, parts);
    trial.sending = sending;
    sending.addEventListener("change", () => {
      const { phase } = sending.state;
      if (phase !== trial.phases.at(-1)) trial.phases.push(phase);
    });
    return sending.start();
  },
  /** Run the contract on the browser's database; return what does not hold. */
  async contract() {
    const failed: string[] = [];
    for (const [at, { name, run }] of CONTRACT.entries()) {
      const database = await openDatabase(`trial-${at}`);
      await run(new IndexedStore(database)).catch((fault: unknown) => failed.push(`${name}: ${String(fault)}`));
      database.close();
    }
    return failed;
  },
};

function stream(): MediaStream {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const paint = canvas.getContext("2d")!;
  setInterval(() => draw(paint), 1000 / FRAMES);
  const audio = new AudioContext(), tone = audio.createOscillator(), out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return new MediaStream([...canvas.captureStream(FRAMES).getTracks(), ...out.stream.getTracks()]);
}

function draw(paint: CanvasRenderingContext2D): void {
  const now = Date.now() % 2 ** BITS;
  paint.fillStyle = "#123";
  paint.fillRect(0, 0, WIDTH, HEIGHT);
  for (let bit = 0; bit < BITS; bit += 1) {
    paint.fillStyle = Math.floor(now / 2 ** (BITS - 1 - bit)) % 2 ? "#fff" : "#000";
    paint.fillRect(LEFT + bit * SQUARE, TOP, SQUARE, SQUARE);
  }
  paint.fillStyle = "#9bd";
  paint.fillRect((now / 5) % WIDTH, 200, 40, 40); // something that moves
}

Object.assign(globalThis, { trial });
