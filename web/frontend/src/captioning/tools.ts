import type { Row } from "./row.ts";

/** What can be done with a line. */
export type Act =
  | "play"
  | "loop"
  | "earlier"
  | "later"
  | "sooner"
  | "longer"
  | "split"
  | "join"
  | "add"
  | "remove"
  | "undo";

const SHOWN: Act[] = ["play", "loop", "earlier", "later", "sooner", "longer", "split", "join", "add", "remove", "undo"];
const SIGNS: Partial<Record<Act, string>> = { earlier: "▏−0.1", later: "▏+0.1", sooner: "−0.1▕", longer: "+0.1▕" };

/** The buttons for one line; they stand in the line that has the focus. */
export class Tools {
  row: Row | null = null;
  private readonly bar: HTMLElement;
  private readonly said: HTMLElement;

  constructor(words: DOMStringMap, act: (act: Act) => void) {
    this.bar = Object.assign(document.createElement("div"), { className: "line__tools" });
    this.bar.dataset["tools"] = "";
    for (const name of SHOWN) this.bar.append(made(name, words[name] ?? name, act));
    this.said = Object.assign(document.createElement("span"), { className: "meta" });
    this.said.setAttribute("role", "status");
    this.bar.append(this.said);
  }

  attach(row: Row): void {
    if (this.row === row) return;
    this.row = row;
    row.item.append(this.bar);
  }

  /** Stay on the page when the line goes. */
  detach(): void {
    const next = this.row?.item.nextElementSibling ?? this.row?.item.previousElementSibling;
    this.row = null;
    next?.append(this.bar);
  }

  say(text: string): void {
    this.said.textContent = text;
  }
}

function made(act: Act, label: string, does: (act: Act) => void): HTMLButtonElement {
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const sign = SIGNS[act];
  button.className = "btn btn--quiet btn--sm";
  button.textContent = sign ?? label;
  if (sign) button.setAttribute("aria-label", label);
  button.dataset["act"] = act;
  button.addEventListener("click", () => does(act));
  return button;
}
