// Chapter marks: one key, a title if there is time for it, and undone as quickly. Kept here until they arrived.
import { span } from "./clock.ts";
import { fill } from "./facts.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

const AGAIN_MS = 4_000;
const LONGEST = 120; // characters of a title

interface Mark {
  at: string;
  title: string;
  /** The server's; null until it has the mark. */
  id: string | null;
}

/** The marks of one livestream. */
export class Marks {
  private readonly view: View;
  private readonly server: Server;
  private readonly key: string;
  private marks: Mark[] = [];
  private readonly lines = new Map<Mark, HTMLLIElement>();
  private sending = false;

  constructor(view: View, server: Server) {
    this.view = view;
    this.server = server;
    this.key = `mindcast.marks.${view.facts.id}`;
    this.marks = JSON.parse(localStorage.getItem(this.key) ?? "[]") as Mark[];
    window.addEventListener("online", () => void this.send());
  }

  /** Ask the server for the marks that it has. */
  async load(): Promise<void> {
    const answer = await this.server.get(this.address);
    const items = answer.body["items"];
    const known = Array.isArray(items) ? (items as Mark[]) : [];
    this.marks = [...known, ...this.marks.filter((one) => one.id === null)];
    this.draw();
    void this.send();
  }

  /** Mark the present picture by the button. */
  offer(now: () => number): void {
    this.view.on("mark", () => this.add(now()));
  }

  /** Mark a moment, in milliseconds of the server's clock: the program time of what is recorded now. */
  add(at: number): void {
    this.marks.push({ at: new Date(at).toISOString(), title: "", id: null });
    this.keep();
    this.draw();
    this.view.say(fill(this.view.word("marked"), { at: this.shown(this.marks.at(-1)) }));
    void this.send();
  }

  private get address(): string {
    return `${this.view.facts.api}/marks`;
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (const mark of this.marks.filter((one) => one.id === null)) {
      const at = this.view.facts.premiere ? {} : { at: mark.at }; // where its viewers are, the server knows
      const answer = await this.server.post(this.address, mark.title ? { ...at, title: mark.title } : at);
      if (answer.ok) {
        mark.id = String(answer.body["id"]);
        if (mark.title !== String(answer.body["title"] ?? "")) void this.name(mark); // named while it was on its way
      } else {
        this.view.write("marks-said", reasonsOf(answer, this.view.word("mark_failed"))[0] ?? "");
        if (answer.status === 0 || answer.status >= 500) setTimeout(() => void this.send(), AGAIN_MS);
        break;
      }
      this.view.write("marks-said", "");
    }
    this.sending = false;
    this.keep();
    this.draw();
  }

  /** Tell the server the title of a mark that it has; one that it has not yet brings its title along. */
  private async name(mark: Mark): Promise<void> {
    this.keep();
    if (mark.id === null) return;
    const answer = await this.server.patch(`${this.address}/${mark.id}`, { title: mark.title });
    this.view.write("marks-said", answer.ok ? "" : (reasonsOf(answer, this.view.word("mark_failed"))[0] ?? ""));
  }

  private async undo(mark: Mark): Promise<void> {
    this.marks = this.marks.filter((one) => one !== mark);
    this.keep();
    this.draw();
    this.view.say(this.view.word("unmarked"));
    this.view.button("mark")?.focus();
    if (mark.id !== null) await this.server.remove(`${this.address}/${mark.id}`);
  }

  private keep(): void {
    localStorage.setItem(this.key, JSON.stringify(this.marks.filter((one) => one.id === null)));
  }

  /** When a mark was set, counted from the moment the host went live. */
  private shown(mark: Mark | undefined): string {
    const since = Date.parse(mark?.at ?? "") - (this.view.facts.startedAt ?? 0);
    return since < 0 ? `${this.marks.indexOf(mark as Mark) + 1}.` : span(since); // recorded before: counted
  }

  private draw(): void {
    this.view.show("no-marks", this.marks.length === 0);
    const list = this.view.part("marks");
    const ordered = [...this.marks].sort((one, other) => one.at.localeCompare(other.at));
    for (const [mark, line] of this.lines)
      if (!ordered.includes(mark)) {
        line.remove();
        this.lines.delete(mark);
      }
    ordered.forEach((mark, place) => {
      const line = this.lines.get(mark) ?? this.line(mark);
      this.lines.set(mark, line);
      if (list && list.children[place] !== line) list.insertBefore(line, list.children[place] ?? null); // what is typed in stays
    });
  }

  private line(mark: Mark): HTMLLIElement {
    const line = document.createElement("li");
    const time = Object.assign(document.createElement("strong"), { className: "num", textContent: this.shown(mark) });
    const title = Object.assign(document.createElement("input"), { className: "input", value: mark.title, maxLength: LONGEST });
    title.placeholder = this.view.word("mark_hint");
    title.setAttribute("aria-label", fill(this.view.word("mark_title"), { at: this.shown(mark) }));
    title.addEventListener("change", () => {
      mark.title = title.value.trim();
      void this.name(mark);
    });
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--quiet btn--sm" });
    undo.textContent = this.view.word("unmark");
    const about = Object.assign(document.createElement("span"), { className: "vh" });
    about.textContent = ` ${fill(this.view.word("mark_at"), { at: this.shown(mark) })}`;
    undo.append(about);
    undo.addEventListener("click", () => void this.undo(mark));
    line.append(time, title, undo);
    return line;
  }
}
