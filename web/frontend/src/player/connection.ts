/** The part of a resource's timing that tells how fast it came; times in milliseconds, size in bytes. */
export interface Fetched {
  transferSize: number;
  requestStart: number;
  responseEnd: number;
}

const TELLING = 30_000; // bytes; of something smaller only the waiting is measured
const MODEST = 0.8; // what one fetch reached is not what the next one will

/** Return the bits per second that the connection has shown, modestly; null when nothing tells. */
export function shownRate(fetched: readonly Fetched[]): number | null {
  const rates = fetched
    .filter(({ transferSize, requestStart, responseEnd }) => transferSize >= TELLING && responseEnd > requestStart)
    .map((one) => (one.transferSize * 8 * 1000) / (one.responseEnd - one.requestStart));
  return rates.length > 0 ? Math.round(Math.max(...rates) * MODEST) : null;
}

/** Return what the fetches of this page have shown so far. */
export function pageRate(): number | null {
  return shownRate(performance.getEntriesByType("resource") as PerformanceResourceTiming[]);
}
