// The PDF of the slides: shown from here at once, and kept on the server for the next reload.
import type { Picture } from "./picture.ts";
import { reasonsOf, type Server } from "./server.ts";
import type { View } from "./view.ts";

/** Let the host add, replace and remove slides. */
export function offerSlides(view: View, server: Server, picture: Picture): void {
  const field = view.part<HTMLInputElement>("slides-file");
  const { slides } = picture.stage;
  field?.addEventListener("change", () => void take());
  view.on("slides-remove", () => void drop());
  void recall();

  async function take(): Promise<void> {
    const file = field?.files?.[0];
    if (!field || !file) return;
    try {
      await slides.open(file);
    } catch (fault) {
      return said(fault instanceof Error ? fault.message : "");
    } finally {
      field.value = "";
    }
    picture.show("slides_camera");
    draw(file.name);
    said(view.word("slides_adding"));
    const answer = await server.upload(`${view.facts.slidesUrl}?name=${encodeURIComponent(file.name)}`, file);
    said(answer.ok ? view.word("slides_done") : (reasonsOf(answer, view.word("slides_failed"))[0] ?? ""));
  }

  async function drop(): Promise<void> {
    slides.close();
    picture.show("camera");
    draw("");
    const answer = await server.remove(view.facts.slidesUrl);
    said(view.word(answer.ok || answer.status === 404 ? "slides_gone" : "slides_failed"));
    field?.focus();
  }

  /** Open what was added before this page was loaded. */
  async function recall(): Promise<void> {
    const name = view.root.dataset["slidesName"] ?? "";
    if (!name) return;
    try {
      const answer = await fetch(view.facts.slidesUrl);
      if (!answer.ok) return;
      await slides.open(Object.assign(await answer.blob(), { name }));
    } catch (fault) {
      said(fault instanceof Error ? fault.message : "");
    }
    picture.draw();
  }

  function draw(name: string): void {
    view.write("slides-name", name || view.word("slides_none"));
    view.write("slides-label", view.word(name ? "slides_replace" : "slides_add"));
    const remove = view.button("slides-remove");
    if (remove) remove.hidden = name === "";
    picture.draw();
  }

  function said(words: string): void {
    view.write("slides-said", words);
  }
}
