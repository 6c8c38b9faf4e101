// How much the line carries upwards: random bytes are posted for some seconds and thrown away.
import type { StageWords, Uplink, UplinkVerdict } from "./types.ts";

/** One post: its bytes and how long it took in milliseconds. */
export interface Post {
  bytes: number;
  ms: number;
}

const FIRST_BYTES = 32 << 10;
const MOST_BYTES = 512 << 10; // a form may have 1 MB at the edge
const AIM_MS = 700; // long enough for the way there and back to count little
const SECONDS = 5;
const MOST_POSTS = 16; // enough for a rate, also on a fast line
const GIVE_UP_MS = 15_000;

/** Kilobits per second. The studio sends 2.6 Mbit/s at 720p; the line is shared and wavers. */
export const NEEDED = { good: 4_000, tight: 2_800 };

/** Say what a rate is good for. */
export function judge(kbits: number): UplinkVerdict {
  if (kbits <= 0) return "failed";
  if (kbits >= NEEDED.good) return "good";
  return kbits >= NEEDED.tight ? "tight" : "poor";
}

/** Return kilobits per second: all posts together but the first, which opens the connection. */
export function rateOf(posts: readonly Post[]): number {
  const counted = posts.length > 1 ? posts.slice(1) : posts;
  const bytes = counted.reduce((sum, one) => sum + one.bytes, 0);
  const ms = counted.reduce((sum, one) => sum + one.ms, 0);
  return ms > 0 ? Math.round((bytes * 8) / ms) : 0;
}

/** Return how many bytes to post next, so that a post takes a good half second. */
export function nextSize(last: Post | undefined): number {
  if (!last) return FIRST_BYTES;
  const aimed = (last.bytes / Math.max(1, last.ms)) * AIM_MS;
  return Math.round(Math.min(MOST_BYTES, last.bytes * 4, Math.max(FIRST_BYTES, aimed)));
}

/** Return the sentence of a verdict with its figure, as the language of the page writes numbers. */
export function sentence(kbits: number, words: StageWords["uplink"], language: string): string {
  const digits = kbits < 10_000 ? 1 : 0;
  const rate = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return words[judge(kbits)].replace("{rate}", rate.format(kbits / 1000));
}

/** Where to post, and what proves that the page is ours. */
export interface Door {
  url: string;
  token: string;
}

/** Measure the line; never rejects. */
export async function testUplink(door: Door, words: StageWords["uplink"], seconds = SECONDS): Promise<Uplink> {
  const language = document.documentElement.lang || "en";
  const end = performance.now() + seconds * 1000;
  const posts: Post[] = [];
  while (posts.length < MOST_POSTS && performance.now() < end) {
    const one = await post(door, nextSize(posts.at(-1)));
    if (!one) break; // a limit, or the line is gone: what was measured before counts
    posts.push(one);
  }
  const kbits = rateOf(posts);
  return { kbits, verdict: judge(kbits), words: sentence(kbits, words, language) };
}

async function post({ url, token }: Door, bytes: number): Promise<Post | null> {
  const headers = { "X-CSRFToken": token, "Content-Type": "application/octet-stream" };
  const body = noise(bytes);
  const begun = performance.now();
  try {
    const options = { method: "POST", headers, body, cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) } as const;
    const answer = await fetch(url, options);
    return answer.ok ? { bytes, ms: performance.now() - begun } : null;
  } catch {
    return null;
  }
}

/** Random bytes: no proxy on the way can make them smaller. */
function noise(bytes: number): Blob {
  const piece = 65_536; // no more is given at once
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes; at += piece) pieces.push(crypto.getRandomValues(new Uint8Array(Math.min(piece, bytes - at))));
  return new Blob(pieces);
}
