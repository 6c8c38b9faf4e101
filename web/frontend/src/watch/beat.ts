/** What the beats need to know of the page. */
export interface Watched {
  readonly playsLive: boolean;
  readonly sample: number;
}

export const MINUTE = 60_000;

/**
 * Let the page be counted while it plays live: once a minute, with a chance of one in `sample`.
 *
 * Nothing is sent along. In public even the cookie stays here; what is for one organisation needs it,
 * and the token that goes with it. The first beat comes at any moment of a minute, so that the beats
 * of many pages that began together are spread.
 */
export function beat(url: string, token: string, page: Watched): void {
  const say = () => {
    if (page.playsLive && isDrawn(page.sample, Math.random())) void fetch(url, request(token)).catch(() => null);
  };
  setTimeout(() => {
    say();
    setInterval(say, MINUTE);
  }, Math.random() * MINUTE);
}

/** Tell whether this page speaks for `sample` of them, by a number from 0 to 1 (without 1). */
export function isDrawn(sample: number, lot: number): boolean {
  return lot * Math.max(1, sample) < 1;
}

/** Return how a beat is sent; one that gets lost is not sent again. */
export function request(token: string): RequestInit {
  if (!token) return { method: "POST", credentials: "omit" };
  return { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token } };
}
