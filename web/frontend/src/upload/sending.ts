// Sends a file in parts that the server numbers; what it holds already is not sent again.

/** What the server knows of an upload. */
export interface Upload {
  id: string;
  part_size: number;
  parts_held: number[];
  size: number;
  state: "open" | "received" | "importing" | "done" | "failed" | "cancelled";
  progress: number;
  reason: string;
}

/** A refusal with words for the person, or 0 when nobody answered. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Speaks with the server about uploads of one livestream. */
export class Door {
  private readonly base: string;
  private readonly headers: Record<string, string>;

  constructor(base: string, token: string, language: string) {
    this.base = base;
    this.headers = { "X-CSRFToken": token, "Accept-Language": language };
  }

  begin(file: File): Promise<Upload> {
    return this.ask("POST", "", JSON.stringify({ name: file.name, size: file.size }), "application/json");
  }
  read(id: string): Promise<Upload> { return this.ask("GET", `/${id}`); }
  complete(id: string): Promise<Upload> { return this.ask("POST", `/${id}/complete`); }
  cancel(id: string): Promise<Upload> { return this.ask("DELETE", `/${id}`); }
  part(id: string, number: number, data: Blob, signal: AbortSignal): Promise<Upload> {
    return this.ask("PUT", `/${id}/parts/${number}`, data, "application/octet-stream", signal);
  }

  private async ask(method: string, path: string, body?: BodyInit, type?: string, signal?: AbortSignal): Promise<Upload> {
    const headers = { ...this.headers };
    if (type) headers["Content-Type"] = type;
    const options: RequestInit = { method, headers, cache: "no-store" };
    if (body !== undefined) options.body = body;
    if (signal) options.signal = signal;
    const answer = await fetch(this.base + path, options).catch((fault: unknown) => {
      if (signal?.aborted) throw fault;
      throw new Refused(0, "");
    });
    if (answer.ok) return await answer.json() as Upload;
    const problem = await answer.json().catch(() => ({})) as { detail?: string; errors?: { message: string }[] };
    const words = (problem.errors ?? []).map((one) => one.message).join(" ");
    throw new Refused(answer.status, words || (problem.detail ?? ""));
  }
}

/** Return the numbers of the parts that are still to be sent. */
export function missingParts(upload: Upload): number[] {
  const held = new Set(upload.parts_held);
  const count = Math.ceil(upload.size / upload.part_size);
  return Array.from({ length: count }, (_, number) => number).filter((number) => !held.has(number));
}

/** Tell whether the same request may go well a little later. */
export function isPassing(fault: unknown): boolean {
  return fault instanceof Refused && (fault.status === 0 || fault.status === 429 || fault.status >= 500);
}

const WAITS_MS = [1000, 2000, 5000, 10000];

/** Return how long to wait after a number of failures in a row. */
export function waitAfter(failures: number): number {
  return WAITS_MS[Math.min(failures, WAITS_MS.length) - 1] ?? 1000;
}
