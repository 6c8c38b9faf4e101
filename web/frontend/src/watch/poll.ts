import { pause, type Audience } from "./phases.ts";
import type { Room } from "./room.ts";

/** Ask for the audience state again and again, sooner when something is about to happen. */
export function follow(url: string, room: Room): void {
  let [failures, timer] = [0, 0];
  const later = () => {
    clearTimeout(timer); // one question at a time, whoever asked for it
    timer = window.setTimeout(ask, pause(room.phase, room.startsAt - Date.now(), document.hidden, failures));
  };
  const ask = async () => {
    try {
      failures = (await once(url, room)) ? 0 : failures + 1;
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

async function once(url: string, room: Room): Promise<boolean> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (response.status === 404) room.lose();
  else if (response.ok) room.follow((await response.json()) as Audience);
  return response.ok;
}
