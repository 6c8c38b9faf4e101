// The editors' forms: leaving with unsaved changes asks first, and introductions are counted while typing.
import { countOf, fits } from "./editing/counts.ts";

const form = document.querySelector<HTMLFormElement>("[data-editing]");

if (form) {
  let changed = document.querySelector("#faults") === null && form.querySelector("[name=over_draft]") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  for (const area of form.querySelectorAll<HTMLTextAreaElement>("[data-count]")) {
    const line = form.querySelector(`[data-count-of="${CSS.escape(area.name)}"]`);
    const now = line?.querySelector("[data-count-now]");
    area.addEventListener("input", () => {
      const count = countOf(area.value, area.dataset["count"] ?? "words");
      if (now) now.textContent = String(count);
      line?.classList.toggle("count--off", !fits(count, area.dataset));
    });
  }
}
document.querySelector<HTMLElement>("#faults")?.focus();
