// Speaks with the server for the studio: JSON in and out, with the token of the page.

/** An answer; `status` 0 means that nobody answered: the network is away. */
export interface Answer {
  status: number;
  ok: boolean;
  body: Record<string, unknown>;
}

const PATIENCE_MS = 15_000;

/** One page's way to the server. */
export class Server {
  private readonly headers: Record<string, string>;

  constructor(token: string, language: string) {
    this.headers = { "X-CSRFToken": token, "Accept-Language": language, Accept: "application/json" };
  }

  get(url: string): Promise<Answer> {
    return this.ask("GET", url);
  }
  post(url: string, body?: unknown): Promise<Answer> {
    return this.ask("POST", url, body);
  }
  put(url: string, body?: unknown): Promise<Answer> {
    return this.ask("PUT", url, body);
  }
  patch(url: string, body: unknown): Promise<Answer> {
    return this.ask("PATCH", url, body);
  }
  /** Send a file as it is, however long it takes. */
  upload(url: string, file: File): Promise<Answer> {
    return this.ask("PUT", url, file);
  }
  remove(url: string): Promise<Answer> {
    return this.ask("DELETE", url);
  }

  private async ask(method: string, url: string, body?: unknown): Promise<Answer> {
    const headers = { ...this.headers };
    const options: RequestInit = { method, headers, cache: "no-store" };
    if (body instanceof File) {
      options.body = body;
      headers["Content-Type"] = body.type || "application/octet-stream";
    } else {
      options.signal = AbortSignal.timeout(PATIENCE_MS);
      if (body !== undefined) options.body = JSON.stringify(body);
      if (body !== undefined) headers["Content-Type"] = "application/json";
    }
    try {
      const answer = await fetch(url, options);
      const read = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
      return { status: answer.status, ok: answer.ok, body: read };
    } catch {
      return { status: 0, ok: false, body: {} };
    }
  }
}

/** The reasons of a refusal as sentences: every named item, else the one sentence there is. */
export function reasonsOf(answer: Answer, otherwise: string): string[] {
  const errors = answer.body["errors"];
  const named = Array.isArray(errors) ? (errors as { message?: string }[]).flatMap((one) => one.message ?? []) : [];
  if (named.length > 0) return named;
  const detail = answer.body["detail"];
  return [typeof detail === "string" && detail ? detail : otherwise];
}
