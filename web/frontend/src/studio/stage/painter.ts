import { drawCard, readLook, type Look } from "./card.ts";
import { PICTURE, type Part, type Placed } from "./geometry.ts";
import type { CardText } from "./types.ts";

/** What the parts of a picture are drawn from. */
export type Sources = Record<Exclude<Part, "card">, CanvasImageSource | null>;

const ROUND = [8, 8, 28, 8]; // the turned corner of the site's stages

/** Draws the composed picture; its track stays the same whatever is drawn. */
export class Painter {
  readonly canvas: HTMLCanvasElement;
  readonly track: MediaStreamTrack;
  private readonly pen: CanvasRenderingContext2D;
  private readonly shoot: () => void;
  private readonly card = document.createElement("canvas");
  private readonly look: Look = readLook();
  private written = "";

  constructor() {
    this.canvas = sized(document.createElement("canvas"));
    this.pen = penOf(this.canvas);
    sized(this.card);
    [this.track, this.shoot] = capture(this.canvas);
  }

  /** Draw one picture and hand it to whoever records. */
  draw(placed: readonly ({ part: Part } & Placed)[], sources: Sources): void {
    this.pen.fillStyle = this.look.ground;
    this.pen.fillRect(0, 0, PICTURE.width, PICTURE.height);
    placed.forEach(({ part, from, to }, index) => {
      const source = part === "card" ? this.card : sources[part];
      if (!source) return;
      if (index === 0) this.put(source, { from, to });
      else this.putInset(source, { from, to });
    });
    this.shoot();
  }

  /** Write the card; it is drawn anew only when its words change. */
  write(text: CardText, sentence: string): void {
    const words = [text.title, text.host, sentence].join("\n");
    if (words === this.written) return;
    this.written = words;
    drawCard(penOf(this.card), text, sentence, this.look);
  }

  private put(source: CanvasImageSource, { from, to }: Placed): void {
    this.pen.drawImage(source, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
  }

  private putInset(source: CanvasImageSource, { from, to }: Placed): void {
    const { pen } = this;
    pen.save();
    pen.beginPath();
    pen.roundRect(to.x, to.y, to.width, to.height, ROUND);
    pen.clip();
    this.put(source, { from, to });
    pen.strokeStyle = this.look.line;
    pen.lineWidth = 4; // half of it is clipped away
    pen.stroke();
    pen.restore();
  }
}

/** Return the canvas's track and what makes it take a picture. */
function capture(canvas: HTMLCanvasElement): [MediaStreamTrack, () => void] {
  const [track] = canvas.captureStream(0).getVideoTracks() as CanvasCaptureMediaStreamTrack[];
  if (track && "requestFrame" in track) return [track, () => track.requestFrame()];
  return [canvas.captureStream(30).getVideoTracks()[0] as MediaStreamTrack, () => undefined];
}

function sized(canvas: HTMLCanvasElement): HTMLCanvasElement {
  return Object.assign(canvas, { width: PICTURE.width, height: PICTURE.height });
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d", { alpha: false });
  if (!pen) throw new Error("this browser draws nothing");
  return pen;
}
