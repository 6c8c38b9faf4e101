// Where a moment of a recording lies in a list of its segments: the same moment lies elsewhere once its start
// has been cut off. Times are milliseconds since 1970, places seconds of the recording.

import { indexAt } from "./chapters.ts";

/** Return the place of `moment` in a media playlist; null when the playlist tells no times. */
export function placeOf(playlist: string, moment: number): number | null {
  let [at, place] = [NaN, 0];
  for (const line of playlist.split("\n")) {
    if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) at = Date.parse(line.slice(line.indexOf(":") + 1));
    if (!line.startsWith("#EXTINF:")) continue;
    const seconds = Number.parseFloat(line.slice("#EXTINF:".length));
    if (moment < at) return place; // it was cut off, or nothing was sent then: what follows is next
    if (moment < at + seconds * 1000) return place + (moment - at) / 1000;
    at += seconds * 1000;
    place += seconds;
  }
  return Number.isNaN(at) ? null : place;
}

/** A segment that has been listed; times in seconds of the video, its date in milliseconds since 1970. */
export interface Listed {
  start: number;
  duration: number;
  programDateTime: number | null;
}

/** Return where `moment` lies among the segments of what is live; null when it is older than all of them. */
export function placeAmong(listed: readonly Listed[], moment: number): number | null {
  const dated = listed.map(({ programDateTime }) => ({ second: programDateTime ?? -Infinity }));
  const segment = listed[indexAt(dated, moment)];
  if (!segment || segment.programDateTime === null) return null;
  return segment.start + Math.min((moment - segment.programDateTime) / 1000, segment.duration);
}

/** Ask the master playlist at `address` and the first list it names; null when they do not answer. */
export async function findPlace(
  address: string,
  moment: number,
  ask: (address: string) => Promise<Response> = (url) => fetch(url, { cache: "no-store" }),
): Promise<number | null> {
  try {
    const uri = (await textOf(ask(address))).split("\n").find((line) => line !== "" && !line.startsWith("#"));
    if (uri === undefined) return null;
    return placeOf(await textOf(ask(new URL(uri, new URL(address, location.href)).href)), moment);
  } catch {
    return null;
  }
}

async function textOf(coming: Promise<Response>): Promise<string> {
  const answer = await coming;
  return answer.ok ? answer.text() : "";
}
