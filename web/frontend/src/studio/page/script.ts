// The text for when somebody is at risk: read in a dialog, and kept that it was.
import { ask, close } from "./dialog.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

/** Let the text be read, by whoever has its dialog. */
export function offerScript(view: View, server: Server): void {
  view.on("script", () => ask("script-dialog"));
  view.on("script-read", () => void keep(view, server));
}

async function keep(view: View, server: Server): Promise<void> {
  const version = Number(view.root.dataset["script"]);
  const answer = await server.post(`${view.facts.api}/readiness/script`, { version });
  close("script-dialog");
  if (answer.ok) {
    view.say(view.word("script_read"));
    view.root.dispatchEvent(new Event("stale"));
  } else view.refuse(view.word("refused"), reasonsOf(answer, view.word("no_answer")));
}
