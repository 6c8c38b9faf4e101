/** What the page shows; the same names as `streams.phases` renders on the server. */
export type Phase =
  | "before"
  | "opening"
  | "live"
  | "interrupted"
  | "ended"
  | "review"
  | "replay"
  | "cancelled"
  | "missed"
  | "gone";

/** Phases in which a person can press play. */
export const PLAYABLE: ReadonlySet<Phase> = new Set<Phase>(["live", "interrupted", "review", "replay"]);

/** The part of the audience state that the page follows. */
export interface Audience {
  state: string;
  interrupted: boolean;
  viewers?: number | string | null;
  /** How many pages one beat stands for (see `beat.ts`). */
  sample?: number;
  playback_url: string | null;
  starts_at: string;
}

/** Say what the page shows for an audience state; the crew may look at a recording before its release. */
export function phaseOf(audience: Audience, crew = false): Phase {
  const { state, playback_url: url } = audience;
  if (state === "live") return audience.interrupted ? "interrupted" : url ? "live" : "opening";
  if (state === "published") return url ? "replay" : "ended";
  if (state === "ended" && url && crew) return "review";
  if (state === "ended" || state === "cancelled" || state === "missed") return state;
  return "before";
}

const DONE: ReadonlySet<Phase> = new Set<Phase>(["cancelled", "missed", "gone"]);

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Milliseconds until the state is asked for again. */
export function pause(phase: Phase, untilStart: number, hidden: boolean, failures: number): number {
  if (failures > 0) return Math.min(30 * SECOND, 2 ** failures * SECOND);
  if (phase === "replay" || DONE.has(phase)) return MINUTE;
  if (hidden) return 15 * SECOND;
  if (phase === "before") return untilStart > 15 * MINUTE ? 10 * SECOND : 2 * SECOND;
  return 1.5 * SECOND; // an approved question is on every page within three, the second at the edge included
}

/** Minutes until the start in whole steps, or null when the page should name day and hour instead. */
export function minutesLeft(untilStart: number): number | null {
  const minutes = Math.ceil(untilStart / MINUTE);
  return minutes > 90 ? null : Math.max(0, minutes);
}
