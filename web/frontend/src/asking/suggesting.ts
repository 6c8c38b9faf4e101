// Whoever is about to ask is shown what was answered already. The text goes in a body and not in an
// address, which servers write down; it goes without cookies, and is not kept.
const ENOUGH = 12; // characters; Chinese says as much in half of them
const REST = 700; // milliseconds without a key

interface Found {
  items: { page_url: string; question: Record<string, string> }[];
}

/** Look for answers that fit what stands in the field of `form`. */
export function bindSuggesting(form: HTMLFormElement): void {
  const [field, place] = [form.querySelector("textarea"), form.querySelector<HTMLElement>("[data-suggest]")];
  const list = place?.querySelector("ul");
  if (!field || !place || !list) return;
  let [timer, asked] = [0, ""];
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      const text = field.value.trim();
      if (text === asked) return;
      asked = text;
      const found = isEnough(text) ? await answersLike(place.dataset["suggest"] ?? "", text) : [];
      if (field.value.trim() !== text) return; // somebody writes on
      list.replaceChildren(...found);
      place.hidden = found.length === 0;
    }, REST);
  });
}

export function isEnough(text: string): boolean {
  const han = text.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  return text.length + han >= ENOUGH;
}

async function answersLike(url: string, text: string): Promise<HTMLElement[]> {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ q: text }), credentials: "omit" });
    return answer.ok ? ((await answer.json()) as Found).items.map(line) : [];
  } catch {
    return []; // asking goes on without
  }
}

function line(item: Found["items"][number]): HTMLElement {
  const [row, link] = [document.createElement("li"), document.createElement("a")];
  const language = document.documentElement.lang;
  const shown = language in item.question ? language : (Object.keys(item.question)[0] ?? language);
  link.href = new URL(item.page_url).pathname.replace(/^/, location.pathname.startsWith("/zh/") ? "/zh" : "");
  link.target = "_blank"; // what was typed stays
  link.rel = "noopener";
  link.lang = shown;
  link.textContent = item.question[shown] ?? "";
  row.append(link);
  return row;
}
