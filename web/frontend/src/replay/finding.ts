/** A part of a line; `found` where it is what was looked for. */
export interface Piece {
  text: string;
  found: boolean;
}

const SHORTEST_WORD = 2; // single letters of a phrase that is nowhere would mark everything

/** Return what marks `wanted` in `texts`: the phrase or, where it stands in none, any of its words; null for neither. */
export function patternFor(wanted: string, texts: readonly string[]): RegExp | null {
  const words = wanted.split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const single = words.filter((word) => word.length >= SHORTEST_WORD);
  const any = [...(single.length > 0 ? single : words)].sort((one, other) => other.length - one.length);
  const patterns = [words.map(escaped).join("\\s+"), any.map(escaped).join("|")];
  const found = patterns.map((source) => new RegExp(`(${source})`, "iu"));
  return found.find((pattern) => texts.some((text) => pattern.test(text))) ?? null;
}

/** Cut a line so that what was found can be marked. */
export function piecesOf(text: string, pattern: RegExp | null): Piece[] {
  if (pattern === null) return [{ text, found: false }];
  const parts = text.split(pattern).map((part, at) => ({ text: part, found: at % 2 === 1 }));
  return parts.filter((part) => part.text !== "");
}

/** Return the place to go to from `current` (an index of a line) among lines where it stands, in order, and round. */
export function stepFrom(places: readonly number[], current: number, step: 1 | -1): number {
  const after = step === 1 ? places.findIndex((line) => line > current) : places.findLastIndex((line) => line < current);
  if (after >= 0) return after;
  return step === 1 ? 0 : places.length - 1;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
