// Follows the audience state: the server's word on whether it is live, and how many are there.
import { faceOf, type Face } from "./faces.ts";
import { fill } from "./facts.ts";
import type { Server } from "./server.ts";
import type { View } from "./view.ts";

const EVERY_MS = 2_000;

/** The part of the audience state that the studio reads. */
export interface State {
  state: string;
  interrupted: boolean;
  viewers: number | string | null;
  started_at: string | null;
  ends_at: string;
}

/** Ask again and again; `tell` hears every answer. */
export function followAudience(server: Server, url: string, tell: (state: State, face: Face) => void): void {
  const ask = async () => {
    const answer = await server.get(url);
    if (answer.ok) tell(answer.body as unknown as State, faceOf(String(answer.body["state"])));
    setTimeout(() => void ask(), EVERY_MS);
  };
  setTimeout(() => void ask(), EVERY_MS);
}

/** Say how many watch; below ten nobody is counted out. */
export function viewersWords(viewers: State["viewers"], view: View): string {
  if (viewers === null || viewers === undefined) return view.word("viewers_none");
  if (typeof viewers === "string" || viewers < 10) return view.word("viewers_few");
  return fill(view.word("viewers"), { viewers });
}
