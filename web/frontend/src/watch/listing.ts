// Which questions stand where, decided without a page: pure, tested beside it.

/** A question as the audience state tells it. */
export interface Question {
  id: string;
  name: Record<string, string>;
  text: string;
  language: string;
  state: "approved" | "on_air" | "answered";
  votes: number;
  shown_at: string;
  reply?: string;
}

export type Order = "wanted" | "newest";

const TURN = { on_air: 0, approved: 1, answered: 2 };

/** Questions shown before the list is unfolded; those that come while the page is open are not counted. */
export const UNFOLDED = 6;

/** Sort questions as the server does: on air first, then by wish or by time. */
export function ordered(questions: readonly Question[], order: Order): Question[] {
  const later = (a: Question, b: Question) => b.shown_at.localeCompare(a.shown_at);
  const byTime = (a: Question, b: Question) => Number(b.state === "on_air") - Number(a.state === "on_air") || later(a, b);
  const byWish = (a: Question, b: Question) => TURN[a.state] - TURN[b.state] || b.votes - a.votes || later(a, b);
  return [...questions].sort(order === "newest" ? byTime : byWish);
}

/**
 * Return the ids in the order in which they stand on the page.
 *
 * While somebody reads nothing moves: what is there stays where it is, what is new comes last, what was
 * taken from view goes.
 */
export function placed(there: readonly string[], wanted: readonly string[], reading: boolean): string[] {
  if (!reading) return [...wanted];
  const known = new Set(there);
  const left = new Set(wanted);
  return [...there.filter((id) => left.has(id)), ...wanted.filter((id) => !known.has(id))];
}

/** Tell which of the ids are folded away: all after the first few that did not come just now. */
export function folded(ids: readonly string[], fresh: ReadonlySet<string>, unfolded = UNFOLDED): Set<string> {
  const old = ids.filter((id) => !fresh.has(id));
  return new Set(old.slice(unfolded));
}

/** Return the text in the language of the page, else any there is. */
export function wordsIn(texts: Record<string, string>, language: string): string {
  return texts[language] ?? Object.values(texts)[0] ?? "";
}

/** Says new things politely: what is on air at once, new questions together and not too often. */
export class Herald {
  private waiting = 0;
  private saidAt = -Infinity;
  private readonly every: number;

  constructor(every = 30_000) {
    this.every = every;
  }

  /** Note so many new questions; return how many are to be told of now, 0: wait. */
  fresh(count: number, now: number): number {
    this.waiting += count;
    if (this.waiting === 0 || now - this.saidAt < this.every) return 0;
    const told = this.waiting;
    this.waiting = 0;
    this.saidAt = now;
    return told;
  }
}
