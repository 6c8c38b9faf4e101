// The desk: forms are sent without leaving the page, keys press them, and what is new appears by itself.
import { controlOf } from "../studio/page/keys.ts";
import { Ticker } from "../studio/stage/ticker.ts";
import { Alarm } from "./alarm.ts";
import { beside, deskAct } from "./keys.ts";
import { poll } from "./polling.ts";
import { withPrepared } from "./prepared.ts";
import { swapParts } from "./swapping.ts";

interface State {
  urgent: string[];
  waiting: number;
  opened: string;
  html: string;
}

const KEEP_MS = 20_000;

/** One desk in one window. */
export class Desk {
  private readonly root: HTMLElement;
  private readonly words: Record<string, string>;
  private readonly alarm: Alarm;
  private readonly shown = new Map<string, string>();
  private look: () => Promise<void> = () => Promise.resolve();
  private isSending = false;

  constructor(root: HTMLElement) {
    this.root = root;
    this.words = JSON.parse(root.dataset["words"] ?? "{}") as Record<string, string>;
    this.alarm = new Alarm(this.word("urgent"), (root.dataset["urgent"] ?? "").split(" ").filter(Boolean));
  }

  begin(): void {
    this.remember();
    const ms = Number(this.root.dataset["looks"]) * 1000;
    this.look = poll<State>(() => this.address("/state"), ms, { told: (news) => this.told(news), lost: (isOver) => this.lost(isOver) });
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.root.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.key(event));
    new Ticker(Number(this.root.dataset["beats"]) * 1000, () => this.beat());
    new Ticker(KEEP_MS, () => this.keep());
    this.beat();
    this.drawSound();
    this.showCurrent();
    document.getElementById("desk-refusal")?.focus();
  }

  private word(name: string): string {
    return this.words[name] ?? "";
  }

  private get pane(): HTMLElement | null {
    return this.root.querySelector<HTMLElement>("[data-opened]");
  }

  private get open(): string {
    return this.pane?.dataset["question"] ?? "";
  }

  private address(tail: string): string {
    const query = new URLSearchParams({ show: this.field("desk-open", "show")?.value ?? "" });
    if (this.open) query.set("question", this.open);
    return `${this.root.dataset["questionDesk"]}${tail}?${query}`;
  }

  private field(form: string, name: string): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>(`#${form} [name=${name}]`);
  }

  private told(news: State): void {
    this.away(false);
    this.alarm.tell(news.urgent);
    if (this.isSending) return; // the answer to what was just pressed is newer
    const fresh = new DOMParser().parseFromString(news.html, "text/html");
    swapParts(fresh, "[data-fresh]", this.shown, this.pane);
    const changed = this.root.querySelector<HTMLElement>("[data-changed]");
    if (changed && this.pane) changed.hidden = news.opened === this.pane.dataset["opened"];
  }

  private lost(isOver: boolean): void {
    if (isOver) location.reload(); // the page itself says why
    else this.away(true);
  }

  private away(shown: boolean): void {
    const line = this.root.querySelector<HTMLElement>("[data-away]");
    const words = line?.querySelector("span");
    if (!line || !words || line.hidden === !shown) return;
    words.textContent = shown ? this.word("away") : "";
    line.hidden = !shown;
  }

  private submit(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset["prepared"] !== undefined) this.prepare(form);
    else void this.send(form, event.submitter);
  }

  /** Put a prepared text into the answer; what the moderator wrote stays in front of it. */
  private prepare(form: HTMLFormElement): void {
    const select = form.querySelector("select");
    const field = document.querySelector<HTMLTextAreaElement>("#text-private");
    if (!select || !field) return;
    const texts = [...select.options].map((one) => one.dataset["text"] ?? "");
    field.value = withPrepared(field.value, texts[select.selectedIndex] ?? "", texts);
    field.focus();
  }

  /** Send a form, and show the page that answers in place of this one. */
  private async send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    this.root.setAttribute("aria-busy", "true");
    try {
      const data = new FormData(form, submitter);
      const body = new URLSearchParams([...data].map(([name, value]): [string, string] => [name, String(value)]));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html"), answer);
    } catch {
      this.away(true);
    } finally {
      this.isSending = false;
      this.root.removeAttribute("aria-busy");
    }
    void this.look();
  }

  private show(page: Document, answer: Response): void {
    const fresh = page.querySelector<HTMLElement>("[data-question-desk]");
    if (!fresh) return location.reload();
    if (answer.redirected) history.replaceState(null, "", answer.url.replace(/([?&])done=[^&]*/, "$1").replace(/[?&]$/, ""));
    for (const part of page.querySelectorAll<HTMLElement>("[data-swap]")) {
      const present = document.getElementById(part.id);
      if (present) present.innerHTML = part.innerHTML;
    }
    for (const form of ["desk-open", "desk-door"]) {
      const [old, now] = [document.getElementById(form), page.getElementById(form)];
      if (old && now) old.innerHTML = now.innerHTML;
    }
    swapParts(page, "[data-fresh]", this.shown);
    this.remember();
    this.alarm.tell((fresh.dataset["urgent"] ?? "").split(" ").filter(Boolean));
    this.showCurrent();
    this.focusFirst();
  }

  private focusFirst(): void {
    const target = document.getElementById("desk-refusal") ?? document.getElementById("q-h") ?? document.getElementById("desk-queue");
    target?.focus({ preventScroll: window.matchMedia("(min-width: 64rem)").matches });
  }

  private showCurrent(): void {
    const row = this.root.querySelector("#desk-queue [aria-current]");
    const list = row?.closest<HTMLElement>("[data-scrolls]");
    if (!row || !list) return;
    const [place, frame] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
    if (place.top < frame.top) list.scrollTop += place.top - frame.top;
    else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom;
  }

  private remember(): void {
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-fresh]")) this.shown.set(part.id, part.innerHTML);
  }

  private click(event: MouseEvent): void {
    if (!(event.target instanceof Element) || !event.target.closest("[data-sound]")) return;
    this.alarm.toggle();
    this.drawSound();
  }

  private drawSound(): void {
    const button = this.root.querySelector<HTMLButtonElement>("[data-sound]");
    if (!button) return;
    button.textContent = this.word(this.alarm.isAudible ? "sound_on" : "sound_off");
    button.setAttribute("aria-pressed", String(this.alarm.isAudible));
  }

  private key(event: KeyboardEvent): void {
    const act = deskAct(event.key, controlOf(event.target), event.ctrlKey || event.metaKey || event.altKey);
    if (act === null || (event.repeat && typeof act === "object")) return;
    const isListOpen = document.querySelector("[popover]:popover-open, dialog[open]") !== null;
    if (isListOpen && !(typeof act === "object" && act.press === "?")) return;
    if (act === "leave") return this.leave();
    event.preventDefault();
    if (typeof act === "object") this.press(act.press);
    else this.step(act === "next" ? 1 : -1);
  }

  private leave(): void {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || !this.pane?.contains(focused)) return;
    focused.closest("details")?.removeAttribute("open");
    document.getElementById("q-h")?.focus();
  }

  private step(by: 1 | -1): void {
    const rows = [...this.root.querySelectorAll<HTMLButtonElement>("#desk-queue button")];
    const to = beside(rows.map((row) => row.value), this.open, by);
    rows.find((row) => row.value === to)?.click();
  }

  /** Press what carries a letter; what unfolds gets the focus where one goes on. */
  private press(letter: string): void {
    if (letter === "u") return document.getElementById("urgent-open")?.click();
    const target = this.root.querySelector<HTMLElement>(`[data-key="${letter}"]`);
    if (!target) return;
    const folded = target.closest("details");
    if (!folded || target.tagName !== "SUMMARY") return target.click();
    folded.open = true;
    folded.querySelector<HTMLElement>("textarea, input[type=radio]:checked")?.focus();
  }

  /** Say that somebody is here: questions stay open as long as somebody says so. */
  private beat(): void {
    const url = this.root.dataset["presence"] ?? "";
    void fetch(url, { method: "POST", headers: { "X-CSRFToken": this.root.dataset["token"] ?? "" } }).catch(() => null);
  }

  /** Keep what is open, as long as somebody can see it. */
  private keep(): void {
    const form = document.querySelector<HTMLFormElement>("#desk-open");
    if (!form || !this.open || document.hidden) return;
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]));
    body.set("question", this.open);
    void fetch(`${this.root.dataset["questionDesk"]}/keep`, { method: "POST", body }).catch(() => null);
  }
}
