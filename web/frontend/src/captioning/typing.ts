interface Typed {
  text: string;
  language: string;
  /** When its first word was typed, in milliseconds of `performance.now()`. */
  began: number;
}

const PAUSE_MS = 1500;
const SHOWN = 12;
const LONGEST_MS = 60_000;

/** Let lines be typed: Enter sends one, what is pasted is sent line by line, nothing is lost on the way. */
export function type(form: HTMLFormElement): void {
  new Typing(form);
}

class Typing {
  private readonly form: HTMLFormElement;
  private readonly text: HTMLTextAreaElement;
  private readonly waiting: Typed[] = [];
  private began: number | null = null;
  private sending = false;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.text = form.querySelector("textarea") as HTMLTextAreaElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.commit();
    });
    this.text.addEventListener("input", () => this.notice());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
      event.preventDefault();
      this.commit();
    });
    form.querySelector("[data-take-back]")?.addEventListener("click", () => void this.takeBack());
    const language = form.querySelector<HTMLSelectElement>("[name=language]");
    language?.addEventListener("change", () => (this.text.lang = language.value));
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.length > 0) event.preventDefault();
    });
    this.text.focus();
  }

  /** Note when the first word of a line is typed; a stream that breaks its lines itself is sent as it comes. */
  private notice(): void {
    if (this.text.value === "") this.began = null;
    else this.began ??= performance.now();
    if (!this.text.value.includes("\n")) return;
    const rows = this.text.value.split("\n");
    this.text.value = rows.pop() ?? "";
    for (const row of rows) this.add(row);
    this.began = this.text.value === "" ? null : performance.now();
  }

  private commit(): void {
    for (const row of this.text.value.split("\n")) this.add(row);
    this.text.value = "";
    this.began = null;
    this.text.focus();
  }

  private add(row: string): void {
    const language = this.form.querySelector<HTMLSelectElement>("[name=language]")?.value ?? "en";
    if (row.trim() !== "") this.waiting.push({ text: row.trim(), language, began: this.began ?? performance.now() });
    void this.send();
  }

  /** Send what waits, in order, one at a time. */
  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let line = this.waiting[0]; line; line = this.waiting[0]) {
      const answer = await this.ask("POST", "", { text: line.text, language: line.language, age_ms: this.age(line) });
      if (answer === null || answer.status >= 500 || answer.status === 429) {
        this.say("waiting");
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        continue;
      }
      this.waiting.shift();
      if (answer.ok) this.show((await answer.json()) as { number: number }, line);
      else this.refuse(line, await answer.json().catch(() => ({})));
    }
    this.sending = false;
  }

  /** How long ago the words of a line were said. */
  private age(line: Typed): number {
    const delay = Number(this.form.querySelector<HTMLInputElement>("#delay")?.value ?? 4) * 1000;
    const age = performance.now() - line.began + (Number.isFinite(delay) ? delay : 0);
    return Math.round(Math.min(Math.max(age, 0), LONGEST_MS));
  }

  private show({ number }: { number: number }, line: Typed): void {
    const list = document.querySelector("[data-typed]");
    const item = Object.assign(document.createElement("li"), { textContent: line.text, lang: line.language });
    item.dataset["number"] = String(number);
    list?.append(item);
    while (list && list.children.length > SHOWN) list.firstElementChild?.remove();
    this.say("");
  }

  /** A line that was refused comes back, unless another is being typed. */
  private refuse(line: Typed, problem: { detail?: string; errors?: { message: string }[] }): void {
    if (this.text.value === "") this.text.value = line.text;
    this.say("refused", problem.errors?.[0]?.message ?? problem.detail ?? "");
  }

  private async takeBack(): Promise<void> {
    const items = [...document.querySelectorAll<HTMLElement>("[data-typed] [data-number]")];
    const last = items.findLast((item) => !item.querySelector("s"));
    if (!last) return;
    const answer = await this.ask("DELETE", `/${last.dataset["number"]}`);
    if (!answer?.ok) return this.say("waiting");
    const gone = Object.assign(document.createElement("s"), { textContent: this.form.dataset["taken"] ?? "" });
    if (this.text.value === "") this.text.value = last.textContent ?? "";
    last.replaceChildren(gone);
    this.text.focus();
  }

  private say(word: "waiting" | "refused" | "", more = ""): void {
    const place = this.form.querySelector("[data-said]");
    if (place) place.textContent = [word ? this.form.dataset[word] : "", more].join(" ").trim();
  }

  private async ask(method: string, path: string, body?: object): Promise<Response | null> {
    const token = this.form.querySelector<HTMLInputElement>("[name=csrf_token]")?.value ?? "";
    const headers: Record<string, string> = { "X-CSRFToken": token, Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    try {
      const url = `${this.form.dataset["typing"]}${path}`;
      return await fetch(url, { method, headers, body: body ? JSON.stringify(body) : null });
    } catch {
      return null;
    }
  }
}
