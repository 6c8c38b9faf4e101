/** A line of captions; times in milliseconds of the replay. */
export interface Cue {
  start_ms: number;
  end_ms: number;
  text: string;
}

const TIME = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?$/;
const SHORTEST = 100;

/** Write a place as it is typed: 65250 → "1:05.250"; the twin of `clock_ms` in streams/captions/rules.py. */
export function clockMs(milliseconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [seconds, rest] = [Math.floor(milliseconds / 1000), milliseconds % 1000];
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(seconds % 60)}.${String(rest).padStart(3, "0")}`;
}

/** Read a typed place in milliseconds; null when it is no time. */
export function readClock(typed: string): number | null {
  const found = TIME.exec(typed.trim().replaceAll("：", ":"));
  if (!found) return null;
  const [hours, minutes, seconds] = [1, 2, 3].map((group) => Number(found[group] ?? 0)) as [number, number, number];
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + Number((found[4] ?? "0").padEnd(3, "0"));
}

/** Return words as the server keeps them: no space at the ends, no empty rows. */
export function plain(text: string): string {
  const rows = text.split("\n").map((row) => row.trim().split(/\s+/).join(" "));
  return rows.filter((row) => row !== "").join("\n");
}

/** Split a line where the cursor stands; each part gets its share of the time. Null: one part would be empty. */
export function split(cue: Cue, at: number): [Cue, Cue] | null {
  const [before, after] = [plain(cue.text.slice(0, at)), plain(cue.text.slice(at))];
  const room = cue.end_ms - cue.start_ms;
  if (!before || !after || room < 2 * SHORTEST) return null;
  const share = Math.round((room * before.length) / (before.length + after.length));
  const middle = cue.start_ms + Math.min(Math.max(share, SHORTEST), room - SHORTEST);
  return [
    { ...cue, end_ms: middle, text: before },
    { ...cue, start_ms: middle, text: after },
  ];
}

/** Join a line with the one after it; Chinese has no space between them. */
export function join(cue: Cue, next: Cue, language: string): Cue {
  const between = language.startsWith("zh") ? "" : " ";
  const text = [cue.text, next.text].map((words) => plain(words).split("\n").join(between)).join(between);
  return { start_ms: cue.start_ms, end_ms: Math.max(cue.end_ms, next.end_ms), text };
}

/** Move the beginning or the end of a line, as far as a line and the recording allow. */
export function shift(cue: Cue, edge: "start_ms" | "end_ms", by: number, length: number): Cue {
  const wanted = cue[edge] + by;
  const within =
    edge === "start_ms"
      ? Math.min(Math.max(wanted, 0), cue.end_ms - SHORTEST)
      : Math.max(Math.min(wanted, length), cue.start_ms + SHORTEST);
  return { ...cue, [edge]: within };
}

export function same(one: Cue | null, other: Cue | null): boolean {
  if (!one || !other) return one === other;
  return one.start_ms === other.start_ms && one.end_ms === other.end_ms && one.text === other.text;
}
