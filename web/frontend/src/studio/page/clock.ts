// What the clocks of the studio say. Pure: every moment is an argument, in milliseconds.
import { clock } from "../../player/times.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Before the end of the plan, when the host is told. */
export const SOON = 5 * MINUTE;
/** After the end of the plan, when the server ends it; `streams.life.rules.OVERRUN`. */
export const OVERRUN = 30 * MINUTE;

/** Write a span as `4:05` or `1:04:05`; what is less than a second ago is 0. */
export function span(ms: number): string {
  return clock(ms / SECOND);
}

/** What the clock of the green room shows: a countdown, a day that is far, or how late it is. */
export interface Countdown {
  kind: "far" | "in" | "late";
  text: string;
}

/** Return the countdown; from two days on the moment itself says more than hours do. */
export function countdown(startsAt: number, now: number): Countdown {
  const left = startsAt - now;
  if (left > 48 * HOUR) return { kind: "far", text: "" };
  if (left > 0) return { kind: "in", text: span(left + SECOND - 1) };
  return { kind: "late", text: span(-left) };
}

/** How the plan stands while on air: what is left, and whether it is time to say so. */
export interface Plan {
  text: string;
  over: boolean;
  say: "" | "soon" | "over";
}

export function plan(endsAt: number, now: number): Plan {
  const left = endsAt - now;
  const over = left <= 0;
  return { text: span(Math.abs(left)), over, say: over ? "over" : left <= SOON ? "soon" : "" };
}

/** Whole minutes by which going live now is early; 0 from a minute before the start on. */
export function minutesEarly(startsAt: number, now: number): number {
  const left = startsAt - now;
  return left < MINUTE ? 0 : Math.round(left / MINUTE);
}

/** Write a moment as hours and minutes in a zone. */
export function hourOf(moment: number, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", zone ? { ...options, timeZone: zone } : options).format(moment);
}
