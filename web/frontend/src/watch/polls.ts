import { fill } from "../player/times.ts";
import { wordsIn } from "./listing.ts";

/** A poll as the audience state tells it. */
export interface Poll {
  id: string;
  question: Record<string, string>;
  choices: Record<string, string>[];
  state: "open" | "closed" | "released";
  answers: number | string | null;
  shares: (number | string)[] | null;
}

type Words = Record<string, string>;

/** The poll on the page: a ballot while it is open, figures once they are released. */
export class Polls {
  private readonly root: HTMLElement;
  private readonly words: Words;
  private readonly form: HTMLFormElement;

  constructor(root: HTMLElement) {
    this.root = root;
    this.words = JSON.parse(root.dataset["words"] ?? "{}") as Words;
    this.form = root.querySelector<HTMLFormElement>("[data-ballot]")!;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** Follow the audience state; what is drawn already is left alone, with what was ticked in it. */
  follow(poll: Poll | null): void {
    this.root.hidden = poll === null;
    const tab = document.querySelector<HTMLElement>("[data-tab-poll]");
    if (tab) tab.hidden = poll === null;
    if (poll === null || (this.root.dataset["poll"] === poll.id && this.root.dataset["state"] === poll.state)) return;
    if (this.root.dataset["poll"] !== poll.id) this.begin(poll);
    this.root.dataset["state"] = poll.state;
    this.write("standing", this.words[poll.state] ?? "");
    this.form.hidden = poll.state !== "open";
    this.results(poll);
    this.write("said", `${this.words[poll.state] ?? ""} ${this.part("asked").textContent ?? ""}`);
  }

  private begin(poll: Poll): void {
    const language = document.documentElement.lang;
    this.root.dataset["poll"] = poll.id;
    this.root.dataset["choice"] = "";
    this.write("asked", wordsIn(poll.question, language));
    this.part("kept").hidden = true;
    this.form.action = `${location.pathname.replace(/\/$/, "")}/polls/${poll.id}/vote`;
    this.part("choices").replaceChildren(...poll.choices.map((one, at) => ballotLine(wordsIn(one, language), at)));
  }

  private results(poll: Poll): void {
    const [list, told] = [this.part("results"), poll.state === "released"];
    list.hidden = !(told && poll.shares);
    if (told && poll.shares) list.replaceChildren(...poll.shares.map((share, at) => this.line(poll, share, at)));
    this.part("answers").hidden = !told;
    const sentence = poll.answers === "few" ? this.words["few"] : this.words["answers"];
    if (told) this.write("answers", fill(sentence ?? "", { count: poll.answers ?? "" }));
  }

  private line(poll: Poll, share: number | string, at: number): HTMLLIElement {
    const mine = this.root.dataset["choice"] === String(at);
    const text = document.createElement("b");
    text.textContent = wordsIn(poll.choices[at] ?? {}, document.documentElement.lang);
    if (mine) text.append(" ", element("span", "poll__mine", `(${this.words["yours"] ?? ""})`));
    const figure = typeof share === "number" ? fill(this.words["share"] ?? "", { share }) : (this.words["some"] ?? "");
    const head = document.createElement("span");
    head.append(text, element("b", "num", figure));
    const line = document.createElement("li");
    line.append(head, bar(typeof share === "number" ? share : 0, mine));
    return line;
  }

  private async send(): Promise<void> {
    const data = new FormData(this.form);
    const choice = Number(data.get("choice"));
    const token = data.get("csrf_token");
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (typeof token === "string") headers["X-CSRFToken"] = token;
    const url = `${this.root.dataset["address"] ?? ""}/${this.root.dataset["poll"] ?? ""}/votes`;
    const kept = this.part("kept");
    try {
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ choice }) });
      const told = (await answer.json()) as { detail?: string };
      if (answer.ok) this.root.dataset["choice"] = String(choice);
      kept.textContent = answer.ok ? (this.words["kept"] ?? "") : (told.detail ?? this.words["failed"] ?? "");
    } catch {
      kept.textContent = this.words["failed"] ?? "";
    }
    kept.hidden = false;
    this.write("said", "");
    this.write("said", kept.textContent ?? "");
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private write(name: string, text: string): void {
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
  }
}

function ballotLine(text: string, at: number): HTMLLabelElement {
  const field = document.createElement("input");
  Object.assign(field, { type: "radio", name: "choice", value: String(at), required: true });
  const label = element("label", "check", "");
  label.append(field, element("span", "", text));
  return label;
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, classes: string, text: string): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.textContent = text;
  return made;
}

function bar(share: number, mine: boolean): SVGSVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", mine ? "bar bar--mine" : "bar");
  drawn.setAttribute("viewBox", "0 0 100 1");
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("aria-hidden", "true");
  const filled = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  filled.setAttribute("width", String(share));
  filled.setAttribute("height", "1");
  drawn.append(filled);
  return drawn;
}
