import { PICTURE } from "./geometry.ts";
import type { CardText } from "./types.ts";
import { wrap } from "./wrapping.ts";

/** The colours and faces of the site, as its style sheet has them. */
export interface Look {
  ground: string;
  ink: string;
  soft: string;
  lamp: string;
  line: string;
  serif: string;
  sans: string;
}

const LEFT = 112;
const WIDE = PICTURE.width - 2 * LEFT;
const TITLE = { size: 60, line: 74, most: 3 };

/** Read the look from the page; the values beside the names are those of the tokens. */
export function readLook(): Look {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ground: token("--c-stage", "#0b1d1c"),
    ink: token("--c-stage-ink", "#f2f0e7"),
    soft: token("--c-stage-ink-2", "#b4c2b6"),
    lamp: token("--c-lamp", "#f9be4f"),
    line: token("--c-stage-line", "#364d4b"),
    serif: token("--font-serif", "Georgia, serif"),
    sans: token("--font-sans", "sans-serif"),
  };
}

/** Draw what viewers see instead of a camera: the title, who speaks, and why there is no picture. */
export function drawCard(pen: CanvasRenderingContext2D, text: CardText, sentence: string, look: Look): void {
  const language = document.documentElement.lang || "en";
  pen.fillStyle = look.ground;
  pen.fillRect(0, 0, PICTURE.width, PICTURE.height);
  pen.textBaseline = "alphabetic";
  pen.font = `600 ${TITLE.size}px ${look.serif}`;
  const lines = wrap(text.title, (line) => pen.measureText(line).width <= WIDE, TITLE.most, language);
  let y = (PICTURE.height - lines.length * TITLE.line - 150) / 2 + TITLE.size;
  pen.fillStyle = look.lamp;
  pen.fillRect(LEFT, y - TITLE.size - 34, 56, 4);
  for (const line of lines) y = write(pen, line, y, look.ink) + TITLE.line;
  pen.font = `500 32px ${look.sans}`;
  y = write(pen, text.host, y, look.ink) + 64;
  pen.font = `400 28px ${look.sans}`;
  for (const line of wrap(sentence, (one) => pen.measureText(one).width <= WIDE, 2, language))
    y = write(pen, line, y, look.soft) + 38;
}

function write(pen: CanvasRenderingContext2D, line: string, y: number, ink: string): number {
  pen.fillStyle = ink;
  pen.fillText(line, LEFT, y, WIDE);
  return y;
}
