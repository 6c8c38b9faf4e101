// The health of the connection in plain words. Pure.
import type { SendingState } from "../sending/types.ts";
import { fill, type Words } from "./facts.ts";

const BEHIND = 4; // seconds; less than this is how chunks travel

/** What the host reads about the connection. */
export function health(state: Pick<SendingState, "phase" | "unsentSeconds" | "lastAckAt" | "refusal">, words: Words): string {
  const seconds = Math.round(state.unsentSeconds);
  switch (state.phase) {
    case "recording":
    case "catching_up":
      if (seconds >= BEHIND) return fill(words["health_behind"], { seconds });
      return words[state.lastAckAt === null ? "health_starting" : "health_good"] ?? "";
    case "offline":
      return words["health_offline"] ?? "";
    case "stopping":
      return words["health_stopping"] ?? "";
    case "refused":
      return fill(words["health_refused"], { why: state.refusal?.words ?? "" });
    case "elsewhere":
      return words["elsewhere"] ?? "";
    default:
      return words["health_idle"] ?? "";
  }
}
