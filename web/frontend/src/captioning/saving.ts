import type { Cue } from "./cues.ts";

/** What became of a correction. */
export type Outcome =
  | { kind: "saved"; lines: number; looked: number }
  | { kind: "changed"; theirs: Cue[] }
  | { kind: "refused"; why: string };

interface Answer {
  lines: number;
  looked_at: number;
  items: Cue[];
}

interface Problem {
  detail?: string;
  errors?: { message: string }[];
}

const PAUSE_MS = 3000;

/** Sends corrections one after another; without a connection each is sent again until it arrives. */
export class Saver {
  /** Told whenever the connection goes or comes back. */
  waits: (waiting: boolean) => void = () => undefined;
  private readonly url: string;
  private readonly token: string;
  private last: Promise<unknown> = Promise.resolve();
  private open = 0;

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** Whether something is on its way. */
  get busy(): boolean {
    return this.open > 0;
  }

  send(was: Cue[], now: Cue[]): Promise<Outcome> {
    this.open += 1;
    const sent = this.last.then(() => this.deliver(was, now)).finally(() => (this.open -= 1));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async deliver(was: Cue[], now: Cue[]): Promise<Outcome> {
    for (;;) {
      const answer = await this.once("PATCH", this.url, { was, now });
      if (answer === null || answer.status >= 500) {
        this.waits(true);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        continue;
      }
      this.waits(false);
      if (answer.ok) {
        const { lines, looked_at } = (await answer.json()) as Answer;
        return { kind: "saved", lines, looked: looked_at };
      }
      if (answer.status === 409) return { kind: "changed", theirs: await this.theirs(was) };
      const problem = (await answer.json().catch(() => ({}))) as Problem;
      return { kind: "refused", why: problem.errors?.[0]?.message ?? problem.detail ?? "" };
    }
  }

  /** Ask for what stands now where `was` stood. */
  private async theirs(was: Cue[]): Promise<Cue[]> {
    const from = Math.min(...was.map((cue) => cue.start_ms));
    const to = Math.max(...was.map((cue) => cue.end_ms));
    if (was.length === 0) return [];
    const answer = await this.once("GET", `${this.url}?from_ms=${from}&to_ms=${to}`);
    const items = answer?.ok ? ((await answer.json()) as Answer).items : [];
    return items.map(({ start_ms, end_ms, text }) => ({ start_ms, end_ms, text }));
  }

  private async once(method: string, url: string, body?: object): Promise<Response | null> {
    const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": this.token };
    if (body) headers["Content-Type"] = "application/json";
    try {
      return await fetch(url, { method, headers, body: body ? JSON.stringify(body) : null, cache: "no-store" });
    } catch {
      return null;
    }
  }
}
