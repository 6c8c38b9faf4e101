// Opens, closes and releases prepared polls without leaving the page: it may be sending.
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

/** Let the buttons of polls work; the parts of the page are asked for anew afterwards. */
export function offerPolls(view: View, server: Server): void {
  const polls = view.root.querySelector<HTMLElement>("[data-polls]");
  polls?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-poll-act]") : null;
    if (!button) return;
    const { poll, pollAct } = button.dataset;
    button.disabled = true;
    void server.post(`${view.facts.api}/polls/${poll ?? ""}/${pollAct ?? ""}`).then((answer) => {
      button.disabled = false;
      view.say(answer.ok ? "" : reasonsOf(answer, view.word("no_answer")).join(" "));
      view.root.dispatchEvent(new Event("stale"));
    });
  });
}
