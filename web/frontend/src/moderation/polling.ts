// Asks for something that has a version, again and again, in hidden windows as well.
import { Ticker } from "../studio/stage/ticker.ts";

const PATIENCE_MS = 4_000;
const GONE = new Set([401, 403, 404]);

/** Hears what is new; `lost` that nobody answers, or that this person may not ask any more. */
export interface Listener<T> {
  told(news: T): void;
  lost(isOver: boolean): void;
}

/** Ask `address()` every `ms` milliseconds; what has not changed is not told again. */
export function poll<T>(address: () => string, ms: number, listener: Listener<T>): () => Promise<void> {
  let [tag, asked, busy] = ["", "", false];
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const url = address();
      if (url !== asked) [tag, asked] = ["", url];
      const answer = await fetch(url, {
        cache: "no-store",
        headers: tag ? { Accept: "application/json", "If-None-Match": tag } : { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.ok && url === address()) {
        tag = answer.headers.get("ETag") ?? "";
        listener.told((await answer.json()) as T);
      } else if (answer.status !== 304 && !answer.ok) listener.lost(GONE.has(answer.status));
    } catch {
      listener.lost(false);
    } finally {
      busy = false;
    }
  };
  new Ticker(ms, () => void look());
  return look;
}
