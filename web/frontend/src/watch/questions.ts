import { fill } from "../player/times.ts";
import { folded, Herald, ordered, placed, wordsIn, type Order, type Question } from "./listing.ts";
import { Rest } from "./resting.ts";

/** The part of the audience state that the list of questions follows. */
export interface QuestionsState {
  version: number;
  questions: Question[];
  questions_count: number;
  questions_url: string;
}

type Words = Record<string, string>;

/** The questions that everybody may read: they change in place, and nothing moves under who reads. */
export class Questions {
  private readonly root: HTMLElement;
  private readonly list: HTMLElement;
  private readonly more: HTMLButtonElement;
  private readonly words: Words;
  private readonly rest: Rest;
  private readonly herald = new Herald();
  private readonly voted: Set<string>;
  private readonly mine: Set<string>;
  private readonly fresh = new Set<string>();
  private order: Order;
  private whole = false;
  private state: QuestionsState | null = null;
  private shown: Question[] = [];
  private onAir: string | undefined;

  constructor(root: HTMLElement) {
    this.root = root;
    this.list = root.querySelector<HTMLElement>("[data-list]")!;
    this.more = root.querySelector<HTMLButtonElement>("[data-more]")!;
    this.words = JSON.parse(root.dataset["words"] ?? "{}") as Words;
    this.voted = new Set(root.dataset["voted"]?.split(" "));
    this.mine = new Set(root.dataset["mine"]?.split(" "));
    this.order = root.dataset["order"] === "newest" ? "newest" : "wanted";
    this.onAir = root.querySelector<HTMLElement>(".q-card--now")?.dataset["question"];
    this.rest = new Rest(this.list, () => this.arrange());
    this.more.addEventListener("click", () => void this.unfold());
    this.list.addEventListener("submit", (event) => this.press(event));
    root.querySelector("[data-orders]")?.addEventListener("click", (event) => this.choose(event));
    this.fold(this.cards.map((card) => card.dataset["question"] ?? ""), this.cards.length);
  }

  /** Follow the audience state; the same version changes nothing. */
  follow(state: QuestionsState): void {
    if (state.version === this.state?.version) return;
    this.state = state;
    if (this.whole && state.questions_count > state.questions.length) void this.fetchAll();
    else this.show(state.questions);
  }

  private get cards(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-question]")];
  }

  private show(questions: Question[], areNews = true): void {
    this.shown = questions;
    const known = new Set(this.cards.map((card) => card.dataset["question"] ?? ""));
    const news = areNews ? questions.filter((one) => !known.has(one.id)) : [];
    for (const one of news) this.fresh.add(one.id);
    for (const one of questions) this.draw(one);
    this.arrange();
    this.tell(news.length);
  }

  /** Put the cards in order, unless somebody reads them. */
  private arrange(): void {
    if (!this.state) return;
    const wanted = ordered(this.shown, this.order).map((one) => one.id);
    const there = this.cards.map((card) => card.dataset["question"] ?? "");
    const ids = placed(there, wanted, this.rest.isRead);
    const cards = new Map(this.cards.map((card) => [card.dataset["question"] ?? "", card]));
    for (const [id, card] of cards) if (!ids.includes(id)) card.remove();
    ids.forEach((id, place) => {
      const card = cards.get(id);
      if (card && this.list.children[place] !== card) this.list.insertBefore(card, this.list.children[place] ?? null);
    });
    this.fold(ids, this.state.questions_count);
  }

  private fold(ids: string[], count: number): void {
    const away = this.whole ? new Set<string>() : folded(ids, this.fresh);
    for (const card of this.cards) card.classList.toggle("q-card--more", away.has(card.dataset["question"] ?? ""));
    this.list.toggleAttribute("data-folded", !this.whole);
    const hidden = away.size > 0 || (!this.whole && count > ids.length);
    this.more.hidden = !hidden;
    this.more.textContent = fill(this.words["all"] ?? "", { count });
    this.count(count);
  }

  private count(count: number): void {
    for (const element of document.querySelectorAll<HTMLElement>("[data-count], [data-tab-count]")) {
      element.textContent = String(count);
      element.hidden = count === 0;
    }
    this.part(this.root, "none").hidden = count > 0;
    this.part(this.root, "orders").hidden = count < 2;
  }

  private draw(one: Question): void {
    const card = this.list.querySelector<HTMLElement>(`[data-question="${one.id}"]`) ?? this.make(one);
    const [air, own] = [one.state === "on_air", this.isMine(one.id)];
    card.classList.toggle("q-card--now", air);
    this.part(card, "air").hidden = !air;
    this.part(card, "own").hidden = !own;
    this.part(card, "answered").hidden = one.state !== "answered";
    write(this.part(card, "text"), one.text);
    const reply = this.part(card, "reply");
    write(reply, one.reply ?? "");
    reply.hidden = !one.reply;
    const asks = one.state === "approved" && !own;
    this.part(card, "metoo").hidden = !asks;
    write(this.part(card, "votes"), String(one.votes));
    const others = this.part(card, "others");
    others.hidden = asks || one.votes === 0;
    const sentence = one.votes === 1 ? this.words["others_one"] : this.words["others_many"];
    write(others, fill(sentence ?? "", { count: one.votes }));
  }

  /** What was sent from this page is one's own as well; where it waits above, it is said that it is shown now. */
  private isMine(id: string): boolean {
    if (this.mine.has(id)) return true;
    const waiting = document.querySelector(`[data-own="${id}"]`)?.closest(".q-card--mine");
    const sent = document.querySelector(`[data-sent="${id}"]`);
    if (!waiting && !sent) return false;
    this.mine.add(id);
    if (!waiting?.contains(document.activeElement)) waiting?.remove();
    const heading = sent?.querySelector("h3");
    if (heading) write(heading, this.words["shown"] ?? "");
    heading?.nextElementSibling?.remove();
    return true;
  }

  private make(one: Question): HTMLElement {
    const template = this.root.querySelector<HTMLTemplateElement>("[data-card]")!;
    const card = (template.content.cloneNode(true) as DocumentFragment).querySelector<HTMLElement>("[data-question]")!;
    card.dataset["question"] = one.id;
    card.id = `question-${one.id}`;
    const language = document.documentElement.lang;
    write(this.part(card, "name"), wordsIn(one.name, language));
    if (one.language !== language) this.part(card, "text").lang = one.language;
    const form = this.part(card, "metoo") as HTMLFormElement;
    form.action = `${location.pathname.replace(/\/$/, "")}/questions/${one.id}/votes`;
    mark(card, this.voted.has(one.id));
    this.list.append(card);
    return card;
  }

  private part(within: HTMLElement, name: string): HTMLElement {
    return within.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private tell(news: number): void {
    const now = this.shown.find((one) => one.state === "on_air");
    if (now && now.id !== this.onAir) this.say(fill(this.words["now"] ?? "", { text: now.text }));
    this.onAir = now?.id;
    const count = this.herald.fresh(news, performance.now());
    if (count > 0) this.say(fill(this.words[count === 1 ? "new_one" : "new_many"] ?? "", { count }));
  }

  private say(text: string): void {
    write(this.part(this.root, "said"), text);
  }

  private choose(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-order]") : null;
    if (!link || !this.state) return; // until the first state is there the link itself goes
    event.preventDefault();
    this.order = link.dataset["order"] === "newest" ? "newest" : "wanted";
    for (const one of this.root.querySelectorAll("[data-orders] a")) one.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    this.fresh.clear();
    this.rest.end();
    this.arrange();
  }

  private async unfold(): Promise<void> {
    this.whole = true;
    if (this.state && this.state.questions_count > this.state.questions.length) await this.fetchAll(false);
    else if (this.state) this.arrange();
    else this.fold(this.cards.map((card) => card.dataset["question"] ?? ""), this.cards.length);
  }

  private async fetchAll(areNews = true): Promise<void> {
    const state = this.state;
    if (!state) return;
    try {
      const answer = await fetch(state.questions_url, { headers: { Accept: "application/json" } });
      if (answer.ok) this.show(((await answer.json()) as { items: Question[] }).items, areNews);
      else this.show(state.questions);
    } catch {
      this.show(state.questions); // the network is away: what the state has is better than nothing
    }
  }

  /** Me too, or not any more: the button turns at once, and back when it did not get through. */
  private press(event: Event): void {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const card = form?.closest<HTMLElement>("[data-question]");
    const id = card?.dataset["question"];
    if (!form || !card || !id) return;
    event.preventDefault();
    const wants = !this.voted.has(id);
    this.turn(card, id, wants);
    void vote(form, wants).then((told) => {
      if (told.votes !== undefined) return write(this.part(card, "votes"), String(told.votes));
      this.turn(card, id, !wants);
      this.say(told.detail ?? this.words["failed"] ?? "");
    });
  }

  private turn(card: HTMLElement, id: string, wants: boolean): void {
    if (wants) this.voted.add(id);
    else this.voted.delete(id);
    mark(card, wants);
    const number = this.part(card, "votes");
    write(number, String(Math.max(0, Number(number.textContent) + (wants ? 1 : -1))));
  }
}

function mark(card: HTMLElement, wants: boolean): void {
  card.querySelector(".metoo")?.setAttribute("aria-pressed", String(wants));
  const field = card.querySelector<HTMLInputElement>('[name="act"]');
  if (field) field.value = wants ? "take_back" : "want";
}

/** How many want to know by now, or why a vote was refused; neither: it did not get through. */
interface Told {
  votes?: number;
  detail?: string;
}

/** Send a vote or take it back. */
async function vote(form: HTMLFormElement, wants: boolean): Promise<Told> {
  const token = form.querySelector<HTMLInputElement>('[name="csrf_token"]')?.value;
  const path = new URL(form.action).pathname.replace(/^\/zh(?=\/)/, "");
  const headers: Record<string, string> = token ? { "X-CSRFToken": token } : {};
  try {
    const answer = await fetch(`/api/v1${path}`, { method: wants ? "POST" : "DELETE", headers });
    return (await answer.json()) as Told;
  } catch {
    return {};
  }
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text; // equal text is not read out again
}
