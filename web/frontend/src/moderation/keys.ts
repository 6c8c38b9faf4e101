// What a key does at the desk. Pure.

/** Go through the queue, leave a field, or press what carries the letter. */
export type DeskAct = "next" | "previous" | "leave" | { press: string };

const LETTERS = new Set("anhmpwrcdbzu?");

/** Return what `key` does; a field keeps its keys, and only Escape leaves it. */
export function deskAct(key: string, control: string, modified: boolean): DeskAct | null {
  if (modified) return null;
  if (key === "Escape") return "leave";
  if (control === "text" || control === "select") return null;
  const letter = key.length === 1 ? key.toLowerCase() : "";
  if (letter === "j") return "next";
  if (letter === "k") return "previous";
  return LETTERS.has(letter) ? { press: letter } : null;
}

/** Return the id beside `open` in the queue; from nowhere the first or the last. */
export function beside(ids: readonly string[], open: string, step: 1 | -1): string | null {
  const at = ids.indexOf(open);
  if (at < 0) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[at + step] ?? null;
}
