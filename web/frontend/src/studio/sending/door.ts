// The server's door for chunks: requests to answers that say what to do next.

const LEAST_MS = 5000; // a cut network is noticed after this
const MOST_MS = 300_000;
const CAUTION = 4; // a request may take so many times longer than the measured rate says

/** What a request came to. */
export type Answer =
  | { kind: "taken"; next: number; durableThrough: number }
  | { kind: "gap"; next: number }
  /** The server has no recording that this chunk would go on with; perhaps because another one sends. */
  | { kind: "headless"; anotherSends: boolean }
  | { kind: "later"; afterMs: number } // it answered, but cannot take anything now
  | { kind: "away" } // nobody answered
  | { kind: "refused"; status: number; code: string; words: string };

interface Body { next?: number; durable_through?: number; code?: string; detail?: string; another_sends?: boolean }

const PASSING = new Set([408, 425, 429]);

export class Door {
  private readonly url: string;
  private readonly ask: typeof fetch;

  constructor(url: string, ask: typeof fetch = (input, init) => fetch(input, init)) {
    this.url = url;
    this.ask = ask;
  }

  /** Ask where to go on. */
  place(signal: AbortSignal): Promise<Answer> {
    return this.go("", { method: "GET", signal });
  }

  /** Send a chunk; a repeat has the same bytes. */
  put(number: number, bytes: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const headers = { "Content-Type": "application/octet-stream" };
    return this.go(`/${number}`, { method: "PUT", body: bytes as Uint8Array<ArrayBuffer>, headers, signal });
  }

  private async go(path: string, options: RequestInit): Promise<Answer> {
    try {
      const headers = { ...options.headers, "Accept-Language": languageOfPage() };
      const response = await this.ask(this.url + path, { cache: "no-store", credentials: "omit", ...options, headers });
      const body = await response.json().catch(() => ({})) as Body; // a proxy answers with a page
      const pause = Number(response.headers.get("Retry-After"));
      return answerOf(response.status, body, Number.isFinite(pause) ? pause : 0);
    } catch {
      return { kind: "away" };
    }
  }
}

/** Say what a status and a body mean. */
export function answerOf(status: number, body: Body, retryAfter = 0): Answer {
  if (status < 300 && body.next !== undefined) {
    return { kind: "taken", next: body.next, durableThrough: body.durable_through ?? -1 };
  }
  if (status === 409 && body.next !== undefined) return { kind: "gap", next: body.next };
  if (status === 422 && body.code === "not_a_recording") return { kind: "headless", anotherSends: body.another_sends === true };
  if (status < 400 || status >= 500 || PASSING.has(status)) return { kind: "later", afterMs: retryAfter * 1000 };
  return { kind: "refused", status, code: body.code ?? "", words: body.detail ?? "" };
}

/** Return how long a request may take, in milliseconds; after time-outs in a row it is given more. */
export function patience(bytes: number, bitsPerSecond: number, timeouts: number): number {
  const expected = bitsPerSecond ? (bytes * 8000) / bitsPerSecond : 0;
  return Math.min(MOST_MS, Math.max(LEAST_MS, expected * CAUTION) * 2 ** Math.min(timeouts, 8));
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2000; // a host on air comes back within this

/** Return how long to wait after failures in a row; `chance` is 0 to 1, so that senders spread. */
export function backoff(failures: number, chance: number): number {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return most * (0.5 + chance / 2);
}

function languageOfPage(): string {
  return typeof document === "undefined" ? "en" : document.documentElement.lang || "en";
}
