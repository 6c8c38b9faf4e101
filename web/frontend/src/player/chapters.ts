/** A part of a replay; it ends where the next one begins. */
export interface Chapter {
  second: number;
  title: string;
}

const FRESH = 3; // seconds into a chapter within which "previous" means the one before

/** Return the index of what is on at `second` among beginnings in order; -1 before the first. */
export function indexAt(beginnings: readonly { second: number }[], second: number): number {
  let [low, high] = [0, beginnings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((beginnings[middle]?.second ?? 0) <= second) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Return where the chapter before or after `second` begins; null where there is none. */
export function neighbour(chapters: readonly Chapter[], second: number, step: 1 | -1): number | null {
  const here = indexAt(chapters, second);
  if (step === 1) return chapters[here + 1]?.second ?? null;
  const start = chapters[here]?.second;
  if (start !== undefined && second - start > FRESH) return start;
  return chapters[Math.max(here - 1, 0)]?.second ?? null;
}
