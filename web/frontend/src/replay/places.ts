/** Where a person stopped in one livestream: seconds, and the day (since 1970) she was there. */
export type Place = readonly [second: number, day: number];

/** Where somebody stopped, by the id of the livestream; kept in this browser alone. */
export type Places = Record<string, Place>;

const KEY = "places";
const OFF = "places_off";
const WITH_EXIT = "places_exit";
const MOST = 60;
const DAYS = 90;
const DAY_MS = 86_400_000;
const BEGINNING = 20; // seconds within which nobody needs to be brought back
const END = 15; // seconds before the end from which on it was seen

/** Read what is kept; what makes no sense or is old is left out. */
export function readPlaces(text: string | null, today: number): Places {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
  const entries = Object.entries((stored ?? {}) as Record<string, unknown>).filter((entry): entry is [string, Place] => {
    const [second, day] = Array.isArray(entry[1]) ? (entry[1] as unknown[]) : [];
    return Number.isInteger(second) && Number.isInteger(day) && today - Number(day) <= DAYS;
  });
  return Object.fromEntries(entries);
}

/** Return the places with the one of `id` at `second` of `last`; who saw it to its end, or barely began, has none. */
export function withPlace(places: Places, id: string, second: number, last: number, today: number): Places {
  const { [id]: _gone, ...others } = places;
  if (second < BEGINNING || second > last - END) return others;
  const kept = Object.entries(others).sort(([, one], [, other]) => other[1] - one[1]);
  return Object.fromEntries([[id, [Math.floor(second), today]], ...kept.slice(0, MOST - 1)]);
}

const today = () => Math.floor(Date.now() / DAY_MS);

/** Return the second at which somebody stopped in a livestream; 0 when there is none. */
export function recallPlace(id: string): number {
  return allPlaces()[id]?.[0] ?? 0;
}

/** Keep where somebody is, unless she said no. */
export function keepPlace(id: string, second: number, last: number): void {
  if (isKept()) store(KEY, JSON.stringify(withPlace(allPlaces(), id, second, last, today())));
}

/** Forget one livestream. */
export function forgetPlace(id: string): void {
  const { [id]: _gone, ...others } = allPlaces();
  store(KEY, JSON.stringify(others));
}

/** Forget every livestream. */
export function forgetPlaces(): void {
  store(KEY, null);
}

export function allPlaces(): Places {
  return readPlaces(recall(KEY), today());
}

/** Whether places are kept in this browser. */
export function isKept(): boolean {
  return recall(OFF) === null;
}

/** Keep places from now on, or forget them all and keep none. */
export function letKeep(kept: boolean): void {
  store(OFF, kept ? null : "1");
  if (!kept) forgetPlaces();
}

/** Whether Quick exit forgets them. */
export function goesWithExit(): boolean {
  return recall(WITH_EXIT) !== null;
}

export function letGoWithExit(goes: boolean): void {
  store(WITH_EXIT, goes ? "1" : null);
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is forbidden: nothing is kept.
  }
}
