import { join, shift, split, type Cue } from "./cues.ts";
import { Film } from "./film.ts";
import { Row } from "./row.ts";
import { Saver, type Outcome } from "./saving.ts";
import { Tools, type Act } from "./tools.ts";

const STEP = 100;
const NEW_MS = 2000;
const KEYS: Record<string, Act> = {
  Digit1: "earlier",
  Digit2: "later",
  Digit3: "sooner",
  Digit4: "longer",
  Enter: "split",
  KeyJ: "join",
  KeyZ: "undo",
};
const EDGES: Partial<Record<Act, ["start_ms" | "end_ms", number]>> = {
  earlier: ["start_ms", -STEP],
  later: ["start_ms", STEP],
  sooner: ["end_ms", -STEP],
  longer: ["end_ms", STEP],
};

/** Let lines be corrected where they stand: saved as they are left, played by a key, undone. */
export function correct(form: HTMLFormElement, video: HTMLVideoElement): void {
  new Correcting(form, video);
}

class Correcting {
  private readonly form: HTMLFormElement;
  private readonly list: HTMLElement;
  private readonly film: Film;
  private readonly saver: Saver;
  private readonly tools: Tools;
  private readonly length: number;
  private readonly done: { was: Cue[]; now: Cue[] }[] = [];
  private rows: Row[];
  /** A row to make others of when all of them were removed, and one comes back. */
  private readonly model: Node | undefined;

  constructor(form: HTMLFormElement, video: HTMLVideoElement) {
    this.form = form;
    this.list = form.querySelector<HTMLElement>("[data-lines]") ?? form;
    this.film = new Film(video);
    this.length = Number(form.dataset["length"]);
    this.rows = [...this.list.querySelectorAll<HTMLElement>("[data-line]")].map((item) => new Row(item));
    this.model = this.rows[0]?.item.cloneNode(true);
    const token = form.querySelector<HTMLInputElement>("[name=csrf_token]")?.value ?? "";
    this.saver = new Saver(form.dataset["correcting"] ?? "", token);
    this.saver.waits = (waiting) => this.tools.say(waiting ? this.word("offline") : "");
    this.tools = new Tools(form.dataset, (act) => this.act(act));
    this.list.addEventListener("focusin", (event) => this.enter(event));
    this.list.addEventListener("focusout", (event) => void this.leave(event));
    this.list.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("beforeunload", (event) => {
      if (this.saver.busy || this.rows.some((row) => row.changed)) event.preventDefault();
    });
  }

  private word(name: string): string {
    return this.form.dataset[name] ?? "";
  }

  private rowOf(target: EventTarget | null): Row | null {
    const item = target instanceof Element ? target.closest("[data-line]") : null;
    return this.rows.find((row) => row.item === item) ?? null;
  }

  private get current(): Row | null {
    return this.rowOf(document.activeElement) ?? this.tools.row;
  }

  private enter(event: FocusEvent): void {
    const row = this.rowOf(event.target);
    if (row) this.tools.attach(row);
  }

  /** A line is saved when the focus goes elsewhere. */
  private async leave(event: FocusEvent): Promise<void> {
    const row = this.rowOf(event.target);
    if (row && this.rowOf(event.relatedTarget) !== row && row.changed) await this.save(row);
  }

  private press(event: KeyboardEvent): void {
    const row = this.rowOf(event.target);
    if (!row || event.isComposing) return;
    const act = event.key === "F2" ? "play" : event.key === "F4" ? "loop" : event.altKey ? KEYS[event.code] : undefined;
    const next = event.key === "Enter" && !event.shiftKey && !event.altKey && event.target !== null;
    const inField = event.target === row.text || event.target === row.start || event.target === row.end;
    if (!act && !(next && inField)) return;
    event.preventDefault();
    if (act) this.act(act);
    else void this.goOn(row);
  }

  /** Save a line, note that somebody has looked at it, and go to the next one. */
  private async goOn(row: Row): Promise<void> {
    const next = this.rows[this.rows.indexOf(row) + 1];
    const page = document.querySelector<HTMLElement>("[data-next-page]");
    if (next && (next.was || !page)) next.text.focus();
    else page?.focus();
    if (!row.changed && row.was) await this.change([row.was], [row.was], row);
    else await this.save(row);
  }

  private act(act: Act): void {
    const row = this.current;
    if (act === "undo") return void this.undo();
    if (!row) return;
    if (act === "play" || act === "loop") return this.play(row, act === "loop");
    const edge = EDGES[act];
    if (edge) return this.shift(row, ...edge);
    if (act === "split") return void this.split(row);
    if (act === "join") return void this.join(row);
    if (act === "add") return this.add(row);
    if (act === "remove") return void this.remove(row);
  }

  private play(row: Row, loop: boolean): void {
    const cue = row.cue ?? row.was;
    if (cue) this.film.play(cue, loop);
  }

  private shift(row: Row, edge: "start_ms" | "end_ms", by: number): void {
    if (!row.cue) return;
    const moved = shift(row.cue, edge, by, this.length);
    row.show(moved);
    this.film.follow(moved);
  }

  private async split(row: Row): Promise<void> {
    const cue = row.cue;
    const typed = row.text.value.slice(0, row.text.selectionStart);
    const parts = cue && split({ ...cue, text: row.text.value }, typed.length);
    if (!parts) return;
    await this.change(row.was ? [row.was] : [], parts, row);
  }

  private async join(row: Row): Promise<void> {
    const next = this.rows[this.rows.indexOf(row) + 1];
    if (!row.cue || !row.was || !next?.was || !next.cue) return;
    await this.change([row.was, next.was], [join(row.cue, next.cue, row.text.lang)], row);
  }

  private async remove(row: Row): Promise<void> {
    if (!row.was) return;
    const next = this.rows[this.rows.indexOf(row) + 1] ?? this.rows[this.rows.indexOf(row) - 1];
    if (!(await this.change([row.was], [], row))) return;
    next?.text.focus();
    this.tools.say(this.word("gone"));
  }

  /** Put an empty line below: it is kept once it has words. */
  private add(row: Row): void {
    const after = row.cue ?? row.was;
    if (!after) return;
    const next = this.rows[this.rows.indexOf(row) + 1]?.was;
    const room = next ? Math.max(next.start_ms - after.end_ms, NEW_MS / 2) : NEW_MS;
    const end = Math.min(after.end_ms + Math.min(room, NEW_MS), this.length);
    const fresh = this.insert({ start_ms: after.end_ms, end_ms: end, text: "" }, row);
    fresh.text.focus();
  }

  private async undo(): Promise<void> {
    const last = this.done.pop();
    if (!last) return;
    const row = this.rows.find((one) => last.now.some((cue) => one.isOf(cue)));
    if (await this.change(last.now, last.was, row ?? null, false))
      this.rows.find((one) => last.was.some((cue) => one.isOf(cue)))?.text.focus();
  }

  private async save(row: Row): Promise<void> {
    const cue = row.cue;
    if (!row.changed) return;
    if (!row.text.value.trim()) return row.was ? this.remove(row) : undefined;
    if (!cue) return this.complain(row, this.word("refused"));
    await this.change(row.was ? [row.was] : [], [cue], row);
  }

  /** Send a change; when it is kept, let the page say so. What was typed since stays in the fields. */
  private async change(was: Cue[], now: Cue[], row: Row | null, undoable = true): Promise<boolean> {
    row?.say(this.word("saving"));
    const outcome = await this.saver.send(was, now);
    if (outcome.kind !== "saved") {
      this.tell(row, was, now, outcome);
      return false;
    }
    if (undoable && JSON.stringify(was) !== JSON.stringify(now)) this.done.push({ was, now });
    this.put(was, now, row);
    this.count(outcome);
    return true;
  }

  /** Let the rows of the page be those that are kept now. */
  private put(was: Cue[], now: Cue[], row: Row | null): void {
    const [first, ...others] = now;
    const gone = this.rows.filter((one) => one !== row && was.some((cue) => one.isOf(cue)));
    for (const one of gone) this.drop(one);
    if (!first) {
      if (row) this.drop(row);
      return;
    }
    const holder = row ?? this.insert(first, null);
    const untouched = !row || others.length > 0 || was.length > 1 || !holder.was || !row.changed;
    if (untouched || holder.cue?.text === first.text) holder.show(first);
    holder.keep(first);
    holder.item.classList.remove("line--fault");
    holder.say(this.word("saved"));
    let last = holder;
    for (const cue of others) {
      last = this.insert(cue, last);
      last.keep(cue);
      last.say(this.word("saved"));
    }
    if (others.length > 0) last.text.focus();
  }

  /** Make a row below `after`, or where its time belongs. */
  private insert(cue: Cue, after: Row | null): Row {
    const item = (this.rows.at(-1)?.item ?? this.model)?.cloneNode(true) as HTMLElement;
    item.querySelector("[data-tools]")?.remove();
    const fresh = new Row(item);
    fresh.was = null;
    fresh.text.value = cue.text;
    fresh.show(cue);
    fresh.say();
    const place = after
      ? this.rows.indexOf(after) + 1
      : this.rows.findIndex((one) => !one.was || one.was.start_ms > cue.start_ms);
    const index = place < 0 ? this.rows.length : place;
    this.list.insertBefore(item, this.rows[index]?.item ?? null);
    this.rows.splice(index, 0, fresh);
    return fresh;
  }

  private drop(row: Row): void {
    if (this.tools.row === row) this.tools.detach();
    this.rows = this.rows.filter((one) => one !== row);
    row.item.remove();
  }

  private tell(row: Row | null, was: Cue[], now: Cue[], outcome: Outcome): void {
    if (!row) return this.tools.say(this.word("changed"));
    if (outcome.kind === "refused") return this.complain(row, outcome.why || this.word("refused"));
    if (outcome.kind !== "changed") return;
    const { theirs } = outcome;
    const says = theirs.map((cue) => cue.text).join(" / ") || this.word("removed");
    const mine = button(this.word("mine"), () => void this.change(theirs, now, row));
    const take = button(this.word("take"), () => this.put(was, theirs, row));
    this.complain(row, this.word("changed"), ` ${this.word("theirs")} `, quoted(says, row.text.lang), " ", mine, take);
  }

  private complain(row: Row, ...what: (string | Node)[]): void {
    row.item.classList.add("line--fault");
    row.say(...what);
  }

  private count({ lines, looked }: { lines: number; looked: number }): void {
    const place = document.querySelector<HTMLElement>("[data-progress]");
    if (!place) return;
    const words = place.dataset["progress"] ?? "";
    place.textContent = words.replace("{checked}", String(looked)).replace("{all}", String(lines));
  }
}

function button(label: string, act: () => void): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  made.className = "btn btn--quiet btn--sm";
  made.addEventListener("click", act);
  return made;
}

function quoted(text: string, lang: string): HTMLElement {
  return Object.assign(document.createElement("q"), { textContent: text, lang });
}
