import type { Handout, Handouts } from "./handouts.ts";
import { pause, type Audience } from "./phases.ts";
import type { Polls, Poll } from "./polls.ts";
import type { Questions, QuestionsState } from "./questions.ts";
import type { Room } from "./room.ts";
import type { SoFar, SoFarChapter } from "./so_far.ts";

/** Everything that the audience state tells. */
export type State = Audience & QuestionsState & { poll: Poll | null; chapters?: SoFarChapter[]; handouts?: Handout[] | null };

/** The parts of the page that follow the state; a replay has nothing of a room beside it. */
export interface Parts {
  room: Room;
  questions: Questions | null;
  polls: Polls | null;
  soFar: SoFar | null;
  handouts: Handouts | null;
}

/** Ask for the audience state again and again, sooner when something is about to happen. */
export function follow(url: string, parts: Parts): void {
  const { room } = parts;
  const asking = new Asking(url, parts);
  let [failures, timer] = [0, 0];
  const later = () => {
    clearTimeout(timer); // one question at a time, whoever asked for it
    const wait = pause(room.phase, room.startsAt - Date.now(), document.hidden, failures);
    timer = window.setTimeout(ask, wait * (0.9 + Math.random() / 5)); // pages that were held up together spread again
  };
  const ask = async () => {
    try {
      failures = (await asking.once()) ? 0 : failures + 1;
    } catch {
      failures += 1; // the network is away; what plays from the buffer goes on
    }
    later();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    clearTimeout(timer);
    void ask();
  });
  void ask();
}

/** Asks with the tag of the state that is on the page: nothing new is an answer without a body. */
class Asking {
  private readonly url: string;
  private readonly parts: Parts;
  private tag = "";

  constructor(url: string, parts: Parts) {
    this.url = url;
    this.parts = parts;
  }

  async once(): Promise<boolean> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.tag) headers["If-None-Match"] = this.tag;
    const answer = await fetch(this.url, { headers, cache: "no-store" });
    if (answer.status === 304) this.parts.room.tick();
    else if (answer.status === 404) this.parts.room.lose();
    else if (answer.ok) {
      this.show((await answer.json()) as State);
      this.tag = answer.headers.get("ETag") ?? "";
    }
    return answer.ok || answer.status === 304;
  }

  private show(state: State): void {
    const { room, questions, polls, soFar, handouts } = this.parts;
    room.follow(state);
    questions?.follow(state);
    polls?.follow(state.poll);
    soFar?.follow(state.chapters ?? []); // an edge may still keep a state of the release before
    handouts?.follow(state.handouts ?? null);
  }
}
