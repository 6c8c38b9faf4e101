// The elements of the page by the names that the template gives them, and what is said to everybody.
import type { Facts } from "./facts.ts";

/** Why something was refused, and the id of what is done about it. */
export interface Reason {
  words: string;
  remedy: string;
}

function line(reason: string | Reason): HTMLLIElement {
  const item = document.createElement("li");
  if (typeof reason === "string") item.textContent = reason;
  else item.append(Object.assign(document.createElement("a"), { href: `#${reason.remedy}`, textContent: reason.words }));
  return item;
}

/** Finds parts of the studio; a part that a face does not have is null. */
export class View {
  readonly root: HTMLElement;
  readonly facts: Facts;

  constructor(root: HTMLElement, facts: Facts) {
    this.root = root;
    this.facts = facts;
  }

  /** The first element with `data-name`. */
  part<T extends HTMLElement = HTMLElement>(name: string, within: ParentNode = document): T | null {
    return within.querySelector<T>(`[data-${name}]`);
  }

  /** The button of an act. */
  button(act: string): HTMLButtonElement | null {
    return document.querySelector<HTMLButtonElement>(`[data-act="${act}"]`);
  }

  /** Write words into a part, if they are other words: what is the same is not read out again. */
  write(name: string, text: string): void {
    const part = this.part(name);
    if (part && part.textContent !== text) part.textContent = text;
  }

  show(name: string, shown: boolean): void {
    const part = this.part(name);
    if (part) part.hidden = !shown;
  }

  /** Label a button; an icon beside the label stays. */
  label(act: string, text: string): void {
    const button = this.button(act);
    const place = button?.querySelector("[data-label]") ?? button;
    if (place && place.textContent !== text) place.textContent = text;
  }

  press(act: string, pressed: boolean): void {
    this.button(act)?.setAttribute("aria-pressed", String(pressed));
  }

  /** Do `run` when the button of an act is pressed, also one that comes later. */
  on(act: string, run: () => void): void {
    document.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest(`[data-act="${act}"]`) : null;
      if (button && !button.hasAttribute("disabled")) run();
    });
  }

  /** Say a sentence to ears; eyes see what has changed. */
  say(text: string): void {
    this.write("said", text);
  }

  /** A refusal with its reasons, where it cannot be overlooked; a reason may lead to its remedy. */
  refuse(title: string, reasons: (string | Reason)[]): void {
    const box = this.part("refusal");
    const list = this.part("refusal-items");
    if (!box || !list) return;
    this.write("refusal-title", title);
    list.replaceChildren(...reasons.map(line));
    box.hidden = false;
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  }

  forgive(): void {
    this.show("refusal", false);
  }

  word(name: string): string {
    return this.facts.words[name] ?? "";
  }
}
